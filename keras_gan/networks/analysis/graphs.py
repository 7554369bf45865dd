"""A network's graph: its calls, and what its outputs are computed from."""

import keras


def graph_of(operation):
    """The functional model behind an operation, also behind a `Sequential`; `None` without one."""
    if isinstance(operation, keras.Sequential):
        return operation._functional
    return operation if hasattr(operation, "_nodes_by_depth") else None


def nodes_of(network: keras.Model) -> list:
    """The calls in a network's graph, from its inputs to its outputs; `[]` without a graph."""
    graph = graph_of(network)
    by_depth = {} if graph is None else graph._nodes_by_depth
    return [node for depth in sorted(by_depth, reverse=True) for node in by_depth[depth]]


def behind(network: keras.Model, outputs: list) -> tuple[set, set]:
    """What a network computes some of its outputs from.

    Args:
        network: A `keras.Model` with a graph.
        outputs: Some of `network.outputs`.

    Returns:
        Two sets of ids: of the tensors that lead to these outputs, including the network's inputs,
        and of the trainable variables that do.
    """
    tensors, variables = {id(tensor) for tensor in outputs}, set()
    for node in reversed(nodes_of(network)):
        used = [i for i, tensor in enumerate(node.outputs) if id(tensor) in tensors]
        if not used:
            continue
        inner = graph_of(node.operation)
        if inner is None or len(inner.inputs) != len(node.input_tensors):
            tensors |= {id(tensor) for tensor in node.input_tensors}
            variables |= {id(v) for v in getattr(node.operation, "trainable_variables", ())}
            continue
        within, weights = behind(inner, [inner.outputs[i] for i in used])
        entries = zip(node.input_tensors, inner.inputs, strict=True)
        tensors |= {id(outer) for outer, entry in entries if id(entry) in within}
        variables |= weights
    return tensors, variables
