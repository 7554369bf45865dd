"""Data sets from arrays that are already in memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from keras_gan.data import frames
from keras_gan.data.checks import in_numpy
from keras_gan.data.columns import Column, empty
from keras_gan.data.images import check_values
from keras_gan.data.lazy import tf
from keras_gan.data.scale import FREE
from keras_gan.files.limits import WHILE_HELD, check_memory

SERIES = "or are series (n, time, channels), pass value_range=None"


def from_arrays(source: Any, labels: bool, value_range="auto") -> tf.data.Dataset:
    """Builds a data set from an array of samples, or from a pair of samples and labels.

    Args:
        source: `x` or `(x, y)`. `x` is uint8 images `(n, height, width[, channels])`, float images
            of the same shapes in [-1, 1], or float points `(n, dim)` and others as in
            `kg.data.load`; `y` is integers `(n,)`.
        labels: Whether to yield pairs; if not, `y` is ignored.
        value_range: As in `kg.data.load`.

    Raises:
        ValueError: For empty data, a wrong shape, type or range, NaN, or labels that do not match.
    """
    x, y = source if isinstance(source, tuple) and len(source) == 2 else (source, None)
    x = _samples(x, value_range)
    if labels and y is None:
        raise ValueError("labels=True needs a pair of arrays (x, y); received x alone.")
    columns = [_copied(each) for each in ((x, _classes(y, len(x))) if labels else (x,))]
    tensors = tuple(column.tensor for column in columns)
    dataset = tf.data.Dataset.from_tensor_slices(tensors if labels else tensors[0])
    if x.dtype == np.uint8:
        dataset.columns = columns
    return dataset


def _copied(array: np.ndarray) -> Column:
    """Returns a copy, since the array may be changed later."""
    copy = empty(array.shape, array.dtype)
    copy[...] = array
    return Column(copy)


def in_memory(x: Any, value_range="auto") -> np.ndarray:
    """Returns the samples that `from_arrays` makes from an array, with bytes scaled to [-1, 1].

    Args:
        x: As `from_arrays` takes it, without labels.
        value_range: As in `kg.data.load`.

    Raises:
        ValueError: As in `from_arrays`.
    """
    x = _samples(x, value_range)
    return np.float32(x) / np.float32(127.5) - np.float32(1) if x.dtype == np.uint8 else x


def _samples(x: Any, value_range) -> np.ndarray:
    if frames.is_frame(x):
        x = frames.numbers_of(x)
    if not hasattr(x, "__array__"):
        raise ValueError(
            f"Received {type(x).__name__} as a data set; allowed are a name, a folder, an array or "
            "a pair of arrays (x, y). A tf.data.Dataset goes to kg.data.batches directly."
        )
    x = in_numpy(x)
    if x.size == 0:
        raise ValueError(f"The data set is empty: received an array of shape {x.shape}.")
    if x.dtype != np.uint8 and not np.issubdtype(x.dtype, np.floating):
        raise ValueError(
            f"Received an array of {x.dtype}; allowed are uint8 images in 0..255, float images in "
            "[-1, 1] and float points. Convert it with astype."
        )
    if x.ndim < 2 or (x.ndim == 2 and x.dtype == np.uint8):
        raise ValueError(
            f"Received a {x.dtype} array of shape {x.shape}; allowed are images (n, height, width) "
            "or (n, height, width, channels), float points (n, dim), and other samples (n, …)."
        )
    if x.ndim == 3 and (value_range is not None or x.dtype == np.uint8):
        x = x[..., None]
    itemsize = 1 if x.dtype == np.uint8 else 4
    check_memory(f"A data set of shape {x.shape}", WHILE_HELD * itemsize * x.size)
    if x.dtype != np.uint8:
        x = x.astype(np.float32, copy=False)
        check_values(x, value_range, SERIES if x.ndim == 4 and x.shape[-1] == 1 else FREE)
    return x


def _classes(y: Any, count: int) -> np.ndarray:
    y = np.asarray(y)
    if y.shape == (count, 1):
        y = y[:, 0]
    if y.shape != (count,) or not np.issubdtype(y.dtype, np.integer):
        raise ValueError(
            f"Labels must be {count} integers, one per sample; received {y.dtype} of shape "
            f"{y.shape}."
        )
    return y.astype(np.int32)
