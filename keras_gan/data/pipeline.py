"""From single samples to the batches that `fit` trains on."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from keras_gan.data.augmentation import augmented, build, told
from keras_gan.data.fingerprints import NUMBER, facts_of
from keras_gan.data.lazy import tf
from keras_gan.data.repeating import AUGMENT, UNSTEADY
from keras_gan.data.reseeding import keys_of_pass
from keras_gan.data.stored import Stored, checked, chunks, stored

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
    """Returns one shuffled, batched, prefetched pass over the data an epoch.

    Pass e visits the samples in an order that depends on nothing but the seed and e, the
    number of passes begun on the returned data set before it: the same seed gives the same
    batches again, `.repeat()` reshuffles in every pass, and so does every epoch of `fit`. An
    incomplete last batch is left out; since the order changes, no sample is left out always.

    Args:
        dataset: A `tf.data.Dataset` of single samples `x` or tuples `(x, label)`, as `load`
            returns it, or an array, or a pair of arrays, as `load` takes them.
        batch_size: Samples a step of one network sees.
        discriminator_steps: Steps of the discriminator per step of the generator; each
            batch has `batch_size * discriminator_steps` samples, a fresh part for each step.
        seed: Decides the order.
        augment: A Keras (or keras-cv) layer or a function of TensorFlow's operations, applied to
            each batch of x as `(batch, height, width, channels)` float32 in [-1, 1]; it must keep
            the shape. Mind a layer's own convention: its `value_range` is `(-1, 1)` and black is
            `fill_value=-1`. What Keras's random streams give it depends on `seed`, the layer's own
            seeds, the pass and the batch's place in it; TensorFlow's and NumPy's random numbers
            (keras-cv's RandAugment draws such) do not, and differ between runs. On JAX,
            preprocessing layers are fastest alone or in a `keras.layers.Pipeline`.
        cache: Read the data once and hold them in memory, images that came from bytes as bytes.
            False reads them again in every pass, for data that change by themselves, through a
            buffer that still holds one pass.
        value_range: Where the values of float samples must lie, as in `load`; None for anywhere,
            and for series `(n, time, channels)` in an array.

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
    result.passes_from = passes_from  # for callbacks.Checkpoint, which goes on in the middle

    def facts():
        found = facts_of(samples.columns) if cache else {NUMBER: count}
        return {**found, "seed of the data": seed}

    known(result, facts, augment, None if cache else UNSTEADY)
    return result


def known(result: tf.data.Dataset, facts: Callable[[], dict], augment, unsteady=None) -> None:
    """Notes at a data set what tells it from others, and what may keep it from being repeated.

    Args:
        result: What `batches` returns.
        facts: Gives what is known of the samples.
        augment: As in `batches`.
        unsteady: As in `repeating.Examined`, of data that may change by themselves.
    """
    result.unsteady = unsteady if augment is None else AUGMENT
    result.facts = lambda: {**facts(), "augment": None if augment is None else told(augment)}


def batches_of(keyed: tf.data.Dataset, augment: Callable | None) -> tf.data.Dataset:
    """The batches of pairs of a key and a batch, augmented where that is asked for."""
    return keyed.map(lambda key, batch: batch) if augment is None else augmented(keyed, augment)


def places(first: int, skipped: int = 0) -> Iterator[tuple[int, int]]:
    """Where passes begin: the number of each, and how many of its batches are left out.

    Args:
        first: The number of the first pass.
        skipped: How many batches are left out of that one; none of later ones.

    Example:

    >>> list(itertools.islice(places(5, 2), 3))
    [(5, 2), (6, 0), (7, 0)]
    """
    return itertools.chain([(first, skipped)], ((n, 0) for n in itertools.count(first + 1)))


def ready(batches: tf.data.Dataset, count: int | None) -> tf.data.Dataset:
    """The batches, so many a pass if that is known, some of them made while a step runs."""
    if count is not None:
        batches = batches.apply(tf.data.experimental.assert_cardinality(count))
    return batches.prefetch(_PREFETCHED).with_options(untuned())


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


def check_sizes(batch_size: int, discriminator_steps: int) -> None:
    """Refuses sizes that are none."""
    for name, value in (("batch_size", batch_size), ("discriminator_steps", discriminator_steps)):
        if not isinstance(value, int | np.integer) or value < 1:
            raise ValueError(f"{name} must be a positive integer; received {value!r}.")


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
    """Builds one pass over samples in memory, in batches with their keys; the next an iterator.

    Args:
        samples: The samples, at least one batch of them.
        size: Of a batch.
        seed: Decides the order of the epochs, that is of all samples but what fills no batch.
        passes: Gives the number of a pass when it begins, and how many batches it leaves out.
        steps: Batches a pass, which go on where those of the pass before ended, in the middle of
            an epoch or across several. Defaults to those of an epoch.
    """
    of_epoch = samples.count // size
    steps = steps or of_epoch

    def rows_of_pass():
        number, skipped = next(passes)
        first = number * steps
        epochs = range(first // of_epoch, (first + steps - 1) // of_epoch + 1)
        orders = [order_of_epoch(samples.count, seed, e)[: of_epoch * size] for e in epochs]
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
