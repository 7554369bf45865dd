"""Reads the graph of a `tf.data.Dataset`: its parts, its seeds, and what cannot be repeated."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from keras_gan.data.fingerprints import DIGEST, facts_of


def nodes_of(dataset: Any) -> Iterator:
    """Yields a data set and all data sets behind it, up to one of `kg.data.batches`."""
    yield dataset
    if not hasattr(dataset, "passes_from"):
        for each in dataset._inputs() if hasattr(dataset, "_inputs") else ():
            yield from nodes_of(each)


def notes_on(node: Any) -> Iterator[tuple[str, str]]:
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
            "advances whenever the data are read",
            "pass the layer as kg.data.batches(…, augment=layer), which draws by seed and position",
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


def facts_in_memory(nodes: list) -> dict:
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


def bytes_in_memory(nodes: Iterable) -> int:
    """Returns the size in bytes of the arrays that a data set holds."""
    tensors = [tensor for node in nodes for tensor in _tensors_of(node)]
    return sum((each.shape.num_elements() or 0) * max(each.dtype.size or 8, 1) for each in tensors)


def _tensors_of(node: Any) -> list:
    """The arrays in a part of a data set, as `from_tensor_slices` has them."""
    found = getattr(node, "_tensors", None) or []
    return [each for each in found if hasattr(each, "numpy")]


def seeds_in(nodes: list) -> dict:
    """Returns the seeds of the seeded shuffles."""
    seeds = [tuple(map(int, _seeds_of(n))) for n in nodes if is_shuffle(n) and not _is_unseeded(n)]
    return {"seeds of shuffle": ", ".join(map(str, seeds))} if seeds else {}


def _seeds_of(node: Any) -> list:
    """Returns the seed of the program and that of a part of a data set, if it has both."""
    found = [getattr(node, name, None) for name in ("_seed", "_seed2")]
    return [] if None in found else found


def _is_unseeded(node: Any) -> bool:
    """Whether a part of a data set draws random numbers without a seed."""
    seeds = _seeds_of(node)
    return bool(seeds) and all(int(seed) == 0 for seed in seeds)


def is_shuffle(node: Any) -> bool:
    """Whether a part of a data set is a `shuffle`."""
    return hasattr(node, "_reshuffle_each_iteration")


def is_ordered_anew(node: Any) -> bool:
    """Whether a part of a data set gives another order in every pass."""
    return hasattr(node, "passes_from") or getattr(node, "_reshuffle_each_iteration", False)
