"""A `tf.data.Dataset` without its shuffles, to examine the data before them."""

from __future__ import annotations

from typing import Any

from keras_gan.data.lazy import tf

MOST_BYTES = 2**27  # of arrays in a graph, which is copied three times and may hold 2 GiB


def unshuffled(dataset: Any) -> Any:
    """Returns the data set without any `shuffle`, or `None` if that is impossible.

    Its order is the same in every program, and reading it does not advance the shuffles.

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
    """Returns a copy of the graph of a data set."""
    from tensorflow.python.data.ops.options import ExternalStatePolicy

    found = dataset._as_serialized_graph(external_state_policy=ExternalStatePolicy.IGNORE)
    return tf.compat.v1.GraphDef.FromString(found.numpy())


def _without_shuffles(nodes: Any) -> None:
    """Connects every node to the inputs of a shuffle instead of to the shuffle."""
    shuffles = {node.name: node for node in nodes if node.op.startswith("ShuffleDataset")}
    for node in nodes:
        for i, name in enumerate(node.input):
            while (shuffle := shuffles.get(name.partition(":")[0])) is not None:
                name = shuffle.input[0]
            node.input[i] = name
