"""Images held as bytes that read as float32."""

from __future__ import annotations

import numpy as np

from keras_gan.data.images import signed_values


class Levels:
    """Images of 256 levels: bytes in memory, a quarter of it, and float32 in [-1, 1] when read.

    NumPy takes it for an array of floats. Rows are made floats when they are asked for, all of them
    only by `np.asarray`.

    Args:
        levels: uint8 array `(n, height, width, channels)`.

    Example:

    >>> x = Levels(np.array([0, 255], "uint8").reshape(2, 1, 1, 1))
    >>> x.shape, x[:1].ravel().tolist(), np.asarray(x).ravel().tolist()
    ((2, 1, 1, 1), [-1.0], [-1.0, 1.0])
    """

    dtype = np.dtype("float32")

    def __init__(self, levels: np.ndarray):
        self.levels = levels
        self.shape, self.ndim, self.size = levels.shape, levels.ndim, levels.size

    def __len__(self):
        return len(self.levels)

    def __getitem__(self, index) -> np.ndarray:
        return signed_values(self.levels[index])

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return self[:].astype(dtype or self.dtype, copy=False)

    def min(self, *args, **options):
        """Returns the lowest value, or those along an axis."""
        return signed_values(self.levels.min(*args, **options))

    def max(self, *args, **options):
        """Returns the highest value, or those along an axis."""
        return signed_values(self.levels.max(*args, **options))

    def mean(self, *args, **options):
        """Returns the mean, or means along an axis."""
        return np.asarray(self).mean(*args, **options)


def as_samples(given) -> np.ndarray | Levels:
    """Returns `Levels` as they are, and anything else as an array."""
    return given if isinstance(given, Levels) else np.asarray(given)
