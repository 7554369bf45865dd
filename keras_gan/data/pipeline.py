"""From single samples to the batches that `fit` trains on."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from keras_gan.data.augmentation import augmented
from keras_gan.data.images import check_values, packed, to_signed
from keras_gan.data.lazy import tf
from keras_gan.data.loading import load

_CHUNK = 1024
_PREFETCHED = 2  # batches made ready while a step runs


def batches(
    dataset: Any,
    batch_size: int,
    discriminator_steps: int = 1,
    seed: int = 0,
    augment: Callable | None = None,
    cache: bool = True,
) -> tf.data.Dataset:
    """Returns one shuffled, batched, prefetched pass over the data an epoch.

    Pass e visits the samples in an order that depends on nothing but the seed and e, the
    number of passes begun on the returned data set before it: the same seed gives the same
    batches again, `.repeat()` reshuffles in every pass, and so does every epoch of `fit`. An
    incomplete last batch is left out; since the order changes, no sample is left out always.

    Args:
        dataset: a `tf.data.Dataset` of single samples `x` or tuples `(x, label)`, as `load`
            returns it, or an array, or a pair of arrays, as `load` takes them.
        batch_size: samples a step of one network sees.
        discriminator_steps: steps of the discriminator per step of the generator; each
            batch has `batch_size * discriminator_steps` samples, a fresh part for each step.
        seed: decides the order.
        augment: a Keras (or keras-cv) layer or a function of TensorFlow's operations, applied to
            each batch of x as `(batch, height, width, channels)` float32 in [-1, 1]; it must keep
            the shape. Mind a layer's own convention: its `value_range` is `(-1, 1)` and black is
            `fill_value=-1`. Its randomness is its own: give it a seed (keras-cv's RandAugment heeds
            none). On JAX, preprocessing layers are fastest alone or in a `keras.layers.Pipeline`.
        cache: read the data once and hold them in memory, images that came from bytes as bytes.
            False reads them again in every pass, for data that change by themselves, through a
            buffer that still holds one pass.

    Returns:
        A `tf.data.Dataset` of known length.

    Raises:
        ValueError: for data that are empty, endless, smaller than one batch, already
            batched, of different shapes, or not finite and in [-1, 1].

    Example:
        >>> from keras_gan import data
        >>> dataset = data.batches(data.load("digits"), batch_size=64, discriminator_steps=2)
        >>> len(dataset), dataset.element_spec.shape
        (14, TensorShape([128, 8, 8, 1]))
    """
    for name, value in (("batch_size", batch_size), ("discriminator_steps", discriminator_steps)):
        if not isinstance(value, int | np.integer) or value < 1:
            raise ValueError(f"{name} must be a positive integer; received {value!r}.")
    if not isinstance(dataset, tf.data.Dataset):
        dataset = load(dataset, labels=isinstance(dataset, tuple))
    dataset = _checked(dataset)
    size = int(batch_size * discriminator_steps)
    chunks = _chunks(dataset)
    if cache:
        columns = [_joined(parts) for parts in zip(*chunks, strict=True)]
        count = len(columns[0]) if columns else 0
    else:
        count = sum(len(chunk[0]) for chunk in chunks)
    _check_count(count, batch_size, discriminator_steps)
    in_memory = _in_memory(columns) if cache else None

    def passes_from(first: int) -> tf.data.Dataset:
        begun = itertools.count(first)
        if cache:
            result = _from_memory(dataset.element_spec, in_memory, size, seed, begun)
        else:
            result = _through_buffer(dataset, count, size, seed, begun)
        if augment is not None:
            result = augmented(result, augment)
        result = result.apply(tf.data.experimental.assert_cardinality(count // size))
        return result.prefetch(_PREFETCHED).with_options(untuned())

    result = passes_from(0)
    if augment is None:  # whose own random state only a pass from the beginning brings forward
        result.passes_from = passes_from  # for callbacks.Checkpoint, which goes on in the middle
    return result


def untuned() -> tf.data.Options:
    """Returns options without tf.data's tuner, whose pauses double up to a minute.

    Letting go of an iterator waits for the tuner's next waking (TensorFlow 2.21): at the end of
    `fit` on an endless data set, a run of 41 s would go on for another 41 s, doing nothing.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    return options


