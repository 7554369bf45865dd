"""Samples by their numbers: each part of them is in memory once, and TensorFlow reads it there."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from keras_gan.data.images import signed_values, to_signed
from keras_gan.data.lazy import tf

ALIGNED = 64  # bytes, of which the address is a multiple where TensorFlow reads an array in place


def empty(shape: tuple[int, ...], dtype) -> np.ndarray:
    """Returns a new array that TensorFlow can read in place."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.empty(size + ALIGNED, np.uint8)
    start = -memory.ctypes.data % ALIGNED
    return memory[start : start + size].view(dtype).reshape(shape)


class Column:
    """One part of all samples, such as all images or all labels, in memory.

    `tf.constant` would copy an array, twice for a while, and each pass over a data set of it could
    copy it again.

    Args:
        array: Array `(n, ...)`, best of `empty`, which nothing else changes. It is copied where
            TensorFlow cannot read it in place.

    Example:

    >>> column = Column(np.arange(6).reshape(3, 2))
    >>> column.gathered(tf.constant([2, 0])).numpy().tolist(), column.taken([1]).tolist()
    ([[4, 5], [0, 1]], [[2, 3]])
    """

    def __init__(self, array: np.ndarray):
        shared = array.dtype.kind in "fiu" and array.size > 0
        if shared and (array.ctypes.data % ALIGNED or not array.flags.carray):
            array, given = empty(array.shape, array.dtype), array
            array[...] = given
        self.array, self.shape, self.dtype = array, array.shape, array.dtype
        with tf.device("CPU:0"):  # where tf.data reads
            self.tensor = (
                tf.experimental.dlpack.from_dlpack(array.__dlpack__())
                if shared
                else tf.constant(array)
            )

    def __len__(self):
        return len(self.array)

    def gathered(self, rows: tf.Tensor) -> tf.Tensor:
        """Returns these rows as a tensor."""
        return tf.gather(self.tensor, rows)

    def taken(self, rows) -> np.ndarray:
        """Returns these rows as an array."""
        return self.array[rows]

    def extremes(self) -> tuple[float, float]:
        """Returns the lowest and the highest value; those of bytes as they are in [-1, 1]."""
        ends = np.array([self.array.min(), self.array.max()])
        return tuple(map(float, signed_values(ends) if ends.dtype == np.uint8 else ends))


@dataclasses.dataclass(frozen=True)
class Stored:
    """All samples of a data set by their numbers, images from bytes as bytes.

    Args:
        spec: The specification of an element of the data set.
        columns: A `Column`, or `pictures.Pictures`, for each part of an element.
        count: The number of samples.
        extremes: The lowest and the highest value of the first part.
    """

    spec: Any
    columns: list
    count: int
    extremes: tuple[float, float] | None = None

    def gathered(self, rows: tf.Tensor) -> Any:
        """Returns the samples of these rows, in the structure of an element."""
        parts = [column.gathered(rows) for column in self.columns]
        parts = [
            to_signed(part) if part.dtype != spec.dtype else part
            for part, spec in zip(parts, tf.nest.flatten(self.spec), strict=True)
        ]
        return tf.nest.pack_sequence_as(self.spec, parts)

    def taken(self, rows: np.ndarray) -> np.ndarray:
        """Returns the first part of these samples as float32, images in [-1, 1]."""
        found = self.columns[0].taken(rows)
        return signed_values(found) if found.dtype == np.uint8 else np.float32(found)
