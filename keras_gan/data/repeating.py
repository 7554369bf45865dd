"""Whether data come again as they were, and what keeps them from it."""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import keras

from keras_gan.data.fingerprints import DIGEST, digest

PATIENCE = 10.0  # seconds that a first batch may take for a second look to be worth it
UNSTEADY = (
    "The data set gives other batches when it is read again",
    "seed what is random in it, or let kg.data.batches shuffle and augment",
)
AUGMENT = (
    "augment changes the same batch in another way when it is drawn again, for it draws random "
    "numbers that are not Keras's",
    "take a Keras layer, or keras.random, instead of tf.random and np.random",
)


@dataclasses.dataclass(frozen=True)
class Examined:
    """What a look at data has found.

    Args:
        facts: What tells them from others, by name; `None` where that is not known.
        notes: Why a run on them cannot be repeated, each with a remedy; none if it can be.
    """

    facts: dict
    notes: list[tuple[str, str]]


def repeats(start: Callable[[int], Any]) -> tuple[bool, str | None]:
    """Whether the second batch is the same where one starts with it, and a digest of the first two.

    Args:
        start: As in a `Stream`.
    """
    begun = time.monotonic()
    read = list(itertools.islice(iter(start(0)), 2))
    if time.monotonic() - begun > PATIENCE:
        return True, None
    again = list(itertools.islice(iter(start(1)), 1))
    return digest(read[1:]) == digest(again), digest(read)


def examined(start: Callable, facts: dict, note: tuple[str, str] = UNSTEADY) -> Examined:
    """What a look at a stream finds that is the same from wherever one starts, or else is noted."""
    steady, found = repeats(start)
    return Examined({DIGEST: found if steady else None, **facts}, [] if steady else [note])


def examined_set(dataset: Any, start: Callable) -> Examined:
    """What a look at a `tf.data.Dataset` finds that is not of this library.

    Where `shuffle` or `kg.data.batches` orders it anew in every pass, by a seed, the order is that
    of the same pass in another program, and it is what comes before that has to be the same.

    Args:
        dataset: The data set.
        start: As in a `Stream`.
    """
    nodes = list(nodes_of(dataset))
    notes = [note for node in nodes for note in notes_on(node)]
    ordered = [node for node in nodes if is_ordered_anew(node)]
    if notes:
        return Examined({}, list(dict.fromkeys(notes)))
    if not ordered:
        return examined(start, {})
    notes = [note for node in ordered for note in notes_before(node)]
    return Examined({}, list(dict.fromkeys(notes)))


def is_ordered_anew(node: Any) -> bool:
    """Whether a part of a data set gives another order in every pass."""
    return hasattr(node, "passes_from") or getattr(node, "_reshuffle_each_iteration", False)


def notes_before(node: Any) -> list[tuple[str, str]]:
    """What differs in the samples of a part of a data set, whatever their order.

    Args:
        node: For which `is_ordered_anew` is true.
    """
    if hasattr(node, "passes_from"):
        start, note = starts_of(node), node.unsteady
        return [] if note is None or repeats(start)[0] else [note]
    inputs = node._inputs()
    steady = all(repeats(lambda first, d=d: d.repeat().skip(first))[0] for d in inputs)
    return [] if steady else [UNSTEADY]


def starts_of(node: Any) -> Callable:
    """A function from the number of a batch to what `kg.data.batches` gives from there on."""
    count = int(node.cardinality())
    return lambda first: node.passes_from(*divmod(first, count)).repeat()


def nodes_of(dataset: Any) -> Iterator:
    """A data set and all that it is made of, up to what `kg.data.batches` has made."""
    yield dataset
    if not hasattr(dataset, "passes_from"):
        for each in dataset._inputs() if hasattr(dataset, "_inputs") else ():
            yield from nodes_of(each)


def notes_on(node: Any) -> Iterator[tuple[str, str]]:
    """What in one part of a data set differs between programs, as its graph tells."""
    if hasattr(node, "passes_from"):
        return
    seeds = [getattr(node, name, None) for name in ("_seed", "_seed2")]
    if None not in seeds and all(int(seed) == 0 for seed in seeds):
        name = type(node).__name__.strip("_").removesuffix("Dataset").lower()
        yield (
            f"The data set calls {name}() without a seed",
            f"pass {name}(…, seed=0), or let kg.data.batches shuffle",
        )
    loose = node.options().deterministic is False or getattr(node, "_deterministic", "") == "false"
    if loose:
        yield (
            "The data set may give its batches in another order (deterministic=False)",
            "leave that option out",
        )
    for function in node._functions() if hasattr(node, "_functions") else ():
        yield from notes_on_graph(function.function.graph)


def notes_on_graph(graph: Any) -> Iterator[tuple[str, str]]:
    """What in a function of `map` and the like draws random numbers that no seed decides."""
    if any("seed_generator_state" in variable.name for variable in graph.variables):
        yield (
            "A layer or function in the data set's map draws from a random stream of Keras, which "
            "every look at the data moves on",
            "pass the layer as kg.data.batches(…, augment=layer), which draws by seed and place",
        )
    definition = graph.as_graph_def()
    functions = [list(each.node_def) for each in definition.library.function]
    for op in itertools.chain(definition.node, *functions):
        unseeded = "seed2" in op.attr and not op.attr["seed"].i and not op.attr["seed2"].i
        if unseeded:
            yield (
                f"A function in the data set's map draws random numbers without a seed ({op.op})",
                "take tf.random.stateless_uniform and the like, or a Keras layer as "
                "kg.data.batches(…, augment=layer)",
            )


def py_dataset_note(dataset: keras.utils.PyDataset) -> tuple[str, str]:
    """What to say of a `PyDataset` whose batches change."""
    return (
        f"{type(dataset).__name__} gives other samples when the same batch is asked for again",
        "draw them in __getitem__ from np.random.default_rng([seed, index])",
    )
