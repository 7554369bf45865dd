"""Snapshots of averages: a file for each step, and what they are averages of."""

import io
import json
import pathlib
import re

import keras
import numpy as np
from keras import ops

from keras_gan.files.arrays import array_in_file
from keras_gan.files.atomic import write_together

FACTS = "averages.json"


def write_snapshot(folder: pathlib.Path, model: keras.Model) -> None:
    """Writes a model's present averages into a folder, with what they are averages of.

    Args:
        folder: An existing folder.
        model: A `GenerativeModel` with `average=kg.averages.Power(…)`.
    """
    average = model.average
    rows = [
        np.concatenate([np.ravel(ops.convert_to_numpy(each)) for each in floating(track)])
        for track in average.tracks
    ]
    step = int(ops.convert_to_numpy(average.updates))
    write_together(
        folder,
        {f"step_{step:09d}.npy": _npy(np.stack(rows)), FACTS: json.dumps(facts_of(model)).encode()},
    )


def facts_of(model: keras.Model) -> dict:
    """What snapshots in one folder have in common: lengths, shapes, and the model's seed."""
    average = model.average
    shapes = [list(each.shape) for each in floating(average.averages)]
    return {"lengths": average.decay.lengths, "shapes": shapes, "seed": model.seed}


def check_folder(folder: pathlib.Path, model: keras.Model) -> None:
    """Refuses a folder with snapshots of another model.

    Raises:
        ValueError: For other lengths, shapes or another seed.
    """
    if not (folder / FACTS).exists():
        return
    found, own = facts_in(folder), facts_of(model)
    for name, value in own.items():
        if found.get(name) != value:
            raise ValueError(
                f"{folder} has snapshots of another model, whose {name} differ: take another "
                f"folder, or the model and the seed that it is of."
            )


def begin_at(folder: pathlib.Path, step: int, is_first: bool = True) -> None:
    """Prepares a folder for a training that begins or goes on at a step.

    Snapshots up to this step are its own; later ones are of a part that was cut off, whose steps
    are taken again, and are deleted.

    Args:
        folder: An existing folder.
        step: The updates of the average so far.
        is_first: Whether this process deletes. Defaults to `True`.

    Raises:
        ValueError: For a folder with snapshots if the training begins at step 0.
    """
    found = snapshots_in(folder)
    if found and not step:
        raise ValueError(
            f"{folder} has {len(found)} snapshots of averages of an earlier training, up to step "
            f"{max(found)}, and this training begins at step 0, in a folder without any: take "
            f"another folder, remove these files, or go on from that training's state, which "
            f"kg.callbacks.Checkpoint keeps."
        )
    for at, path in found.items():
        if is_first and at > step:
            path.unlink(missing_ok=True)


def facts_in(folder: pathlib.Path) -> dict:
    """The facts in a folder of snapshots.

    Raises:
        ValueError: If they are missing or damaged.
    """
    path = folder / FACTS
    if not path.exists():
        raise ValueError(
            f"{folder} has no snapshots of averages: train with "
            f"kg.callbacks.AverageSnapshots(folder), of a model with "
            f"average=kg.averages.Power([0.05, 0.1])."
        )
    try:
        found = json.loads(path.read_text())
        return {name: found[name] for name in ("lengths", "shapes", "seed")}
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} is damaged: remove it, and train again.") from error


def snapshots_in(folder: pathlib.Path) -> dict[int, pathlib.Path]:
    """The files of the snapshots in a folder, by their steps."""
    found = {path: re.fullmatch(r"step_(\d{9,})\.npy", path.name) for path in folder.iterdir()}
    return {int(match[1]): path for path, match in found.items() if match and int(match[1])}


def rows_in(path: pathlib.Path, shape: tuple[int, int]) -> np.ndarray:
    """The averages in a snapshot, a row for each length.

    Args:
        path: The file.
        shape: How many lengths, and weights of each.

    Raises:
        ValueError: If it is damaged, or of another shape.
    """
    try:
        rows = array_in_file(path)
    except ValueError as error:
        raise ValueError(f"{path} cannot be read: {error}.") from error
    if rows.shape != shape:
        raise ValueError(f"{path} does not fit {FACTS} beside it: remove that file.")
    return rows


def floating(track: list) -> list:
    """The averages of floating-point weights; others are copies, which have no average."""
    return [each for each in track if keras.backend.is_float_dtype(each.dtype)]


def _npy(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()
