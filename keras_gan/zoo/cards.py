"""A preset's card: how it was trained and scored, for programs and for people."""

import json

from keras_gan.data.names import PACKAGED, PLANE, is_own
from keras_gan.texts import escaped, in_code
from keras_gan.zoo.kind_registry import CLASSES, kind_of
from keras_gan.zoo.names import checked_name

LICENCE = "Apache-2.0, as the package"  # of the weights

SOURCES = {  # by data set: where it comes from, and its licence
    **dict.fromkeys(PLANE, ("drawn from its formula", "none needed")),
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

OF_PACKAGES = {  # where pictures that are rendered from installed packages come from
    "glyphs": "letters and digits, rendered from the open fonts of Debian packages",
    "emoji": "the colour glyphs of Google's Noto Color Emoji, Debian's fonts-noto-color-emoji",
    "clipart": "drawings of the Open Clip Art Library, Debian's openclipart-png",
    "avatars": "faces of random attributes, rendered from the drawings of PyPI's python-avatars",
}


def source_of(name: str) -> tuple[str, str] | None:
    """Where a data set comes from and its licence; `None` for one that is not the library's own.

    The licence of what is rendered from packages is read from these.

    Args:
        name: The data set's name.

    Raises:
        ValueError: If packages that it needs are missing.
    """
    base = name.partition("/")[0]
    if base in PACKAGED and is_own(name):
        from keras_gan.data.packaged import known

        return OF_PACKAGES[base], known.licence(name)
    return SOURCES.get(name)


def content(card: dict, name: str | None = None) -> dict[str, bytes]:
    """The files `card.json` and `card.md`.

    Args:
        card: The content of `card.json`.
        name: The preset's name, as in `rendered`.
    """
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    return {"card.json": text.encode(), "card.md": rendered(card, name).encode()}


def rendered(card: dict, name: str | None = None, address: str | None = None) -> str:
    """The card as Markdown, with its texts escaped.

    Args:
        card: The content of `card.json`.
        name: The preset's name, which is the name of its folder. Defaults to `None`: the name on
            the card.
        address: What `from_preset` loads it by, if not by its name. Defaults to `None`.

    Raises:
        ValueError: For an invalid name or an unknown kind.
    """
    name = checked_name(card["preset"] if name is None else name)
    texts = CLASSES[kind_of(card)].texts
    code, parts, card = texts.usage(card, address or name), sections(card), escaped(card)
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
    ]
    for title, part in parts.items():
        lines += [f"## {title}", "", *part, ""]
    return "\n".join(lines)


def sections(card: dict) -> dict[str, list[str]]:
    """The sections of a card below its picture, each in lines of Markdown, by their titles.

    Args:
        card: The content of `card.json`.

    Raises:
        ValueError: For an unknown kind.
    """
    texts, card = CLASSES[kind_of(card)].texts, escaped(card)
    training, scores = card["training"], card["scores"]
    rows = {
        "objective": card["objective"],
        **_origins(card, texts.data_rows),
        **({"classes": ", ".join(card["classes"])} if card.get("classes") else {}),
        "command": in_code(training["command"]),
        "seed": training["seed"],
        texts.steps: f"{training['steps']:,}",
        "time": f"{_duration(training['seconds'])}, scores in between included",
        "machine": f"{training['machine']}, {training['backend']}",
        "weights": f"{training['parameters']:,}, {training['generator']}; licence: {LICENCE}",
        "versions": ", ".join(f"{k} {v}" for k, v in card["versions"].items()),
    }
    settings = f"Settings, as in a run's `config.json`: {_listed(training['configuration'])}."
    started = _started_from(training.get("started_from", {}))
    return {
        "Training": [*_rows(rows), "", settings, *started],
        "Scores": texts.table(scores),
        "Use and limits": [card["use"], "", f"{card['limits']} {texts.verdict(scores)}"],
    }


def _listed(configuration: dict) -> str:
    """Settings in a line."""
    return ", ".join(in_code(f"{k}={v}") for k, v in configuration.items() if v is not None)


def _started_from(runs: dict) -> list[str]:
    """The runs from which the training started, in lines of Markdown.

    Args:
        runs: Each with its `configuration`, `seconds` and `machine`, by the setting that names it.
    """
    lines = []
    for name, run in runs.items():
        lines += [
            "",
            f"It started from another run, {in_code(name)}, of {_duration(run['seconds'])} on "
            f"{run['machine']}, {run['backend']}. Its settings: {_listed(run['configuration'])}.",
        ]
    return lines


def _origins(card: dict, names: dict[str, str]) -> dict[str, str]:
    """Where the data come from, as rows of a table.

    Args:
        card: The content of `card.json`.
        names: The names of its data in the table.
    """
    return {
        name: f"{card[key]['source']}; licence: {card[key]['licence']}"
        for key, name in names.items()
        if key in card
    }


def _duration(seconds: float) -> str:
    """A time with its unit."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _rows(table: dict) -> list[str]:
    """A Markdown table of two columns."""
    return ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in table.items())]