def order_of_epoch(count: int, seed: int, epoch: int) -> np.ndarray:
    """Returns the permutation of `range(count)` in which an epoch visits the samples."""
    return np.random.default_rng([epoch, seed]).permutation(count)


def _checked(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """Returns the data set with float32 samples, once its kind of element is known to be right."""
    spec = dataset.element_spec
    if isinstance(spec, dict):
        raise ValueError(
            f"Samples must be x or (x, label); received a dict of {', '.join(spec)}: map it first."
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


def _check_count(count: int, batch_size: int, discriminator_steps: int) -> None:
    if count == 0:
        raise ValueError("The data set is empty.")
    size = batch_size * discriminator_steps
    if count >= size:
        return
    largest = count // discriminator_steps
    remedy = f"batch_size={largest} or less" if largest else f"at most {count} discriminator_steps"
    raise ValueError(
        f"The data set has {count} samples, fewer than one batch of {size} (batch_size "
        f"{batch_size} x discriminator_steps {discriminator_steps}); use {remedy}."
    )


def _chunks(dataset: tf.data.Dataset) -> Iterator[list[np.ndarray]]:
    """Reads all samples, checked, a thousand at a time: one array for each tensor of an element."""
    try:
        for chunk in dataset.batch(_CHUNK).as_numpy_iterator():
            parts = tf.nest.flatten(chunk)
            check_values(parts[0])
            yield [packed(part) for part in parts]
    except tf.errors.InvalidArgumentError as error:
        if not re.search("Cannot batch tensors|Cannot add tensor to the batch", error.message):
            raise
        raise ValueError(
            "Samples of different shapes cannot form a batch; load images with an image_size. "
            f"({error.message})"
        ) from error


def _joined(parts: tuple[np.ndarray, ...]) -> np.ndarray:
    if len({part.dtype for part in parts}) > 1:  # only some chunks fitted into bytes
        parts = [to_signed(part).numpy() if part.dtype == np.uint8 else part for part in parts]
    return np.concatenate(parts)


def _in_memory(columns: list[np.ndarray]) -> list[tf.Tensor]:
    with tf.device("CPU:0"):  # where tf.data reads them
        return [tf.constant(column) for column in columns]


def once_a_pass(function: Callable, shape: tuple[int, ...]) -> tf.data.Dataset:
    """Builds a data set of one int64 element, which `function` computes anew for each iterator."""

    def element(_):
        return tf.ensure_shape(tf.numpy_function(function, [], tf.int64), shape)

    return tf.data.Dataset.range(1).map(element)


def _from_memory(
    spec: Any, columns: list[tf.Tensor], size: int, seed: int, epochs: Iterator[int]
) -> tf.data.Dataset:
    count = len(columns[0])
    dtypes = [part.dtype for part in tf.nest.flatten(spec)]

    def rows_of_pass():
        return order_of_epoch(count, seed, next(epochs))[: count // size * size].reshape(-1, size)

    def batch_of(rows):
        parts = [tf.gather(column, rows) for column in columns]
        parts = [
            to_signed(part) if part.dtype != dtype else part
            for part, dtype in zip(parts, dtypes, strict=True)
        ]
        return tf.nest.pack_sequence_as(spec, parts)

    return once_a_pass(rows_of_pass, (count // size, size)).unbatch().map(batch_of)


def _through_buffer(
    dataset: tf.data.Dataset, count: int, size: int, seed: int, epochs: Iterator[int]
) -> tf.data.Dataset:
    def seed_of_pass():
        return np.random.default_rng([next(epochs), seed]).integers(2**63)

    def one_pass(seed_of_pass):
        tf.random.set_seed(1)  # this graph's own: the global one would enter the order
        shuffled = dataset.shuffle(count, seed=seed_of_pass, reshuffle_each_iteration=False)
        return shuffled.batch(size, drop_remainder=True)

    return once_a_pass(seed_of_pass, ()).flat_map(one_pass)
