"""Paths that the command line is given: what is there, and what is likely to have been meant."""

import os
import pathlib
from collections.abc import Iterable

from keras_gan.arguments import near_path


def hint(name: str, others: Iterable[str] = ()) -> str:
    """`" (did you mean …?)"` with the nearest path, run or other name; `""` where none is near.

    Args:
        name: What was received.
        others: Names that are no paths, such as those of presets.
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
    """Refuses a file, and a path that leads nowhere but nearly to something, as a run folder.

    Raises:
        ValueError: If so.
    """
    if os.path.isfile(path):
        raise ValueError(f"{path} is no run folder, for it is a file: name the folder of a run.")
    near = "" if os.path.exists(path) else hint(path)
    if near:
        raise ValueError(f"{path} is no run folder, for there is none{near}.")


def check_output(flag: str, path: str | os.PathLike) -> None:
    """Refuses a file to be written whose place cannot hold one, before any work is done for it.

    Raises:
        ValueError: For a folder, or a path through a file or into a folder that may not be written.
    """
    path = pathlib.Path(path)
    if path.is_dir():
        raise ValueError(f"{flag} {path} is a folder: name a file in it.")
    above = next((each for each in path.parents if each.exists()), pathlib.Path("."))
    if not above.is_dir():
        raise ValueError(f"{flag} {path} cannot be written: {above} is a file, not a folder.")
    if not os.access(path if path.exists() else above, os.W_OK):
        raise ValueError(f"{flag} {path} cannot be written: its permissions do not allow it.")
