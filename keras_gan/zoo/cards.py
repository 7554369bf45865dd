"""A preset's card: how it was trained and scored, for machines and for people."""

import json

LICENCE = "Apache-2.0, as the package"  # of the weights

SOURCES = {  # of data sets: where they come from, and what their authors allow
    "ring": ("drawn from its formula: 8 Gaussians on the unit circle, σ = 0.01", "none needed"),
    "grid": ("drawn from its formula: 5 × 5 Gaussians, 2 apart, σ = 0.05", "none needed"),
    "digits": (
        "Optical Recognition of Handwritten Digits, Alpaydin and Kaynak 1998, UCI Machine Learning "
        "Repository, in scikit-learn's copy of its test set: 1,797 images of 8 × 8 pixels",
        "CC BY 4.0",
    ),
    "stacked_digits": (
        "stacks of three images of Optical Recognition of Handwritten Digits, Alpaydin and Kaynak "
        "1998, UCI Machine Learning Repository, in scikit-learn's copy of its test set",
        "CC BY 4.0",
    ),
    "mnist": (
        "MNIST, LeCun, Cortes and Burges 1998, training split of 60,000 images of 28 × 28 pixels",
        "CC BY-SA 3.0",
    ),
    "cifar10": (
        "CIFAR-10, Krizhevsky 2009, training split of 50,000 images of 32 × 32 pixels, in a copy "
        "whose images were re-encoded as JPEG, of which the samples bear the marks",
        "none stated by its author, who asks to be cited",
    ),
}


def content(card: dict) -> dict[str, bytes]:
    """The files `card.json` and `card.md`.

    Args:
        card: What `card.json` holds.
    """
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    return {"card.json": text.encode(), "card.md": rendered(card).encode()}


def rendered(card: dict) -> str:
    """The card as Markdown.

    Args:
        card: What `card.json` holds.
    """
    training, scores, samples = card["training"], card["scores"], card["samples"]
    protocol = scores["protocol"]
    lines = [
        f"# {card['preset']}",
        "",
        card["summary"],
        "",
        "```python",
        "import keras_gan as kg",
        "",
        f'kg.Generator.from_preset("{card["preset"]}").generate({samples["count"]}, '
        f"seed={samples['seed']})",
        "```",
        "",
        f"![{samples['count']} samples of seed {samples['seed']}](samples.png)",
        "",
        "## Training",
        "",
        *rows(
            {
                "objective": card["objective"],
                "data": f"{card['data']['source']}; licence: {card['data']['licence']}",
                "command": f"`{training['command']}`",
                "seed": training["seed"],
                "generator steps": f"{training['steps']:,}",
                "time": f"{duration(training['seconds'])}, scores in between included",
                "machine": f"{training['machine']}, {training['backend']}",
                "weights": f"{training['parameters']:,}, {training['generator']}; licence: "
                f"{LICENCE}",
                "versions": ", ".join(f"{k} {v}" for k, v in card["versions"].items()),
            }
        ),
        "",
        "Settings, as in a run's `config.json`: "
        + ", ".join(f"`{k}={v}`" for k, v in training["configuration"].items() if v is not None)
        + ".",
        "",
        "## Scores",
        "",
        f"`{scores['command']}`: {protocol['samples_on_either_side']:,} samples on either side, "
        f"compared in {space(protocol)}. The last column is what real samples score against others "
        f"of their kind.",
        "",
        "| score | this generator | real samples | |",
        "|---|---|---|---|",
        *(
            f"| {name} | {each['a_to_b']:.4g} | {each['b_to_b']:.4g} | {each['better']} |"
            for name, each in scores["figures"].items()
        ),
        "",
        *(f"- {note}" for note in notes(scores)),
        "",
        "## Use and limits",
        "",
        card["use"],
        "",
        f"{card['limits']} {verdict(scores)}",
        "",
    ]
    return "\n".join(lines)


