"""Training data as one endless stream of batches that can start at any step."""

import dataclasses
import math
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from keras_gan.data.pipeline import once_a_pass, order_of_epoch, untuned


@dataclasses.dataclass(frozen=True)
class Stream:
    """An endless stream of batches, which depends on nothing but where it starts.

    Args:
        steps_per_epoch: How many batches make an epoch.
        start: A function from the number of a batch to the `tf.data.Dataset` of that batch and all
            that follow it.
        batch_size: Of arrays; `None` for a data set.
    """

    steps_per_epoch: int
    start: Callable[[int], tf.data.Dataset]
    batch_size: int | None = None


def stream_of(
    x,
    y=None,
    *,
    batch_size: int | None = None,
    steps_per_epoch: int | None = None,
    shuffle: bool = True,
    seed: int = 0,
) -> Stream:
    """The stream of what `fit` was given: the epochs that it would see, one after the other.

    Args:
        x: Arrays, or a `tf.data.Dataset` of batches.
        y: Labels that belong to arrays, or `None`.
        batch_size: Of arrays; `None` is Keras's 32.
        steps_per_epoch: `None` is a whole pass.
        shuffle: Whether arrays are shuffled anew for every pass.
        seed: Decides the order of arrays.

    Raises:
        ValueError: For data that cannot be started again, or whose epochs have no fixed length.

    Example:

    >>> stream = stream_of(np.arange(5), batch_size=2, shuffle=False)
    >>> stream.steps_per_epoch, [x.tolist() for x in stream.start(2).take(2).as_numpy_iterator()]
    (3, [[4], [0, 1]])
    """
    if hasattr(x, "shape") or isinstance(x, (dict, tuple, list)):
        arrays = keras.tree.map_structure(np.asarray, x if y is None else (x, y))
        return from_arrays(arrays, batch_size, steps_per_epoch, shuffle, seed)
    if not isinstance(x, tf.data.Dataset):
        raise ValueError(
            f"Checkpoint can start arrays and tf.data sets again where a run stopped; received a "
            f"{type(x).__name__}: make it a tf.data.Dataset, with from_generator for example."
        )
    return from_dataset(x, steps_per_epoch)


def from_arrays(arrays, batch_size, steps_per_epoch, shuffle: bool, seed: int) -> Stream:
    """The stream of arrays, whose short last batch is kept, as Keras does."""
    count = len(keras.tree.flatten(arrays)[0])
    size = batch_size or (math.ceil(count / steps_per_epoch) if steps_per_epoch else 32)
    with tf.device("CPU:0"):  # where tf.data reads them
        tensors = keras.tree.map_structure(tf.constant, arrays)

    def passes_from(first: int) -> tf.data.Dataset:
        begun = iter(range(first, 2**62))

        def order():
            return order_of_epoch(count, seed, next(begun)) if shuffle else np.arange(count)

        def rows_of_batches(order):
            return tf.data.Dataset.from_tensor_slices(order).batch(size)

        def batch_of(rows):
            return keras.tree.map_structure(lambda tensor: tf.gather(tensor, rows), tensors)

        batches = once_a_pass(order, (count,)).flat_map(rows_of_batches).map(batch_of)
        return batches.prefetch(2)

    stream = in_passes(passes_from, math.ceil(count / size), steps_per_epoch)
    return dataclasses.replace(stream, batch_size=size)


def from_dataset(dataset: tf.data.Dataset, steps_per_epoch: int | None) -> Stream:
    """The stream of a data set, which starts at once where `kg.data.batches` made it."""
    count = int(dataset.cardinality())
    if count < 0:  # endless or unknown
        if steps_per_epoch is None:
            raise ValueError(
                "The data set does not say how many batches it has: with Checkpoint pass "
                "steps_per_epoch, or dataset.apply(tf.data.experimental.assert_cardinality(n))."
            )
        source = repeated_source(dataset)
        if source is None:
            return Stream(steps_per_epoch, dataset.skip)
        return in_passes(source.passes_from, int(source.cardinality()), None, steps_per_epoch)
    if hasattr(dataset, "passes_from"):
        return in_passes(dataset.passes_from, count, steps_per_epoch)
    check_whole_passes(count, steps_per_epoch)
    return Stream(steps_per_epoch or count, lambda first: endless(dataset).skip(first))


def repeated_source(dataset: tf.data.Dataset) -> tf.data.Dataset | None:
    """What `kg.data.batches` returned, if the endless data set is its `.repeat()`."""
    inputs = dataset._inputs() if hasattr(dataset, "_inputs") else []
    is_repeat = len(inputs) == 1 and dataset.cardinality() == tf.data.INFINITE_CARDINALITY
    return inputs[0] if is_repeat and hasattr(inputs[0], "passes_from") else None


def in_passes(passes_from, count: int, steps_per_epoch=None, endless_steps=None) -> Stream:
    """The stream of passes of `count` batches, which can begin at any pass."""
    if endless_steps is None:
        check_whole_passes(count, steps_per_epoch)

    def start(first: int) -> tf.data.Dataset:
        return endless(passes_from(first // count)).skip(first % count)

    return Stream(endless_steps or steps_per_epoch or count, start)


def endless(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """The data set again and again, without tf.data's tuner, for which the end of `fit` waits."""
    return dataset.repeat().with_options(untuned())


def check_whole_passes(count: int, steps_per_epoch: int | None) -> None:
    """Refuses epochs that would run out of data in their middle.

    Raises:
        ValueError: See `stream_of`.
    """
    if steps_per_epoch is not None and count % steps_per_epoch:
        raise ValueError(
            f"The data have {count} batches, which epochs of steps_per_epoch={steps_per_epoch} "
            f"do not share evenly: leave steps_per_epoch out, or repeat() the data set."
        )
