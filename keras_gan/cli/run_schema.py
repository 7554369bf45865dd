"""What the files of a run folder hold, as far as they are read again."""

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

VERSION = 1  # of the format; a file that names none is of the first
MOST = 16 * 2**20  # bytes of a file of JSON, of which objects take many times as many
FILES = (
    "config.json",
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
    """Refuses folders of a run file's name, pipes, and the like, before the run is touched.

    Raises:
        ValueError: With the first of them.
    """
    for names, is_folder in ((FILES, False), (FOLDERS, True)):
        for name in names:
            problem = problem_of_kind(folder / name, is_folder)
            if problem is not None:
                raise ValueError(
                    f"{folder / name} cannot belong to a run of keras-gan train, for {problem}: "
                    f"move it away."
                )


def read_object(path: pathlib.Path, fields: dict | None = None) -> dict:
    """The object in a JSON file of a run.

    Args:
        path: The file.
        fields: What it holds, by name; `None` for anything.

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
            f"{path} is damaged: {error}. Remove it, or put the whole one back."
        ) from (error)


def timing_in(folder: pathlib.Path) -> dict:
    """What `timing.json` has of the parts of a run that are done; empty where there is none.

    Raises:
        ValueError: If it is damaged; the message says that time would then be counted anew.
    """
    path = folder / "timing.json"
    if not path.exists():
        return {}
    try:
        return read_object(path, TIMING)
    except ValueError as error:
        raise ValueError(f"{error} Without it, time counts anew.") from error
