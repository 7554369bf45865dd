"""Training data as one endless stream of batches that can start at any step."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator

import keras
import numpy as np

from keras_gan.data.dataset_streams import (
    Stream,
    check_whole_passes,
    from_dataset,
    in_passes,
)
from keras_gan.data.fingerprints import facts_of
from keras_gan.data.lazy import tf
from keras_gan.data.pipeline import once_a_pass, order_of_epoch, places
from keras_gan.data.repeating import Examined, examined, py_dataset_note


def stream_of(
    x,
    y=None,
    *,
    batch_size: int | None = None,
    steps_per_epoch: int | None = None,
    shuffle: bool = True,
    seed: int = 0,
) -> Stream:
    """Returns the data of `fit` as a stream of its epochs, one after the other.

    Args:
        x: Arrays, a `tf.data.Dataset` of batches, or a `keras.utils.PyDataset`.
        y: The labels of arrays, or `None`.
        batch_size: The batch size of arrays; `None` for Keras's 32.
        steps_per_epoch: The number of batches in an epoch; `None` for a whole pass.
        shuffle: Whether to shuffle arrays, or the batches of a `PyDataset`, before every pass.
        seed: Decides their order.

    Raises:
        ValueError: If the data cannot be started in the middle, or epochs have no fixed length.

    Example:

    >>> stream = stream_of(np.arange(5), batch_size=2)
    >>> stream.steps_per_epoch, stream.elements
    (3, '(None,) int64')
    """
    if hasattr(x, "shape") or isinstance(x, (dict, tuple, list)):
        arrays = keras.tree.map_structure(np.asarray, x if y is None else (x, y))
        return _from_arrays(arrays, batch_size, steps_per_epoch, shuffle, seed)
    if isinstance(x, keras.utils.PyDataset):
        return _from_py_dataset(x, steps_per_epoch, shuffle, seed)
    if not (hasattr(x, "element_spec") and hasattr(x, "cardinality")):
        raise ValueError(
            f"Checkpoint can start arrays, tf.data sets and a keras.utils.PyDataset again where a "
            f"run stopped; received a {getattr(x, 'kind', type(x).__name__)}: make it one of these."
        )
    return from_dataset(x, steps_per_epoch)


def _from_arrays(arrays, batch_size, steps_per_epoch, shuffle: bool, seed: int) -> Stream:
    """Returns the stream of arrays, with the short last batch, as in Keras."""
    count = len(keras.tree.flatten(arrays)[0])
    size = batch_size or (math.ceil(count / steps_per_epoch) if steps_per_epoch else 32)
    steps, elements = math.ceil(count / size), _described(arrays)
    order_of_pass = _orders(count, shuffle, seed)

    def look():
        return Examined(facts_of(arrays), [])

    if keras.backend.backend() == "tensorflow":
        passes_from = _tensorflow_passes(arrays, size, order_of_pass)
        stream = in_passes(passes_from, steps, elements, steps_per_epoch)
        return dataclasses.replace(stream, batch_size=size, examined=look)

    def batches_of_pass(number: int, first: int) -> Iterator:
        order = order_of_pass(number)
        for i in range(first * size, count, size):
            rows = order[i : i + size]
            yield keras.tree.map_structure(lambda part: part[rows], arrays)  # noqa: B023

    check_whole_passes(steps, steps_per_epoch)
    start = _generated(batches_of_pass, steps)
    return Stream(steps_per_epoch or steps, start, elements, size, look)


def _tensorflow_passes(arrays, size: int, order_of_pass: Callable) -> Callable:
    """Returns a function from the number of a pass to the data set of that and all later ones."""
    with tf.device("CPU:0"):  # where tf.data reads them
        tensors = keras.tree.map_structure(tf.constant, arrays)

    def passes_from(first: int, skipped: int = 0) -> tf.data.Dataset:
        begun = places(first, skipped)

        def rows_of_pass():
            number, left_out = next(begun)
            return order_of_pass(number)[left_out * size :]

        def rows_of_batches(order):
            return tf.data.Dataset.from_tensor_slices(order).batch(size)

        def batch_of(rows):
            return keras.tree.map_structure(lambda tensor: tf.gather(tensor, rows), tensors)

        orders = once_a_pass(rows_of_pass, (None,))
        return orders.flat_map(rows_of_batches).map(batch_of).prefetch(2)

    return passes_from


def _from_py_dataset(dataset, steps_per_epoch: int | None, shuffle: bool, seed: int) -> Stream:
    """Returns the stream of a `keras.utils.PyDataset` whose batches do not change."""
    count = dataset.num_batches
    changes = type(dataset).on_epoch_end is not keras.utils.PyDataset.on_epoch_end
    if count is None or changes:
        what = "changes its batches (on_epoch_end)" if changes else "has no end (num_batches)"
        raise ValueError(
            f"Checkpoint starts a PyDataset again at the batch where a run stopped, but "
            f"{type(dataset).__name__} {what}: leave the order to fit, or pass arrays or a "
            f"tf.data.Dataset."
        )
    check_whole_passes(count, steps_per_epoch)
    order_of_pass = _orders(count, shuffle, seed)

    def batches_of_pass(number: int, first: int) -> Iterator:
        return (dataset[int(i)] for i in order_of_pass(number)[first:])

    def look():
        in_order = _generated(
            lambda number, first: map(dataset.__getitem__, range(first, count)), count
        )
        return examined(in_order, {"number of batches": count}, py_dataset_note(dataset))

    start = _generated(batches_of_pass, count)
    return Stream(steps_per_epoch or count, start, _described(dataset[0]), examined=look)


def _orders(count: int, shuffle: bool, seed: int) -> Callable[[int], np.ndarray]:
    """Returns a function from the number of a pass to the order of its samples or batches."""
    if not shuffle:
        return lambda number: np.arange(count)
    return lambda number: order_of_epoch(count, seed, number)


def _described(batch) -> str:
    """Returns the shapes and types in a structure of arrays, for any number of samples."""
    return ", ".join(
        f"{(None, *part.shape[1:])} {part.dtype}" for part in keras.tree.flatten(batch)
    )


def _generated(batches_of_pass: Callable[[int, int], Iterator], count: int) -> Callable:
    """Returns a function from the number of a batch to the generator of that and all later ones.

    Args:
        batches_of_pass: Maps the number of a pass and of a batch in it to that and all later
            batches of this pass.
        count: The number of batches in a pass.
    """

    def start(first: int) -> Iterator[tuple]:
        number, first = divmod(first, count)
        while True:
            for batch in batches_of_pass(number, first):
                yield tuple(batch) if isinstance(batch, (tuple, list)) else (batch,)
            number, first = number + 1, 0

    return start
