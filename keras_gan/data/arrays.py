"""Data sets from arrays that are already in memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from keras_gan.data.images import check_values
from keras_gan.data.lazy import tf


def from_arrays(source: Any, labels: bool) -> tf.data.Dataset:
    """Builds a data set from an array of images or points, or from a pair of data and labels.

    Args:
        source: `x` or `(x, y)`. `x` is uint8 images `(n, height, width[, channels])`, float images
            of the same shapes in [-1, 1], or float points `(n, dim)`; `y` is integers `(n,)`.
        labels: whether to yield pairs; a `y` that is not asked for is left out.

    Raises:
        ValueError: for empty data, a wrong shape, type or range, NaN, or labels that do not match.
    """
    x, y = source if isinstance(source, tuple) and len(source) == 2 else (source, None)
    x = _samples(x)
    if not labels:
        return tf.data.Dataset.from_tensor_slices(x)
    if y is None:
        raise ValueError("labels=True needs a pair of arrays (x, y); received x alone.")
    return tf.data.Dataset.from_tensor_slices((x, _classes(y, len(x))))


def in_memory(x: Any) -> np.ndarray:
    """Returns the samples that `from_arrays` makes of an array, images scaled to [-1, 1].

    Raises:
        ValueError: as `from_arrays`.
    """
    x = _samples(x)
    return np.float32(x) / np.float32(127.5) - np.float32(1) if x.dtype == np.uint8 else x


def _samples(x: Any) -> np.ndarray:
    if not hasattr(x, "__array__"):
        raise ValueError(
            f"Received {type(x).__name__} as a data set; allowed are a name, a folder, an array or "
            "a pair of arrays (x, y). A tf.data.Dataset goes to kg.data.batches directly."
        )
    x = np.asarray(x)
    if x.size == 0:
        raise ValueError(f"The data set is empty: received an array of shape {x.shape}.")
    if x.dtype != np.uint8 and not np.issubdtype(x.dtype, np.floating):
        raise ValueError(
            f"Received an array of {x.dtype}; allowed are uint8 images in 0..255, float images in "
            "[-1, 1] and float points. Convert it with astype."
        )
    is_points = x.ndim == 2 and x.dtype != np.uint8
    if not is_points and x.ndim not in (3, 4):
        raise ValueError(
            f"Received a {x.dtype} array of shape {x.shape}; allowed are images (n, height, width) "
            "or (n, height, width, channels), and float points (n, dim)."
        )
    if x.ndim == 3:
        x = x[..., None]
    if x.dtype != np.uint8:
        x = x.astype(np.float32, copy=False)
        check_values(x)
    return x


def _classes(y: Any, count: int) -> np.ndarray:
    y = np.asarray(y)
    if y.shape == (count, 1):
        y = y[:, 0]
    if y.shape != (count,) or not np.issubdtype(y.dtype, np.integer):
        raise ValueError(
            f"Labels must be {count} integers, one a sample; received {y.dtype} of shape {y.shape}."
        )
    return y.astype(np.int32)
