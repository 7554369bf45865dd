"""Runs of a benchmark that are kept, a file each, so that what was cut off goes on."""

import json
import pathlib
from collections.abc import Callable

from keras_gan.files.atomic import write_json


def kept(folder: pathlib.Path, name: str, settings: dict, run: Callable[[], dict]) -> dict:
    """The result of a run: read if the folder has it, else computed and written.

    Args:
        folder: Where `name`.json lies or will lie.
        name: Of the run.
        settings: All that the run depends on, as JSON has it.
        run: Computes the result, as JSON has it.

    Raises:
        ValueError: If the folder has a run of that name under other settings.
    """
    path = folder / f"{name}.json"
    if path.exists():
        found = json.loads(path.read_text())
        if found["settings"] != settings:
            raise ValueError(
                f"{path} holds a run under other settings, {found['settings']}, than the present "
                f"{settings}: give another --folder, or remove that one."
            )
        return found["result"]
    result = run()
    folder.mkdir(parents=True, exist_ok=True)
    write_json(path, {"settings": settings, "result": result})
    return result
