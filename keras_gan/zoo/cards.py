"""A preset's card: how it was trained and scored, for machines and for people."""

import json

from keras_gan.texts import escaped, in_code
from keras_gan.zoo.kinds import CLASSES, kind_of
from keras_gan.zoo.names import checked_name

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
        ValueError: For a name that no preset may have, or a kind that is not known.
    """
    name = checked_name(card["preset"] if name is None else name)
    texts = CLASSES[kind_of(card)].texts
    code, card = texts.usage(card, name), escaped(card)
    training, scores = card["training"], card["scores"]
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
        f"![{texts.caption(card)}](samples.png)",
        "",
        *texts.below_picture(card),
        "## Training",
        "",
        *rows(
            {
                "objective": card["objective"],
                **origins(card, texts.data_rows),
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
        *texts.table(scores),
        "",
        "## Use and limits",
        "",
        card["use"],
        "",
        f"{card['limits']} {texts.verdict(scores)}",
        "",
    ]
    return "\n".join(lines)


def origins(card: dict, names: dict[str, str]) -> dict[str, str]:
    """Where the data come from, in rows of a table.

    Args:
        card: What `card.json` holds.
        names: What its data are called in the table.
    """
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
