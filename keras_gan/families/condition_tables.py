"""Condition vectors of a run: a table with some numbers for each sample, such as attributes."""

import csv
import io
import os
import pathlib

import numpy as np

from keras_gan.arguments import near_path
from keras_gan.data.array_files import array_in, is_array_file
from keras_gan.files.limits import present
from keras_gan.files.regular_files import NoPlainFileError, content_of
from keras_gan.texts import in_short

SHOWN = 8  # different vectors in a picture, a column each


def vectors_of(settings, count: int) -> np.ndarray:
    """The condition vectors of all samples of a run, float32 `(count, d)`.

    Args:
        settings: The run's settings, of which `conditions` and `dataset` count.
        count: The number of samples.

    Raises:
        ValueError: For a table that cannot be read, that lacks a sample, or has others than finite
            numbers.
    """
    path = settings.conditions
    names, vectors = _table(path)
    if names is not None and os.path.isdir(settings.dataset):
        vectors = vectors[_rows(path, names, pathlib.Path(settings.dataset))]
    if len(vectors) != count:
        raise ValueError(
            f"--conditions {path} has {len(vectors)} rows, but {settings.dataset} has {count} "
            f"samples: it needs one row for each, in their order."
        )
    broken = ~np.isfinite(vectors).all(axis=1)
    if broken.any():
        raise ValueError(
            f"--conditions {path} has NaN or infinity for {int(broken.sum())} samples, first for "
            f"number {int(np.argmax(broken)) + 1}: fill them in, or leave these samples out."
        )
    return vectors


def dim_in(path: str) -> int:
    """How many numbers the condition vectors in a table have."""
    return _table(path)[1].shape[1]


def _table(path: str) -> tuple[list[str] | None, np.ndarray]:
    """The names of samples in a table, if it has such a column, and its numbers `(n, d)`."""
    if is_array_file(path):
        found = array_in(path)
        found = found[:, None] if found.ndim == 1 else found
        if found.ndim != 2 or found.dtype.kind not in "biuf" or not found.size:
            raise ValueError(
                f"--conditions {path} must be an array (n, d) of numbers; received {found.dtype} "
                f"of shape {found.shape}."
            )
        return None, found.astype("float32")
    if not path.lower().endswith(".csv") or not os.path.isfile(path):
        reason = "is no .csv, .npy or .npz file" if os.path.exists(path) else "is not there"
        raise ValueError(f"--conditions {path} {reason}{near_path(path)}.")
    try:
        text = content_of(pathlib.Path(path), present().max_bytes).decode("utf-8-sig")
    except (UnicodeDecodeError, OSError, NoPlainFileError) as error:
        raise ValueError(f"--conditions {path} cannot be read as text: {error}.") from error
    heading, *rows = [row for row in csv.reader(io.StringIO(text)) if row] or [[]]
    if not rows:
        raise ValueError(f"--conditions {path} needs a heading and at least one row below it.")
    named = not _is_number(rows[0][0])
    numbers = np.empty((len(rows), len(heading) - named), "float32")
    for i, row in enumerate(rows):
        cells = row[1:] if named else row
        if len(row) != len(heading) or not cells or not all(map(_is_number, cells)):
            raise ValueError(
                f"Row {i + 2} of --conditions {path} must have {numbers.shape[1]} numbers"
                f"{' after a file name' if named else ''}, as its heading says; received "
                f"{in_short(','.join(row))}."
            )
        numbers[i] = [float(cell) for cell in cells]
    return ([row[0].strip() for row in rows] if named else None), numbers


def _rows(path: str, names: list[str], folder: pathlib.Path) -> list[int]:
    """The row of each image of a folder, in the order in which `kg.data.load` reads them."""
    from keras_gan.data.picture_sets import SUFFIXES

    paths = sorted(each for each in folder.rglob("*") if each.suffix.lower() in SUFFIXES)
    inside = [each.relative_to(folder) for each in paths]
    inside = [each for each in inside if not any(part.startswith(".") for part in each.parts)]
    known = {name: row for row, name in enumerate(names)}
    found = [known.get(each.as_posix(), known.get(each.name)) for each in inside]
    missing = [str(each) for each, row in zip(inside, found, strict=True) if row is None]
    if missing:
        raise ValueError(
            f"--conditions {path} has no row for {missing[0]!r} in {str(folder)!r}, and for "
            f"{len(missing)} of {len(inside)} images: its first column must have their names."
        )
    return found


def _is_number(text: str) -> bool:
    """Whether a cell is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def asked_of(vectors: np.ndarray, n: int, seed: int) -> np.ndarray:
    """The conditions of n generated samples: as the data have them, drawn at random.

    Args:
        vectors: Those of the data, `(m, d)`.
        n: How many.
        seed: Integer that determines them.
    """
    return vectors[np.random.default_rng(seed).integers(0, len(vectors), n)]


def shown_of(vectors: np.ndarray) -> np.ndarray:
    """A few different vectors, those that most samples have first."""
    found, counts = np.unique(vectors, axis=0, return_counts=True)
    return found[np.argsort(-counts, kind="stable")][:SHOWN]