def notes(scores: dict) -> list[str]:
    """What the table of scores does not show, in sentences."""
    classes, training = scores["classes"], scores["in_training"]
    sentences = [] if classes is None else [coverage(classes)]
    if training is not None and training["best"] is not None:
        name, final, best = training["best_by"], training["final"], training["best"]
        at_best = f"{best[name]:.4g} at best (epoch {best['epoch']})"
        at_the_end = f"{final[name]:.4g} at the end (epoch {final['epoch']})"
        if training.get("published") == "best":
            at_best += ", whose generator this is, picked by this very score,"
        else:
            at_the_end += ", whose generator this is, so that no score picks it"
        sentences.append(
            f"In training the {name} of {training['protocol']['samples_on_either_side']:,} samples "
            f"in the same features was {at_best} and {at_the_end}; real to real "
            f"{training['real_to_real'][name]:.4g}."
        )
    return [*sentences, *scores["protocol"]["notes"]]


def coverage(classes: dict) -> str:
    """Which modes or classes the samples belong to, beside real ones, in a sentence."""
    real, samples = classes["real"], f"{classes['samples']:,} samples"
    if classes["kind"] == "modes":
        return (
            f"{classes['modes']} of {classes['total']} modes have a sample within 3σ of them; "
            f"{classes['high_quality']:.1%} of {samples} are within 3σ of a mode (of real ones "
            f"{real['high_quality']:.1%}); KL from an even share of the modes {classes['kl']:.4f} "
            f"(real ones {real['kl']:.4f})."
        )
    right = ""
    if "classifier_accuracy" in classes:
        right = (
            f" that is right on {classes['classifier_accuracy']:.1%} of "
            f"{classes['classifier_judged_on']}"
        )
    recall = ""
    if "class_recall" in classes:
        recall = (
            f"; {classes['class_recall']:.1%} of the data's class shares are recalled, the sum "
            f"over classes of the smaller of both shares (by real ones {real['class_recall']:.1%})"
        )
    counts = f"; counts {', '.join(map(str, classes['counts']))}" if "counts" in classes else ""
    return (
        f"{classes['appearing']:,} of {classes['total']:,} classes appear among {samples} (a class "
        f"appears with at least {classes['least']} of them, a tenth of an even share; among real "
        f"ones {real['appearing']:,}), as seen by the {classes['classifier']}{right}; KL from an "
        f"even share of the classes {classes['kl']:.4f} (real ones {real['kl']:.4f})"
        f"{recall}{counts}."
    )


def duration(seconds: float) -> str:
    """A time in words."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def verdict(scores: dict) -> str:
    """How far the samples are from real ones, in words that hide nothing."""
    figures = scores["figures"]
    distance = figures["frechet_distance"]
    times = distance["a_to_b"] / max(distance["b_to_b"], 1e-12)
    sentences = [
        f"Its Fréchet distance, which compares means and covariances alone, is "
        f"{f'{times:,.0f}' if times >= 100 else f'{times:.3g}'} times the one between real samples "
        f"in these features and at this number."
    ]
    if "precision" in figures:
        sentences.append(
            f"Of its samples {share(figures['precision'], 'a_to_b')} lie where real ones do (of "
            f"real ones {share(figures['precision'], 'b_to_b')})."
        )
    if "coverage" in figures:
        sentences.append(
            f"Near {share(figures['coverage'], 'a_to_b')} of the real samples there is one of its "
            f"own (of other real ones {share(figures['coverage'], 'b_to_b')})."
        )
    return " ".join(sentences)


def share(figure: dict, column: str) -> str:
    """A figure in per cent."""
    return f"{figure[column]:.0%}"


def space(protocol: dict) -> str:
    """In which features samples are compared, in words."""
    if protocol["feature_space"].startswith("coordinates"):
        return "their coordinates"
    return (
        f"the {protocol['features_dim']} features of `{protocol['features']}` "
        f"{protocol['features_version']} ({protocol['features_resize']})"
    )


def rows(table: dict) -> list[str]:
    """A Markdown table of two columns."""
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in table.items())]
