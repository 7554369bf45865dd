"""A preset's card: how it was trained and scored, for machines and for people."""

import json

from keras_gan.texts import escaped, in_code, one_line
from keras_gan.zoo.names import checked_name
from keras_gan.zoo.score_texts import table, translation_table, translation_verdict, verdict

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


def content(card: dict, name: str | None = None) -> dict[str, bytes]:
    """The files `card.json` and `card.md`.

    Args:
        card: What `card.json` holds.
        name: The preset's, as in `rendered`.
    """
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    return {"card.json": text.encode(), "card.md": rendered(card, name).encode()}


def rendered(card: dict, name: str | None = None) -> str:
    """The card as Markdown, in which all of its texts are shown as they are.

    Args:
        card: What `card.json` holds.
        name: The preset's, which is that of its folder; `None`, the default, takes the card's.

    Raises:
        ValueError: For a name that no preset may have.
    """
    name = checked_name(card["preset"] if name is None else name)
    code, card = usage(card, name), escaped(card)
    translates = kind_of(card) == "translator"
    training, scores, samples = card["training"], card["scores"], card["samples"]
    described = translation_table(scores) if translates else table(scores)
    said = translation_verdict(scores) if translates else verdict(scores)
    lines = [
        f"# {escaped(name)}",
        "",
        card["summary"],
        "",
        "```python",
        "import keras_gan as kg",
        "",
        *code,
        "```",
        "",
        f"![{caption(card)}](samples.png)",
        "",
        *([f"Rows: {samples['rows']}.", ""] if translates else []),
        "## Training",
        "",
        *rows(
            {
                "objective": card["objective"],
                **origins(card),
                "command": in_code(training["command"]),
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
        + ", ".join(
            in_code(f"{k}={v}") for k, v in training["configuration"].items() if v is not None
        )
        + ".",
        "",
        "## Scores",
        "",
        *described,
        "",
        "## Use and limits",
        "",
        card["use"],
        "",
        f"{card['limits']} {said}",
        "",
    ]
    return "\n".join(lines)


def kind_of(card: dict) -> str:
    """What the preset is; cards of generators need not say it."""
    return card.get("kind", "generator")


def usage(card: dict, name: str) -> list[str]:
    """How the preset makes what its picture shows, in lines of Python.

    Args:
        card: What `card.json` holds.
        name: The preset's.
    """
    samples = {key: in_python(value) for key, value in card["samples"].items()}
    if kind_of(card) == "translator":
        size = in_python(card["training"]["configuration"]["image_size"])
        return [
            f'translator = kg.Translator.from_preset("{name}")',
            f"x = kg.data.load({in_python(card['data']['name'])}, image_size={size})"
            f".batch({samples['count']})",
            'translator.translate(next(iter(x)), to="y")',
        ]
    return [
        f'kg.Generator.from_preset("{name}").generate({samples["count"]}, seed={samples["seed"]})'
    ]


def in_python(value) -> str:
    """A value of JSON as Python writes it, in one line; texts in double quotes."""
    is_text = isinstance(value, str)
    return one_line(json.dumps(value, ensure_ascii=False) if is_text else repr(value))


def caption(card: dict) -> str:
    """What the picture shows."""
    samples = card["samples"]
    if kind_of(card) == "translator":
        return f"{samples['count']} images of either set, translated"
    return f"{samples['count']} samples of seed {samples['seed']}"


def origins(card: dict) -> dict[str, str]:
    """Where the data come from, in rows of a table."""
    names = {"data": "data"} if kind_of(card) == "generator" else {"data": "x", "target": "y"}
    return {
        name: f"{card[key]['source']}; licence: {card[key]['licence']}"
        for key, name in names.items()
    }


def duration(seconds: float) -> str:
    """A time in words."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def rows(table: dict) -> list[str]:
    """A Markdown table of two columns."""
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in table.items())]
