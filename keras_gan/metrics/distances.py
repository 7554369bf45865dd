"""Squared distances between samples, in blocks of rows instead of the whole matrix."""

from collections.abc import Iterator

import numpy as np

from keras_gan.metrics import progress

BLOCK = 1000  # rows at a time: 400 MB against 50,000 samples
COLUMNS = 16  # per median
ROUNDING = 1e-12  # relative to the squared lengths: smaller squared distances count as 0
HAIR = 2e-14  # relative to the squared lengths: the rounding error of larger ones


def middle(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The median of both sets together in each dimension, `(d,)`, without a copy of them."""
    columns = range(0, x.shape[1], COLUMNS)
    parts = [
        np.median(np.concatenate([each[:, i : i + COLUMNS] for each in (x, y)]), axis=0)
        for i in columns
    ]
    return np.concatenate(parts)


def squared_lengths(x: np.ndarray, center) -> np.ndarray:
    """The squared distance of each row from a centre, `(n,)`."""
    lengths = np.empty(len(x))
    for start in range(0, len(x), BLOCK):
        rows = slice(start, start + BLOCK)
        lengths[rows] = np.square(x[rows] - center).sum(axis=1)
    return lengths


def smallest(x: np.ndarray, numbers: list[int], block: int = BLOCK) -> np.ndarray:
    """The squared distances of each row to its nearest other rows, `(n, len(numbers))`.

    Args:
        x: Array `(n, d)`.
        numbers: The ranks of the neighbours; 1 is the nearest.
        block: Rows at a time. Defaults to 1000.
    """
    found, most = np.empty((len(x), len(numbers))), max(numbers)
    for rows, squared in distance_blocks(x, block=block):
        squared.partition(most - 1, axis=1)
        found[rows] = np.sort(squared[:, :most], axis=1)[:, [number - 1 for number in numbers]]
    return found


def nearest(x: np.ndarray, y: np.ndarray, center=0.0, block: int = BLOCK) -> tuple:
    """The nearest row of y of each row of x: its index, and its squared distance, both `(n,)`.

    Args:
        x: Array `(n, d)`.
        y: Array `(m, d)`, from which the centre has been subtracted.
        center: `(d,)`, subtracted from the rows of x. Defaults to 0.
        block: Rows at a time. Defaults to 1000.
    """
    indices, found = np.empty(len(x), int), np.empty(len(x))
    for rows, squared in distance_blocks(x, y, center, block):
        indices[rows], found[rows] = squared.argmin(axis=1), squared.min(axis=1)
    return indices, found


def distance_blocks(
    x: np.ndarray, y: np.ndarray | None = None, center=0.0, block: int = BLOCK
) -> Iterator[tuple[slice, np.ndarray]]:
    """Yields slices of rows of x, with their squared distances to all of y, `(rows, m)`.

    All blocks use the same memory, since new memory for each would be three times as slow: a block
    is valid until the next one.

    Args:
        x: Array `(n, d)`.
        y: Array `(m, d)`. Defaults to `None`: the rows of x, where the distance of a row to itself
            counts as infinite.
        center: `(d,)`, subtracted from the rows of x first if y is given. Defaults to 0.
        block: Rows at a time. Defaults to 1000.
    """
    itself = y is None
    y = x if itself else y
    x_lengths, y_lengths = squared_lengths(x, center), squared_lengths(y, 0.0)
    never_rounding = ROUNDING * (x_lengths.max() + y_lengths.max())
    memory = np.empty((min(block, len(x)), len(y)))
    for start in progress.each(range(0, len(x), block)):
        rows = slice(start, min(start + block, len(x)))
        squared = memory[: rows.stop - start]
        np.matmul(-2 * (x[rows] - center), y.T, out=squared)
        squared += x_lengths[rows, None]
        squared += y_lengths
        if itself:
            squared[np.arange(len(squared)), np.arange(rows.start, rows.stop)] = np.inf
        for i in np.flatnonzero(squared.min(axis=1) < never_rounding):
            squared[i, squared[i] < ROUNDING * (x_lengths[start + i] + y_lengths)] = 0.0
        yield rows, squared
