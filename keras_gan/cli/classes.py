"""The names of classes in a run folder or on a card, and the numbers that they stand for."""

import pathlib

from keras_gan.arguments import unknown_name
from keras_gan.cli.run_schema import VERSION, read_object
from keras_gan.files.json_fields import integer, kind

NAME = "classes.json"
FIELDS = {
    "version": integer(least=1, needed=False),
    "names": kind(list, wanted="a list"),
}


def write_names(folder, data, settings) -> None:
    """Writes the names of a run's classes into its folder, if it has labels and they have names.

    Args:
        folder: The `RunFolder`.
        data: What the entry's `open` returned.
        settings: The run's settings.
    """
    names = getattr(data, "class_names", None) if settings.labels else None
    if names:
        folder.write_json(NAME, {"names": names, "version": VERSION})


def classes_of(run: pathlib.Path) -> dict:
    """The names of the classes of a run, as a card has them; `{}` without names."""
    path = pathlib.Path(run) / NAME
    return {"classes": _strings(read_object(path, FIELDS)["names"])} if path.is_file() else {}


def names_of(source: str) -> list[str]:
    """The names of the classes that a model makes; `[]` if they have none.

    Args:
        source: A run folder, its `model.keras`, or the name or folder of a preset.

    Raises:
        ValueError: If what holds them is damaged.
    """
    from keras_gan.cli.other_runs import is_preset, run_of

    if not is_preset(source):
        run = run_of(source)
        return [] if run is None else classes_of(run).get("classes", [])
    from keras_gan.cli.zoo.reading import card_in
    from keras_gan.zoo import presets

    with presets.opened(source) as (folder, content):
        if "card.json" not in content:
            return []
        return _strings(card_in(folder, content).get("classes", []))


def numbers_of(labels: list[str] | None, source: str) -> list[int] | None:
    """The numbers of classes, named or numbered.

    Args:
        labels: Numbers or names; `None` for all classes.
        source: As in `names_of`.

    Raises:
        ValueError: For a name that is none of the model's classes; the message has the nearest.
    """
    if labels is None:
        return None
    names = names_of(source)
    return [_number(label, names, source) for label in labels]


def asked_for(labels: list[str] | None, source: str, model) -> list | None:
    """What samples are to show: numbers of classes, or condition vectors.

    Args:
        labels: As `--labels` has them; `None` for all classes in turn.
        source: As in `names_of`.
        model: The model of this source.

    Raises:
        ValueError: As `numbers_of`; for a model of condition vectors also without labels, or for
            others than its vectors.
    """
    dim = getattr(model, "condition_dim", None)
    if dim is None:
        return numbers_of(labels, source)
    try:
        found = [[float(part) for part in label.split(",")] for label in labels or ()]
    except ValueError:
        found = []
    if not found or any(len(vector) != dim for vector in found):
        raise ValueError(
            f"The model of {source} takes condition vectors of {dim} numbers: name some with "
            f"--labels, each with commas between its numbers, such as "
            f"{','.join(['0'] * dim)}; received {' '.join(labels or ()) or 'none'}."
        )
    return found


def _number(label: str, names: list[str], source: str) -> int:
    if label in names:
        return names.index(label)
    try:
        return int(label)
    except ValueError:
        pass
    if not names:
        raise ValueError(
            f"The classes of {source} have numbers and no names: pass whole numbers with --labels; "
            f"received {label!r}."
        )
    raise unknown_name(f"class of {source}", label, names)


def _strings(found) -> list[str]:
    """A list of texts; anything else in it makes the list empty."""
    fits = isinstance(found, list) and all(isinstance(name, str) for name in found)
    return found if fits else []
