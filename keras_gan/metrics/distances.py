"""Squared distances between samples, a block of rows at a time: never the whole matrix."""

from collections.abc import Iterator

import numpy as np

from keras_gan.metrics import progress

BLOCK = 1000  # rows at a time: 400 MB against 50,000 samples
COLUMNS = 16  # of which a median is taken at a time
ROUNDING = 1e-12  # squared distances that are smaller, as a share of the squared lengths, are 0
HAIR = 2e-14  # likewise, of what rounding may do to a larger one


def middle(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The median of two sets in every dimension, `(d,)`, without a copy of them."""
    columns = range(0, x.shape[1], COLUMNS)
    parts = [
        np.median(np.concatenate([each[:, i : i + COLUMNS] for each in (x, y)]), axis=0)
        for i in columns
    ]
    return np.concatenate(parts)


def squared_lengths(x: np.ndarray, center) -> np.ndarray:
    """The squared length of every row from a centre, `(n,)`."""
    lengths = np.empty(len(x))
    for start in range(0, len(x), BLOCK):
        rows = slice(start, start + BLOCK)
        lengths[rows] = np.square(x[rows] - center).sum(axis=1)
    return lengths


def smallest(x: np.ndarray, numbers: list[int], block: int = BLOCK) -> np.ndarray:
    """The squared distances of every row to its nearest other rows, `(n, len(numbers))`.

    Args:
        x: Array `(n, d)`.
        numbers: Which neighbours, from 1.
        block: Rows at a time.
    """
    found, most = np.empty((len(x), len(numbers))), max(numbers)
    for rows, squared in distance_blocks(x, block=block):
        squared.partition(most - 1, axis=1)
        found[rows] = np.sort(squared[:, :most], axis=1)[:, [number - 1 for number in numbers]]
    return found


def distance_blocks(
    x: np.ndarray, y: np.ndarray | None = None, center=0.0, block: int = BLOCK
) -> Iterator[tuple[slice, np.ndarray]]:
    """Squared distances of some rows of x at a time to all of y: the rows and `(rows, m)`.

    All blocks share their memory, which page faults would make three times as slow: what is yielded
    holds until the next one.

    Args:
        x: Array `(n, d)`.
        y: Array `(m, d)`, or `None` for the other rows of x; every row is then infinitely far from
            itself.
        center: `(d,)`, what is taken off the rows of x first, where y is given.
        block: Rows at a time.
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
