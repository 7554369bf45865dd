"""Samples read into memory, checked, and gathered into batches."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from keras_gan.data.columns import Column, Stored, empty
from keras_gan.data.images import check_finite, packed, signed_values, to_signed
from keras_gan.data.lazy import tf
from keras_gan.data.loading import load
from keras_gan.data.options import untuned
from keras_gan.data.value_extremes import extent
from keras_gan.data.value_ranges import scale_without_networks

_CHUNK = 1024  # samples that are read at a time, at most
_BYTES = 2**22


def stored(dataset: tf.data.Dataset, value_range="auto") -> Stored:
    """Reads a data set of single samples, as `checked` returns it, into memory.

    Bytes that `load` holds are not read again.
    """
    held = getattr(dataset, "held", None)
    if held is not None:
        return _of_bytes(held, value_range)
    seen, growing = _Extremes(), None
    for parts in chunks(dataset, value_range):
        seen.add(parts[0])
        growing = growing or [_Growing(int(dataset.cardinality())) for _ in parts]
        for each, part in zip(growing, parts, strict=True):
            each.add(packed(part))
    columns = [Column(each.joined()) for each in growing or ()]
    count = len(columns[0]) if columns else 0
    return Stored(dataset.element_spec, columns, count, seen.pair)


def _of_bytes(held: Stored, value_range) -> Stored:
    """Returns the samples that `load` holds, once their values are known to be allowed."""
    ends = held.columns[0].extremes()
    scale = scale_without_networks(value_range, held.columns[0].shape[1:])
    if scale is not None:
        scale.check(np.array(ends, "float32"))
    return dataclasses.replace(held, extremes=ends)


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
        batches = dataset.batch(_rows_at_once(dataset)).with_options(untuned())
        for chunk in batches.as_numpy_iterator():
            parts = tf.nest.flatten(chunk)
            for part in parts[:1] + [p for p in parts[1:] if p.dtype.kind == "f" and p.ndim > 2]:
                check_finite(part)  # of pairs both are samples; labels need not be numbers
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
    """Returns how many samples to read at a time: about a thousand, or as many as fit in 4 MiB."""
    parts = tf.nest.flatten(dataset.element_spec)
    size = sum(part.dtype.size * math.prod(n or 1 for n in part.shape) for part in parts)
    return max(1, min(_CHUNK, _BYTES // max(1, size)))


class _Growing:
    """One part of all samples, which comes in chunks.

    Args:
        count: The number of samples; below 0 if it is unknown.
    """

    def __init__(self, count: int):
        self.count, self.chunks, self.whole, self.start = count, [], None, 0

    def add(self, chunk: np.ndarray) -> None:
        """Adds a chunk: to the others where their number is known, else to a list of them."""
        if self.count < 0:
            self.chunks.append(chunk)
            return
        if self.whole is None:
            self.whole = empty((self.count, *chunk.shape[1:]), chunk.dtype)
        if chunk.dtype != self.whole.dtype:  # only some chunks fitted into bytes
            chunk = _unpacked(chunk)
            self._unpack()
        self.whole[self.start : self.start + len(chunk)] = chunk
        self.start += len(chunk)

    def _unpack(self) -> None:
        if self.whole.dtype == np.uint8:
            whole, self.whole = self.whole, empty(self.whole.shape, np.float32)
            for start in range(0, self.start, _CHUNK):
                rows = slice(start, min(start + _CHUNK, self.start))
                self.whole[rows] = _unpacked(whole[rows])

    def joined(self) -> np.ndarray:
        """Returns all chunks in one array."""
        if self.count < 0:
            chunks, self.chunks = self.chunks, []
            self.count = sum(map(len, chunks))
            for chunk in chunks:
                self.add(chunk)
        return self.whole[: self.start]


def _unpacked(chunk: np.ndarray) -> np.ndarray:
    return signed_values(chunk) if chunk.dtype == np.uint8 else chunk
