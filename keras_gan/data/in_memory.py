"""Samples read into memory, checked, and gathered into batches."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from keras_gan.data.images import check_finite, packed, to_signed
from keras_gan.data.lazy import tf
from keras_gan.data.loading import load
from keras_gan.data.value_extremes import extent
from keras_gan.data.value_ranges import scale_without_networks

_CHUNK = 1024  # samples that are read at a time, at most
_BYTES = 2**26


@dataclasses.dataclass(frozen=True)
class Stored:
    """All samples of a data set in memory, images from bytes as bytes.

    Args:
        spec: The specification of an element of the data set.
        columns: The samples, one tensor for each part of an element, on the CPU.
        count: The number of samples.
        extremes: The lowest and the highest value of the first part.
    """

    spec: Any
    columns: list
    count: int
    extremes: tuple[float, float] | None = None

    def gathered(self, rows: tf.Tensor) -> Any:
        """Returns the samples of these rows, in the structure of an element."""
        parts = [tf.gather(column, rows) for column in self.columns]
        parts = [
            to_signed(part) if part.dtype != spec.dtype else part
            for part, spec in zip(parts, tf.nest.flatten(self.spec), strict=True)
        ]
        return tf.nest.pack_sequence_as(self.spec, parts)


def stored(dataset: tf.data.Dataset, value_range="auto") -> Stored:
    """Reads a data set of single samples, as `checked` returns it, into memory."""
    seen, parts_of_columns = _Extremes(), []
    for parts in chunks(dataset, value_range):
        seen.add(parts[0])
        parts_of_columns.append([packed(part) for part in parts])
    columns = [_joined(parts) for parts in zip(*parts_of_columns, strict=True)]
    count = len(columns[0]) if columns else 0
    with tf.device("CPU:0"):  # where tf.data reads them
        columns = [tf.constant(column) for column in columns]
    return Stored(dataset.element_spec, columns, count, seen.pair)


class _Extremes:
    """The lowest and the highest value of arrays that come one after the other."""

    def __init__(self):
        self.pair = None

    def add(self, x: np.ndarray) -> None:
        """Adds an array."""
        low, high = self.pair or (np.inf, -np.inf)
        self.pair = min(low, float(x.min())), max(high, float(x.max()))


def checked(dataset: Any, value_range="auto") -> tf.data.Dataset:
    """Checks the elements of a data set and returns it with float32 samples."""
    if not isinstance(dataset, tf.data.Dataset):
        dataset = load(dataset, labels=isinstance(dataset, tuple), value_range=value_range)
    spec = dataset.element_spec
    if isinstance(spec, dict):
        raise ValueError(
            f"Samples must be x or (x, label); received a dict of {', '.join(spec)}: take one, "
            f"as in dataset.map(lambda sample: sample[{next(iter(spec))!r}])."
        )
    x = tf.nest.flatten(spec)[0]
    if dataset.cardinality() == tf.data.INFINITE_CARDINALITY:
        raise ValueError(
            "The data set is endless: pass it without repeat(), and repeat the batches."
        )
    if x.shape.rank == 0 or (x.shape.rank in (2, 4) and x.shape[0] is None):
        raise ValueError(
            f"Samples must be single images or points; received elements of shape {x.shape}. Pass "
            "the data set unbatched, for example as dataset.unbatch()."
        )

    def standard(part):
        return to_signed(part) if part.dtype == tf.uint8 else tf.cast(part, tf.float32)

    if x.dtype == tf.float32:
        return dataset
    if isinstance(spec, tuple):
        return dataset.map(lambda x, *rest: (standard(x), *rest), tf.data.AUTOTUNE)
    return dataset.map(standard, tf.data.AUTOTUNE)


def chunks(dataset: tf.data.Dataset, value_range="auto") -> Iterator[list[np.ndarray]]:
    """Reads all samples, checked, a thousand at a time: one array for each tensor of an element."""
    told = False
    try:
        for chunk in dataset.batch(_rows_at_once(dataset)).as_numpy_iterator():
            parts = tf.nest.flatten(chunk)
            check_finite(parts[0])
            scale = scale_without_networks(value_range, parts[0].shape[1:])
            if scale is not None:
                told = scale.check(parts[0], lambda: extent(dataset.batch(_CHUNK)), told=told)
            yield parts
    except tf.errors.InvalidArgumentError as error:
        if not re.search("Cannot batch tensors|Cannot add tensor to the batch", error.message):
            raise
        raise ValueError(
            "Samples of different shapes cannot form a batch; load images with an image_size. "
            f"({error.message})"
        ) from error


def _rows_at_once(dataset: tf.data.Dataset) -> int:
    """Returns how many samples to read at a time: about a thousand, or as many as fit in 64 MiB."""
    parts = tf.nest.flatten(dataset.element_spec)
    size = sum(part.dtype.size * math.prod(n or 1 for n in part.shape) for part in parts)
    return max(1, min(_CHUNK, _BYTES // max(1, size)))


def _joined(parts: tuple[np.ndarray, ...]) -> np.ndarray:
    if len({part.dtype for part in parts}) > 1:  # only some chunks fitted into bytes
        parts = [to_signed(part).numpy() if part.dtype == np.uint8 else part for part in parts]
    return np.concatenate(parts)
