"""Runs that are kept, one JSON file each, so that a benchmark goes on, and cells of its tables."""

import json
import pathlib
import statistics
from collections.abc import Callable

from keras_gan.files.atomic import write_atomically


def kept(folder: pathlib.Path, name: str, settings: dict, measure: Callable[[], dict]) -> dict:
    """What a run measured: from its file if it is there, otherwise measured and written.

    Args:
        folder: Where the files are.
        name: The file's name without its ending.
        settings: All that the result depends on. A file of other settings is refused.
        measure: From nothing to the result, made of what JSON has.

    Raises:
        SystemExit: If the file is of a run with other settings.
    """
    path = folder / f"{name}.json"
    if path.exists():
        found = json.loads(path.read_text())
        if found["settings"] != settings:
            raise SystemExit(
                f"{path} is of a run with other settings, {found['settings']}, than {settings}: "
                "take another --folder."
            )
        return found["result"]
    folder.mkdir(parents=True, exist_ok=True)
    result = measure()
    content = json.dumps({"settings": settings, "result": result}, indent=1)
    write_atomically(path, content.encode())
    return result


def spread(values: list, form: str) -> str:
    """The median and, in brackets, the least and the greatest."""
    low, high = min(values), max(values)
    return f"{statistics.median(values):{form}} ({low:{form}} to {high:{form}})"
