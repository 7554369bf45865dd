"""A check of every batch on its way to the step."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
from keras.src.trainers.data_adapters import get_data_adapter
from keras.src.trainers.data_adapters.data_adapter import DataAdapter

from keras_gan.backend.shapes import shapes_agree
from keras_gan.data.feeds import as_array
from keras_gan.data.lazy import tf


class Watched(DataAdapter):
    """Batches that are checked before the step sees them, on either backend.

    TensorFlow's graph compares a batch with the bounds and the shapes; only a batch outside them
    goes to Python, where `look` decides.

    Args:
        x: Data for `fit`, except arrays.
        look: A function of the samples in a batch, a list of arrays, and its number, counted from
            0, that raises a `ValueError` if something is wrong.
        bounds: For every array of samples in a batch the lowest and the highest value that need no
            check.
        shuffle: As in `fit`.
        shapes: The shape of a sample in each of these arrays, as far as it is known.

    Attributes:
        error: The error that `look` has raised; TensorFlow would pass on only its text.
    """

    def __init__(
        self,
        x: Any,
        look: Callable,
        bounds: list[tuple[float, float]],
        shuffle: bool,
        shapes: list[tuple] = (),
    ):
        self.inner = get_data_adapter(x, shuffle=shuffle)
        self.look, self.bounds, self.shapes, self.error = look, bounds, shapes, None

    def looked_at(self, number: int, *samples: np.ndarray) -> np.bool_:
        """Calls `look` and keeps its error."""
        try:
            self.look([as_array(part) for part in samples], int(number))
        except ValueError as error:
            self.error = self.error or error
            raise
        return np.True_

    def get_numpy_iterator(self) -> Iterator:
        """Returns the batches of one pass, in NumPy."""
        return self.passed(self.inner.get_numpy_iterator())

    def get_jax_iterator(self) -> Iterator:
        """Returns the batches of one pass, for JAX."""
        return self.passed(self.inner.get_jax_iterator())

    def passed(self, batches) -> Iterator:
        """Yields the batches, after a check of each."""
        for number, batch in enumerate(batches):
            samples = [as_array(part) for part in samples_in(batch, len(self.bounds))]
            good = [_within(*each) for each in zip(samples, self.bounds, strict=False)]
            good += [_fit_in(*each) for each in zip(samples, self.shapes, strict=False)]
            if not all(good):
                self.looked_at(number, *samples)
            yield batch

    def get_tf_dataset(self):
        """Returns the batches of one pass, in TensorFlow's graph."""
        batches = self.inner.get_tf_dataset()
        if not hasattr(batches, "enumerate"):  # distributed already
            return batches
        here = weakref.ref(self)

        def looked_at(*seen):  # TensorFlow never forgets it, nor what it mentions: not the model
            return here().looked_at(*seen)

        def passed(number, batch):
            samples = samples_in(batch, len(self.bounds))
            good = [
                tf.reduce_all((low <= part) & (part <= high))
                for part, (low, high) in zip(map(_single, samples), self.bounds, strict=False)
            ]
            good += [_all_fit_in(*each) for each in zip(samples, self.shapes, strict=False)]
            looked = tf.cond(
                tf.reduce_all(good),
                lambda: True,
                lambda: tf.numpy_function(looked_at, [number, *samples], tf.bool),
            )
            with tf.control_dependencies([looked]):
                return keras.tree.map_structure(tf.identity, batch)

        return batches.enumerate().map(passed)

    @property
    def num_batches(self) -> int | None:
        """The data's own."""
        return self.inner.num_batches

    @property
    def batch_size(self) -> int | None:
        """The data's own."""
        return self.inner.batch_size

    @property
    def has_partial_batch(self) -> bool | None:
        """The data's own."""
        return self.inner.has_partial_batch

    @property
    def partial_batch_size(self) -> int | None:
        """The data's own."""
        return self.inner.partial_batch_size

    def on_epoch_begin(self) -> None:
        """Calls the same method of the data."""
        self.inner.on_epoch_begin()

    def on_epoch_end(self) -> None:
        """Calls the same method of the data."""
        self.inner.on_epoch_end()


def _within(samples: np.ndarray, bounds: tuple[float, float]) -> bool:
    """Whether all values lie in an interval and none is NaN."""
    low, high = bounds
    return not samples.size or (low <= float(samples.min()) and float(samples.max()) <= high)


def _fit_in(samples: np.ndarray, shape: tuple) -> bool:
    """Whether samples have a shape, as far as it is known."""
    return shapes_agree(samples.shape, (None, *shape))


def _all_fit_in(samples, shape: tuple):
    """As `_fit_in`, of a tensor whose shape the graph need not know."""
    sizes = tf.shape(samples)[1:]
    known = [(axis, size) for axis, size in enumerate(shape) if size is not None]
    return tf.reduce_all([sizes[axis] == size for axis, size in known] or [True])


def _single(samples):
    """Returns a tensor that can be compared with float32 numbers."""
    return samples if samples.dtype in (tf.float32, tf.float64) else tf.cast(samples, tf.float32)


def samples_in(batch: Any, count: int) -> list:
    """Returns the first `count` arrays of a batch, which hold samples."""
    return [
        part
        for part in itertools.islice(keras.tree.flatten(batch), count)
        if hasattr(part, "dtype") and hasattr(part, "shape")
    ]
