"""The labels that a network can look up, read from its graph."""

import keras
import numpy as np

from keras_gan.layers.one_hot import OneHot
from keras_gan.networks.analysis.graphs import graph_of, nodes_of

MOST_LOOKED_AT = 4096  # labels, each of which is sent through the graph


def limits_behind(network: keras.Model, label) -> dict[str, int]:
    """The sizes of the tables in which a network looks up an input's values, by name.

    A table is a `kg.layers.OneHot`, a `keras.layers.Embedding` or `CategoryEncoding`, or
    `keras.ops.one_hot`, in the network itself or in a model within it. Tables for values computed
    from the labels, such as `label // 2`, do not count, since those have another range.

    Args:
        network: A `keras.Model`. Without a graph the result is empty.
        label: One of its inputs.

    Example:

    >>> label = keras.Input((), dtype="int32")
    >>> embedding = keras.layers.Embedding(10, 4, name="digits")
    >>> limits_behind(keras.Model(label, embedding(label)), label)
    {'digits': 10}
    """
    found, alone = {}, {id(label)}
    for node in nodes_of(network):
        if not node.input_tensors:
            continue
        same = [id(tensor) in alone for tensor in node.input_tensors]
        if all(same):
            alone |= {id(tensor) for tensor in node.outputs}
        inner = graph_of(node.operation)
        if inner is not None:
            for tensor, entry, only in zip(node.input_tensors, inner.inputs, same, strict=False):
                if only and _keeps(label, tensor, MOST_LOOKED_AT):
                    found |= limits_behind(inner, entry)
            continue
        size = _table_size(node.operation)
        if size is not None and same[0] and _keeps(label, node.input_tensors[0], size):
            found[node.operation.name] = size
    return found


def _table_size(operation) -> int | None:
    """The size of the table in which an operation looks values up; `None` without a table."""
    if isinstance(operation, keras.layers.Embedding):
        return operation.input_dim
    if isinstance(operation, OneHot):
        return operation.classes
    if isinstance(operation, keras.layers.CategoryEncoding):
        return operation.num_tokens
    return getattr(operation, "num_classes", None)  # of keras.ops.one_hot


def _keeps(label, tensor, size: int) -> bool:
    """Whether a tensor computed from the label still has the label's values."""
    if tensor is label:
        return True
    values = np.arange(min(2 * size + 1, MOST_LOOKED_AT), dtype="int32")
    shape = (-1, *(1 for _ in label.shape[1:]))
    given = keras.ops.convert_to_tensor(values.reshape(shape))
    passed = keras.ops.convert_to_numpy(keras.Model(label, tensor)(given, training=False))
    return passed.size == values.size and np.array_equal(passed.ravel(), values)
