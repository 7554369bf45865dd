"""Finds out whether data can be read again as they were, and what prevents it."""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import keras

from keras_gan.data.fingerprints import DIGEST, digest, facts_of
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
    nodes = list(_nodes_of(dataset))
    facts = {**_facts_in_memory(nodes), **_seeds_in(nodes)}
    notes = [note for node in nodes for note in _notes_on(node)]
    shuffled = [node for node in nodes if _is_shuffle(node)]
    if any(note for node in nodes if not _is_shuffle(node) for note in _notes_on(node)):
        return Examined(facts, _unique(notes))
    if not shuffled and not any(map(_is_ordered_anew, nodes)):
        return examined(start, facts)
    found = _examined_before(dataset, [node for node in nodes if _is_ordered_anew(node)])
    return Examined({**found.facts, **facts}, _unique([*notes, *found.notes]))


def _examined_before(dataset: Any, ordered: list) -> Examined:
    """Examines the samples of a data set, whatever their order.

    Args:
        dataset: The data set.
        ordered: The parts of it for which `_is_ordered_anew` is true.
    """
    own = [node for node in ordered if hasattr(node, "passes_from")]
    small = _bytes_in_memory(_nodes_of(dataset)) <= MOST_BYTES
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
        node: A part for which `_is_ordered_anew` is true.
    """
    if hasattr(node, "passes_from"):
        yield examined_batches(node, _starts_of(node))
        return
    for each in node._inputs():
        yield examined(lambda first, each=each: each.repeat().skip(first), {})


def _facts_in_memory(nodes: list) -> dict:
    """Returns how many samples a data set holds in arrays, and digests of those that are numbers.

    Strings are ignored, because they may be paths in a folder that has been moved.
    """
    found = []
    for tensors in map(_tensors_of, nodes):
        if len({len(each) for each in tensors if each.shape.rank}) != 1:
            continue
        rows = [each for each in tensors if each.shape.rank]
        numbers = [each for each in rows if each.dtype.is_floating or each.dtype.is_integer]
        told = f" of digest {facts_of(numbers)[DIGEST]}" if numbers else ""
        found.append(f"{len(rows[0])}{told}")
    return {"samples in memory": ", ".join(found)} if found else {}


def _bytes_in_memory(nodes: Iterable) -> int:
    """Returns the size in bytes of the arrays that a data set holds."""
    tensors = [tensor for node in nodes for tensor in _tensors_of(node)]
    return sum((each.shape.num_elements() or 0) * max(each.dtype.size or 8, 1) for each in tensors)


def _tensors_of(node: Any) -> list:
    """The arrays in a part of a data set, as `from_tensor_slices` has them."""
    found = getattr(node, "_tensors", None) or []
    return [each for each in found if hasattr(each, "numpy")]


def _seeds_in(nodes: list) -> dict:
    """Returns the seeds of the seeded shuffles."""
    seeds = [tuple(map(int, _seeds_of(n))) for n in nodes if _is_shuffle(n) and not _is_unseeded(n)]
    return {"seeds of shuffle": ", ".join(map(str, seeds))} if seeds else {}


def _seeds_of(node: Any) -> list:
    """Returns the seed of the program and that of a part of a data set, if it has both."""
    found = [getattr(node, name, None) for name in ("_seed", "_seed2")]
    return [] if None in found else found


def _is_unseeded(node: Any) -> bool:
    """Whether a part of a data set draws random numbers without a seed."""
    seeds = _seeds_of(node)
    return bool(seeds) and all(int(seed) == 0 for seed in seeds)


def _is_shuffle(node: Any) -> bool:
    """Whether a part of a data set is a `shuffle`."""
    return hasattr(node, "_reshuffle_each_iteration")


def _is_ordered_anew(node: Any) -> bool:
    """Whether a part of a data set gives another order in every pass."""
    return hasattr(node, "passes_from") or getattr(node, "_reshuffle_each_iteration", False)


def _unique(notes: list) -> list:
    """Each note once."""
    return list(dict.fromkeys(notes))


def _starts_of(node: Any) -> Callable:
    """Returns a function from the number of a batch to the batches from there on."""
    count = int(node.cardinality())
    return lambda first: node.passes_from(*divmod(first, count)).repeat()


def _nodes_of(dataset: Any) -> Iterator:
    """Yields a data set and all data sets behind it, up to one of `kg.data.batches`."""
    yield dataset
    if not hasattr(dataset, "passes_from"):
        for each in dataset._inputs() if hasattr(dataset, "_inputs") else ():
            yield from _nodes_of(each)


def _notes_on(node: Any) -> Iterator[tuple[str, str]]:
    """Yields what differs between programs in one part of a data set, according to its graph."""
    if hasattr(node, "passes_from"):
        return
    if _is_unseeded(node):
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
        yield from _notes_on_graph(function.function.graph)


def _notes_on_graph(graph: Any) -> Iterator[tuple[str, str]]:
    """Yields what draws random numbers without a seed in a function, such as one of `map`."""
    if any("seed_generator_state" in variable.name for variable in graph.variables):
        yield (
            "A layer or function in the data set's map draws from a random stream of Keras, which "
            "moves on whenever the data are read",
            "pass the layer as kg.data.batches(…, augment=layer), which draws by seed and place",
        )
    definition = graph.as_graph_def()
    functions = [list(each.node_def) for each in definition.library.function]
    for op in itertools.chain(definition.node, *functions):
        unseeded = "seed2" in op.attr and not op.attr["seed"].i and not op.attr["seed2"].i
        if unseeded:
            yield (
                f"A function in the data set's map draws random numbers without a seed ({op.op})",
                "use tf.random.stateless_uniform or the like, or a Keras layer as "
                "kg.data.batches(…, augment=layer)",
            )


def py_dataset_note(dataset: keras.utils.PyDataset) -> tuple[str, str]:
    """Returns the note on a `PyDataset` whose batches change."""
    return (
        f"{type(dataset).__name__} gives other samples when the same batch is asked for again",
        "draw them in __getitem__ from np.random.default_rng([seed, index])",
    )
