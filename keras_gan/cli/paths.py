"""Paths on the command line: what exists, and what was probably meant."""

import os
import pathlib
from collections.abc import Iterable

from keras_gan.arguments import near_path


def hint(name: str, others: Iterable[str] = ()) -> str:
    """`" (did you mean …?)"` with the nearest path, run or other name; `""` if none is near.

    Args:
        name: What was received.
        others: Names that are not paths, such as those of presets. Defaults to none.
    """
    runs = pathlib.Path("runs")
    in_runs = {}
    if os.sep not in name and runs.is_dir():
        in_runs = {each.name: str(each) for each in runs.iterdir()}
    found = near_path(name, [*others, *in_runs])
    for short, path in in_runs.items():
        if found == f" (did you mean {short!r}?)" and short not in others:
            return f" (did you mean {path!r}?)"
    return found


def check_run(path: str) -> None:
    """Refuses a path that is not a folder, and suggests a similar one.

    Args:
        path: What was received as a run folder.

    Raises:
        ValueError: If it is a file, or does not exist.
    """
    if os.path.isfile(path):
        raise ValueError(f"{path} is not a run folder but a file: name the folder of a run.")
    near = "" if os.path.exists(path) else hint(path)
    if near:
        raise ValueError(f"There is no run folder {path}{near}.")


def check_output(flag: str, path: str | os.PathLike) -> None:
    """Refuses a path that cannot be written, before any work is done for it.

    Args:
        flag: The flag that gave the path, for the message.
        path: The file to write.

    Raises:
        ValueError: For a folder, a path through a file, or missing permissions.
    """
    path = pathlib.Path(path)
    if path.is_dir():
        raise ValueError(f"{flag} {path} is a folder: name a file in it.")
    above = next((each for each in path.parents if each.exists()), pathlib.Path("."))
    if not above.is_dir():
        raise ValueError(f"{flag} {path} cannot be written: {above} is a file, not a folder.")
    if not os.access(path if path.exists() else above, os.W_OK):
        raise ValueError(f"{flag} {path} cannot be written: its permissions do not allow it.")
