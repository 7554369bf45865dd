"""From single samples to the batches that `fit` trains on."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from keras_gan.arguments import whole
from keras_gan.data.augmentation import augmented, build, told
from keras_gan.data.columns import Stored
from keras_gan.data.fingerprints import NUMBER, facts_of
from keras_gan.data.in_memory import checked, chunks, stored
from keras_gan.data.lazy import tf
from keras_gan.data.options import untuned
from keras_gan.data.repeating import AUGMENT, UNSTEADY
from keras_gan.data.reseeding import keys_of_pass

_PREFETCHED = 2  # batches made ready while a step runs


def batches(
    dataset: Any,
    batch_size: int,
    discriminator_steps: int = 1,
    seed: int = 0,
    augment: Callable | None = None,
    cache: bool = True,
    value_range="auto",
) -> tf.data.Dataset:
    """Returns shuffled, batched, prefetched data: one pass per epoch.

    The order of the samples in pass e depends only on the seed and on e, the number of earlier
    passes over the returned data set: the same seed gives the same batches again, and every epoch
    of `fit`, like every pass of `.repeat()`, has a new order. An incomplete last batch is left out;
    as the order changes, no sample is left out in every pass.

    Args:
        dataset: A `tf.data.Dataset` of single samples `x` or tuples `(x, label)`, as `load`
            returns it, or an array, or a pair of arrays, as `load` takes them.
        batch_size: Samples per step of one network.
        discriminator_steps: Steps of the discriminator per step of the generator; each
            batch has `batch_size * discriminator_steps` samples, other ones for each step.
            Defaults to 1.
        seed: Decides the order. Defaults to 0.
        augment: A Keras (or keras-cv) layer or a function of TensorFlow's operations, applied to
            each batch of x as `(batch, height, width, channels)` float32 in [-1, 1]; it must keep
            the shape. Layers have conventions of their own: pass `value_range=(-1, 1)`, and
            `fill_value=-1` for black. Keras's random streams draw numbers that depend on `seed`,
            the layer's own seeds, the pass and the batch's place in it; random numbers of
            TensorFlow and NumPy (as in keras-cv's RandAugment) differ between runs. On JAX,
            preprocessing layers are fastest alone or in a `keras.layers.Pipeline`. Defaults to
            None.
        cache: Whether to read the data once and keep them in memory, images from bytes as bytes.
            (Of a folder that is too large for memory `load` keeps the paths.) False reads them in
            every pass, for data that change, through a buffer that still holds one pass. Defaults
            to True.
        value_range: Where the values of float samples must lie, as in `load`; None for any values,
            and for series `(n, time, channels)` in an array. Defaults to "auto".

    Returns:
        A `tf.data.Dataset` of known length.

    Raises:
        ValueError: For data that are empty, endless, smaller than one batch, already
            batched, of different shapes, not finite, or on another scale.

    Example:

    >>> from keras_gan import data
    >>> dataset = data.batches(data.load("digits"), batch_size=64, discriminator_steps=2)
    >>> len(dataset), dataset.element_spec.shape
    (14, TensorShape([128, 8, 8, 1]))
    """
    check_sizes(batch_size, discriminator_steps)
    dataset = checked(dataset, value_range)
    size = int(batch_size * discriminator_steps)
    samples = stored(dataset, value_range) if cache else None
    count = samples.count if cache else sum(len(chunk[0]) for chunk in chunks(dataset, value_range))
    check_count(count, batch_size, discriminator_steps)
    if augment is not None:
        build(augment, size, dataset.element_spec)

    def passes_from(first: int, skipped: int = 0) -> tf.data.Dataset:
        begun = places(first, skipped)
        if cache:
            keyed = from_memory(samples, size, seed, begun)
        else:
            keyed = _through_buffer(dataset, count, size, seed, begun)
        return ready(batches_of(keyed, augment), None if skipped else count // size)

    result = passes_from(0)
    if cache and augment is None:
        result.extremes = samples.extremes  # all that fit would look for
    result.passes_from = passes_from  # for callbacks.Checkpoint, which continues in the middle

    def facts():
        found = facts_of(samples.columns) if cache else {NUMBER: count}
        return {**found, "seed of the data": seed}

    known(result, facts, augment, None if cache else UNSTEADY)
    return result


def known(result: tf.data.Dataset, facts: Callable[[], dict], augment, unsteady=None) -> None:
    """Stores in a data set what identifies it, and what may keep it from being repeated.

    Args:
        result: The data set that `batches` returns.
        facts: Returns the known facts about the samples.
        augment: As in `batches`.
        unsteady: A note as in `repeating.Examined`, for data that may change.
    """
    result.unsteady = unsteady if augment is None else AUGMENT
    result.facts = lambda: {**facts(), "augment": None if augment is None else told(augment)}


def batches_of(keyed: tf.data.Dataset, augment: Callable | None) -> tf.data.Dataset:
    """Returns the batches of pairs (key, batch), augmented unless `augment` is `None`."""
    return keyed.map(lambda key, batch: batch) if augment is None else augmented(keyed, augment)


def places(first: int, skipped: int = 0) -> Iterator[tuple[int, int]]:
    """Yields the number of each pass, and how many batches at its start are left out.

    Args:
        first: The number of the first pass.
        skipped: How many batches the first pass leaves out. Later passes leave out 0.

    Example:

    >>> list(itertools.islice(places(5, 2), 3))
    [(5, 2), (6, 0), (7, 0)]
    """
    return itertools.chain([(first, skipped)], ((n, 0) for n in itertools.count(first + 1)))


def ready(batches: tf.data.Dataset, count: int | None) -> tf.data.Dataset:
    """Returns the batches, prefetched, with their number per pass if it is known."""
    if count is not None:
        batches = batches.apply(tf.data.experimental.assert_cardinality(count))
    return batches.prefetch(_PREFETCHED).with_options(untuned())


def order_of_epoch(count: int, seed: int, epoch: int) -> np.ndarray:
    """Returns the permutation of `range(count)` in which an epoch visits the samples."""
    return np.random.default_rng([epoch, seed]).permutation(count)


def check_sizes(batch_size: int, discriminator_steps: int) -> None:
    """Refuses sizes other than whole numbers of at least 1."""
    whole("batch_size", batch_size)
    whole("discriminator_steps", discriminator_steps)


def check_count(count: int, batch_size: int, discriminator_steps: int) -> None:
    """Refuses data that do not fill one batch."""
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


def once_a_pass(function: Callable, shape: tuple[int | None, ...]) -> tf.data.Dataset:
    """Builds a data set of one int64 element, which `function` computes anew for each iterator."""

    def element(_):
        return tf.ensure_shape(tf.numpy_function(function, [], tf.int64), shape)

    return tf.data.Dataset.range(1).map(element)


def from_memory(
    samples: Stored,
    size: int,
    seed: int,
    passes: Iterator[tuple[int, int]],
    steps: int | None = None,
) -> tf.data.Dataset:
    """Builds a data set of batches with their keys from samples in memory; each iterator is a pass.

    Args:
        samples: The samples, at least one batch of them.
        size: The number of samples in a batch.
        seed: Decides the order of samples in each epoch, which leaves out an incomplete batch.
        passes: Yields, when a pass begins, its number and how many batches it leaves out.
        steps: Batches per pass. A pass starts where the one before ended, even in the middle of an
            epoch or across several. Defaults to the batches of an epoch.
    """
    count, of_epoch = samples.count, samples.count // size
    steps = steps or of_epoch

    def rows_of_pass():  # TensorFlow never forgets it, nor what it mentions: not the samples
        number, skipped = next(passes)
        first = number * steps
        epochs = range(first // of_epoch, (first + steps - 1) // of_epoch + 1)
        orders = [order_of_epoch(count, seed, e)[: of_epoch * size] for e in epochs]
        batches = np.concatenate(orders).reshape(-1, size)
        rows = batches[first % of_epoch :][:steps]
        return np.concatenate([keys_of_pass(steps, seed, number), rows], axis=1)[skipped:]

    def batch_of(row):
        return row[:2], samples.gathered(row[2:])

    return once_a_pass(rows_of_pass, (None, 2 + size)).unbatch().map(batch_of)


def _through_buffer(
    dataset: tf.data.Dataset, count: int, size: int, seed: int, passes: Iterator[tuple[int, int]]
) -> tf.data.Dataset:
    def start_of_pass():
        number, skipped = next(passes)
        order = np.random.default_rng([number, seed]).integers(2**63)
        return np.array([order, skipped, *keys_of_pass(count // size, seed, number).ravel()])

    def one_pass(start):
        tf.random.set_seed(1)  # this graph's own: the global one would enter the order
        shuffled = dataset.shuffle(count, seed=start[0], reshuffle_each_iteration=False)
        keys = tf.data.Dataset.from_tensor_slices(tf.reshape(start[2:], (-1, 2)))
        batches = shuffled.batch(size, drop_remainder=True)
        return tf.data.Dataset.zip(keys, batches).skip(start[1])

    return once_a_pass(start_of_pass, (2 + 2 * (count // size),)).flat_map(one_pass)
