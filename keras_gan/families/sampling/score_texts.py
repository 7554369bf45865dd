"""The scores of a generator as tables and sentences, for its card and the gallery.

The scores come from a card after `keras_gan.texts.escaped`.
"""

from keras_gan.metrics.names import what_distance
from keras_gan.texts import in_code


def table(scores: dict) -> list[str]:
    """The scores of a generator with explanations, in Markdown."""
    protocol = scores["protocol"]
    return [
        f"{in_code(scores['command'])}: {protocol['samples_on_either_side']:,} samples on either "
        f"side, compared in {space(protocol)}. The last column is what real samples score against "
        f"others of their kind.",
        "",
        "| score | this generator | real samples | |",
        "|---|---|---|---|",
        *(
            f"| {name} | {each['a_to_b']:.4g} | {each['b_to_b']:.4g} | {each['better']} |"
            for name, each in scores["figures"].items()
        ),
        "",
        *(f"- {note}" for note in _notes(scores)),
    ]


def _notes(scores: dict) -> list[str]:
    """Sentences about scores that the table does not show."""
    classes, training = scores["classes"], scores["in_training"]
    sentences = [] if classes is None else [coverage(classes)]
    if classes is not None and "label_accuracy" in classes:
        sentences.append(obedience(classes))
    if scores.get("probes") is not None:
        sentences.append(knowledge(scores["probes"]))
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
    protocol = scores["protocol"]
    what = what_distance(protocol["features"], protocol["features_version"])
    return [*sentences, *protocol["notes"], f"{what[0].upper()}{what[1:]}."]


def coverage(classes: dict) -> str:
    """A sentence about the modes or classes of the samples and of real ones."""
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


def obedience(classes: dict) -> str:
    """A sentence about the samples of the requested class."""
    return (
        f"Of {classes['samples']:,} samples, all classes asked for in turn, "
        f"{classes['label_accuracy']:.1%} are of the class that was asked for, as the "
        f"{classes['classifier']} sees them, which is right on "
        f"{classes['real']['label_accuracy']:.1%} of real images that it has not seen."
    )


def knowledge(probes: dict) -> str:
    """A sentence about what latent vectors of real samples tell about their classes."""
    return (
        f"Of {probes['test_samples']:,} {probes['test_data']} "
        f"{probes['nearest_neighbour_accuracy']:.1%} have the class of their nearest neighbour "
        f"among {probes['samples']:,} training images, by the encoder's latent vectors E(x) (by "
        f"the pixels themselves {probes['pixels']['nearest_neighbour_accuracy']:.1%}); a linear "
        f"classifier of E(x) is right on {probes['linear_probe_accuracy']:.1%} of them."
    )


def verdict(scores: dict) -> str:
    """How far the samples are from real ones, in plain words."""
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
            f"Of its samples {_share(figures['precision'], 'a_to_b')} lie where real ones do (of "
            f"real ones {_share(figures['precision'], 'b_to_b')})."
        )
    if "coverage" in figures:
        sentences.append(
            f"Near {_share(figures['coverage'], 'a_to_b')} of the real samples there is one of its "
            f"own (of other real ones {_share(figures['coverage'], 'b_to_b')})."
        )
    return " ".join(sentences)


def _share(figure: dict, column: str) -> str:
    """A score in per cent."""
    return f"{figure[column]:.0%}"


def space(protocol: dict) -> str:
    """The features in which samples are compared, in words."""
    if protocol["feature_space"].startswith("coordinates"):
        return "their coordinates"
    return (
        f"the {protocol['features_dim']} features of {in_code(protocol['features'])} "
        f"{protocol['features_version']} ({protocol['features_resize']})"
    )
