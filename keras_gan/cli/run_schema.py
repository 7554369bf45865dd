"""The format of the files in a run folder that are read again."""

import pathlib

from keras_gan.files.json_fields import (
    NewerVersionError,
    SchemaError,
    check_fields,
    check_version,
    integer,
    kind,
    number,
    parsed,
    text,
)
from keras_gan.files.regular_files import NoPlainFileError, content_of, problem_of_kind

VERSION = 1  # of the format; a file without a version has the first
MOST = 16 * 2**20  # bytes of a JSON file, whose objects take many times as much memory
FILES = (
    "config.json",
    "classes.json",
    "model.keras",
    "history.csv",
    "samples.gif",
    "samples.png",
    "metrics.json",
    "timing.json",
)
FOLDERS = ("checkpoints", "samples", "logs", "evaluation")
TIMING = {
    "version": integer(least=1, needed=False),
    "seconds": number(least=0),
    "backend": text(),
    "machine": text(),
}
EVALUATION = {
    "final": kind(dict, type(None), wanted="an object or null"),
    "best": kind(dict, type(None), wanted="an object or null"),
    "best_by": text(),
    "real_to_real": kind(dict, wanted="an object"),
    "protocol": kind(dict, wanted="an object"),
    "curve": kind(list, wanted="a list"),
}


def check_kinds(folder: pathlib.Path) -> None:
    """Refuses a folder or pipe in the place of a run's file, before the run changes.

    Args:
        folder: The run's folder.

    Raises:
        ValueError: Names the first.
    """
    for names, is_folder in ((FILES, False), (FOLDERS, True)):
        for name in names:
            problem = problem_of_kind(folder / name, is_folder)
            if problem is not None:
                raise ValueError(
                    f"{folder / name} cannot belong to a run of keras-gan train, since {problem}: "
                    f"move it away."
                )


def read_object(path: pathlib.Path, fields: dict | None = None) -> dict:
    """Reads the object in a JSON file of a run.

    Args:
        path: The file.
        fields: Its fields, by name. Defaults to `None`: any.

    Raises:
        ValueError: If it is missing, damaged, or written by a later version of this library.
    """
    name = path.name
    try:
        given = parsed(content_of(path, MOST), name)
        check_version(given, VERSION)
        return given if fields is None else check_fields(given, fields, name)
    except FileNotFoundError:
        raise ValueError(f"There is no file {path}.") from None
    except NewerVersionError as error:
        raise ValueError(f"{path} cannot be used: {error}.") from error
    except (SchemaError, NoPlainFileError) as error:
        raise ValueError(
            f"{path} is damaged: {error}. Remove it, or restore it from a copy."
        ) from (error)


def timing_in(folder: pathlib.Path) -> dict:
    """The content of a run's `timing.json`; `{}` if there is no such file.

    Args:
        folder: The run's folder.

    Raises:
        ValueError: If it is damaged.
    """
    path = folder / "timing.json"
    if not path.exists():
        return {}
    try:
        return read_object(path, TIMING)
    except ValueError as error:
        raise ValueError(f"{error} Without it, the time counts from 0 again.") from error
