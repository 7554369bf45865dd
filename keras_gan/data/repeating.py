"""Finds out whether data can be read again as they were, and what prevents it."""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import keras

from keras_gan.data.dataset_graphs import (
    bytes_in_memory,
    facts_in_memory,
    is_ordered_anew,
    is_shuffle,
    nodes_of,
    notes_on,
    seeds_in,
)
from keras_gan.data.fingerprints import DIGEST, digest
from keras_gan.data.unshuffled import MOST_BYTES, unshuffled

PATIENCE = 10.0  # seconds; slower batches are not read a second time
UNSTEADY = (
    "The data set gives other batches when it is read again",
    "seed what is random in it, or let kg.data.batches shuffle and augment",
)
SLOW = (
    f"The first two batches took more than {PATIENCE:g} s, and were not read again to check "
    "whether the data are those of the checkpoint and can be repeated",
    "check both yourself, or pass smaller batches, which are faster",
)
AUGMENT = (
    "augment changes the same batch in another way when it is drawn again, because its random "
    "numbers are not Keras's",
    "use a Keras layer, or keras.random, instead of tf.random and np.random",
)


@dataclasses.dataclass(frozen=True)
class Examined:
    """The result of an examination of data.

    Args:
        facts: What identifies them, by name; `None` for what is unknown.
        notes: Why a run on them cannot be repeated, each with a remedy; empty if it can be.
    """

    facts: dict
    notes: list[tuple[str, str]]


def _repeats(start: Callable[[int], Any]) -> tuple[bool | None, str | None]:
    """Whether the second batch stays the same in a stream that starts with it, and a digest of two.

    Both are `None` if the first two batches took too long.

    Args:
        start: As in a `Stream`.
    """
    begun = time.monotonic()
    read = list(itertools.islice(iter(start(0)), 2))
    if time.monotonic() - begun > PATIENCE:
        return None, None
    again = list(itertools.islice(iter(start(1)), 1))
    return digest(read[1:]) == digest(again), digest(read)


def examined(start: Callable, facts: dict, note: tuple[str, str] = UNSTEADY) -> Examined:
    """Examines a stream: whether it gives the same batches wherever it starts."""
    steady, found = _repeats(start)
    notes = {True: [], False: [note], None: [SLOW]}[steady]
    return Examined({DIGEST: found if steady else None, **facts}, notes)


def examined_batches(dataset: Any, start: Callable) -> Examined:
    """Examines data of `kg.data.batches`, which store their own facts.

    Args:
        dataset: The data set that it returned.
        start: As in a `Stream`, for its batches.
    """
    if dataset.unsteady is None:
        return Examined(dataset.facts(), [])
    return examined(start, dataset.facts(), dataset.unsteady)


def examined_set(dataset: Any, start: Callable) -> Examined:
    """Examines a `tf.data.Dataset` that is not of this library.

    If `shuffle` or `kg.data.batches` reorders it in every pass by a seed, the order of a pass is
    the same in every program. The data before the shuffle must then be the same, too.

    Args:
        dataset: The data set.
        start: As in a `Stream`.
    """
    nodes = list(nodes_of(dataset))
    facts = {**facts_in_memory(nodes), **seeds_in(nodes)}
    notes = [note for node in nodes for note in notes_on(node)]
    shuffled = [node for node in nodes if is_shuffle(node)]
    if any(note for node in nodes if not is_shuffle(node) for note in notes_on(node)):
        return Examined(facts, _unique(notes))
    if not shuffled and not any(map(is_ordered_anew, nodes)):
        return examined(start, facts)
    found = _examined_before(dataset, [node for node in nodes if is_ordered_anew(node)])
    return Examined({**found.facts, **facts}, _unique([*notes, *found.notes]))


def _examined_before(dataset: Any, ordered: list) -> Examined:
    """Examines the samples of a data set, whatever their order.

    Args:
        dataset: The data set.
        ordered: The parts of it for which `is_ordered_anew` is true.
    """
    own = [node for node in ordered if hasattr(node, "passes_from")]
    small = bytes_in_memory(nodes_of(dataset)) <= MOST_BYTES
    plain = unshuffled(dataset) if small and not own else None
    if plain is not None:
        return examined(lambda first: plain.repeat().skip(first), {})
    found = [each for node in ordered for each in _examined_inputs(node)]
    facts = {}
    for number, each in enumerate(found):
        mark = f" ({number + 1})" if number else ""
        facts |= {f"{name}{mark}": fact for name, fact in each.facts.items()}
    return Examined(facts, [note for each in found for note in each.notes])


def _examined_inputs(node: Any) -> Iterator[Examined]:
    """Examines the inputs of a part of a data set that gives another order in every pass.

    Args:
        node: A part for which `is_ordered_anew` is true.
    """
    if hasattr(node, "passes_from"):
        yield examined_batches(node, _starts_of(node))
        return
    for each in node._inputs():
        yield examined(lambda first, each=each: each.repeat().skip(first), {})


def _unique(notes: list) -> list:
    """Each note once."""
    return list(dict.fromkeys(notes))


def _starts_of(node: Any) -> Callable:
    """Returns a function from the number of a batch to the batches from there on."""
    count = int(node.cardinality())
    return lambda first: node.passes_from(*divmod(first, count)).repeat()


def py_dataset_note(dataset: keras.utils.PyDataset) -> tuple[str, str]:
    """Returns the note on a `PyDataset` whose batches change."""
    return (
        f"{type(dataset).__name__} gives other samples when the same batch is asked for again",
        "draw them in __getitem__ from np.random.default_rng([seed, index])",
    )
