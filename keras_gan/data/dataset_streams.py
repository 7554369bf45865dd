"""Streams of the batches of a `tf.data.Dataset`, which can start at any step."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

from keras_gan.data.lazy import tf
from keras_gan.data.options import untuned
from keras_gan.data.repeating import Examined, examined_batches, examined_set


@dataclasses.dataclass(frozen=True)
class Stream:
    """An endless stream of batches, which depends only on where it starts.

    Args:
        steps_per_epoch: The number of batches in an epoch.
        start: A function from the number of a batch to that batch and all later ones, as data for
            `fit`: a `tf.data.Dataset`, or a generator of tuples of arrays.
        elements: The shapes and types of a batch, as a string.
        batch_size: The batch size of arrays; `None` for a data set.
        examined: Reads the data once more, to identify them and to find what cannot be repeated.
            It always reads the same amount, unless the first two batches are slow: then it says so,
            reads nothing again and gives no digest.
    """

    steps_per_epoch: int
    start: Callable[[int], tf.data.Dataset | Iterator[tuple]]
    elements: str
    batch_size: int | None = None
    examined: Callable[[], Examined] = lambda: Examined({}, [])


def from_dataset(dataset: tf.data.Dataset, steps_per_epoch: int | None) -> Stream:
    """Returns the stream of a data set; one of `kg.data.batches` starts anywhere at once."""
    count, elements = int(dataset.cardinality()), str(dataset.element_spec)
    if count < 0:  # endless or unknown
        if steps_per_epoch is None:
            raise ValueError(
                "The data set does not say how many batches it has: with Checkpoint pass "
                "steps_per_epoch, or dataset.apply(tf.data.experimental.assert_cardinality(n))."
            )
        source = _repeated_source(dataset)
        if source is None:
            return _foreign(dataset, dataset.skip, steps_per_epoch, elements)
        length = int(source.cardinality())
        stream = in_passes(source.passes_from, length, elements, endless_steps=steps_per_epoch)
        return _with_look(stream, source)
    if hasattr(dataset, "passes_from"):
        return _with_look(in_passes(dataset.passes_from, count, elements, steps_per_epoch), dataset)
    check_whole_passes(count, steps_per_epoch)
    repeated = _endless(dataset)
    return _foreign(dataset, repeated.skip, steps_per_epoch or count, elements)


def _foreign(dataset: tf.data.Dataset, start: Callable, steps: int, elements: str) -> Stream:
    """Returns the stream of a data set that is not of this library."""
    return Stream(steps, start, elements, examined=lambda: examined_set(dataset, start))


def _with_look(stream: Stream, dataset: tf.data.Dataset) -> Stream:
    """Returns the stream of a data set of `kg.data.batches`, which stores its own facts."""
    return dataclasses.replace(stream, examined=lambda: examined_batches(dataset, stream.start))


def _repeated_source(dataset: tf.data.Dataset) -> tf.data.Dataset | None:
    """Returns the data set of `kg.data.batches` whose `.repeat()` this is, or `None`."""
    inputs = dataset._inputs() if hasattr(dataset, "_inputs") else []
    is_repeat = len(inputs) == 1 and dataset.cardinality() == tf.data.INFINITE_CARDINALITY
    return inputs[0] if is_repeat and hasattr(inputs[0], "passes_from") else None


def in_passes(
    passes_from, count: int, elements: str, steps_per_epoch=None, endless_steps=None
) -> Stream:
    """Returns the stream of passes of `count` batches, which can begin at any pass."""
    if endless_steps is None:
        check_whole_passes(count, steps_per_epoch)

    def start(first: int) -> tf.data.Dataset:
        return _endless(passes_from(*divmod(first, count)))

    return Stream(endless_steps or steps_per_epoch or count, start, elements)


def _endless(dataset: tf.data.Dataset) -> tf.data.Dataset:
    """Repeats the data set without tf.data's tuner, which would delay the end of `fit`."""
    return dataset.repeat().with_options(untuned())


def check_whole_passes(count: int, steps_per_epoch: int | None) -> None:
    """Refuses epochs that would run out of data before their end.

    Raises:
        ValueError: See `stream_of`.
    """
    if steps_per_epoch is not None and count % steps_per_epoch:
        raise ValueError(
            f"The data have {count} batches, which do not divide evenly into epochs of "
            f"steps_per_epoch={steps_per_epoch}: leave steps_per_epoch out, or repeat() the data "
            f"set."
        )
