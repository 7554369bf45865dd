"""Runs that start from another run, whose data they take over, such as a prior of its codes."""

import pathlib

from keras_gan.cli.models import model_file
from keras_gan.cli.run_folder import RunFolder
from keras_gan.cli.settings import Settings, table
from keras_gan.families.places import located
from keras_gan.families.registry import ENTRIES
from keras_gan.families.setting import flag_of, in_flag
from keras_gan.texts import one_line


def naming_runs() -> list[str]:
    """The settings that name another run."""
    return [name for name, rule in table().items() if rule.names_run]


def place_of(source: str) -> str:
    """The absolute path of a run, file or folder; anything else as it is, such as a name."""
    path = pathlib.Path(source)
    return str(path.resolve()) if path.exists() else source


def started_from(settings: Settings, source: str) -> Settings:
    """The settings, with this run, file or preset in the place of each that they name."""
    named = [name for name in naming_runs() if getattr(settings, name) is not None]
    return settings.replaced(**dict.fromkeys(named, source))


def named_alone(settings: Settings) -> dict:
    """The settings by name, with the last part alone of paths of other runs, for a card."""
    found = settings.as_dict()
    for name in naming_runs():
        if found[name] is not None:
            found[name] = pathlib.Path(found[name]).name
    return found


def with_inherited(settings: Settings, given: dict) -> Settings:
    """The settings with those that the other run decides, such as its data.

    Args:
        settings: The run's settings.
        given: Those of flags and file, by name.

    Raises:
        ValueError: If there is no such run, if it is not finished, or if it is of other data than
            the given ones.
    """
    entry = ENTRIES[settings.recipe]
    for name in naming_runs():
        source = getattr(settings, name)
        if source is None or name not in entry.settings:
            continue
        if pathlib.Path(source).is_absolute() and not pathlib.Path(source).exists():
            raise ValueError(
                f"{one_line(source)}, from which this run starts, is not there any more: pass its "
                f"new place with {flag_of(name)}, and to go on with a run also --override data."
            )
        theirs = _settings_of(source, given.get("dataset"))
        for field in entry.inherits if theirs is not None else ():
            value = getattr(theirs, field)
            ours = getattr(settings, field) if field in given else value
            if (located(ours) if field == "dataset" else ours) != value:
                raise ValueError(
                    f"{flag_of(name)} {one_line(source)} is a run of {flag_of(field)} "
                    f"{one_line(in_flag(value))}; received {flag_of(field)} "
                    f"{one_line(in_flag(ours))}: leave "
                    f"that out."
                )
            settings = settings.replaced(**{field: value})
    return settings


def _settings_of(source: str, dataset: str | None = None) -> Settings | None:
    """The settings of a finished run or a preset; `None` for a model's file outside of a run.

    Args:
        source: A run folder, a `.keras` file, or the name or folder of a preset.
        dataset: The data that the user names. A card may name other data than the library's own,
            which are not read then: the user's are.

    Raises:
        ValueError: If there is no such thing, or a run is not finished.
    """
    if is_preset(source):
        return _of_preset(source, dataset)
    folder = run_of(source)
    if folder is None:
        return None
    if not (folder / "metrics.json").is_file():
        raise ValueError(
            f"The run in {one_line(folder)} is not finished: keras-gan train --resume "
            f"{one_line(folder)} finishes it."
        )
    return RunFolder.of_run(str(folder), lock=False)[1]


def run_of(source: str) -> pathlib.Path | None:
    """The folder of a run, named by itself or its model's file; `None` for a file elsewhere.

    Raises:
        ValueError: If there is no such thing.
    """
    path = model_file(source)
    is_of_run = path.name == "model.keras" and (path.parent / "config.json").is_file()
    return path.parent if is_of_run else None


def _of_preset(source: str, dataset: str | None) -> Settings:
    """The settings on the card of a preset.

    Raises:
        ValueError: If it has no card, or if that names data that are not the library's own and the
            user names none.
    """
    from keras_gan.cli.zoo.named_data import permitted
    from keras_gan.cli.zoo.reading import card_in, configuration
    from keras_gan.data.names import is_own
    from keras_gan.zoo import presets

    with presets.opened(source) as (folder, content):
        on_card = configuration(card_in(folder, content), source)
    own = {} if dataset is None or is_own(on_card.dataset) else {"dataset": dataset}
    return permitted(on_card, source, own)


def is_preset(source: str) -> bool:
    """Whether a preset has this name or folder."""
    from keras_gan.zoo import fetching, presets

    path = pathlib.Path(source)
    if path.exists():
        return (path / "checksums").is_file()
    return source.startswith(fetching.HUB) or source in presets.known()
