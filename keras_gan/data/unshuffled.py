"""A `tf.data.Dataset` without its shuffles, for a look at what they put in order."""

from __future__ import annotations

from typing import Any

from keras_gan.data.lazy import tf

MOST_BYTES = 2**27  # of arrays in a graph, which is copied three times and may hold 2 GiB


def unshuffled(dataset: Any) -> Any:
    """The same data set as if `shuffle` were nowhere in it; `None` where that cannot be made.

    Its order is the same in every program, and reading it moves no shuffle on.

    Args:
        dataset: A `tf.data.Dataset`.

    Example:

    >>> shuffled = tf.data.Dataset.range(4).shuffle(4, seed=1).map(lambda i: 10 * i)
    >>> [int(i) for i in unshuffled(shuffled)]
    [0, 10, 20, 30]
    """
    try:
        graph = _graph_of(dataset)
        _without_shuffles(graph.node)
        for function in graph.library.function:
            _without_shuffles(function.node_def)
        variant = tf.raw_ops.DatasetFromGraph(graph_def=graph.SerializeToString())
        return tf.data.experimental.from_variant(variant, dataset.element_spec)
    except Exception:  # what else a graph can hold is not known
        return None


def _graph_of(dataset: Any):
    """The graph of a data set, its own copy."""
    from tensorflow.python.data.ops.options import ExternalStatePolicy

    found = dataset._as_serialized_graph(external_state_policy=ExternalStatePolicy.IGNORE)
    return tf.compat.v1.GraphDef.FromString(found.numpy())


def _without_shuffles(nodes: Any) -> None:
    """Lets every node read what a shuffle would read, instead of the shuffle."""
    shuffles = {node.name: node for node in nodes if node.op.startswith("ShuffleDataset")}
    for node in nodes:
        for i, name in enumerate(node.input):
            while (shuffle := shuffles.get(name.partition(":")[0])) is not None:
                name = shuffle.input[0]
            node.input[i] = name
