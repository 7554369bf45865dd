"""The hidden activations that a discriminator's last layer receives."""

import contextlib
from collections.abc import Iterator

import keras
from keras import layers

from keras_gan.networks.analysis.overriding import overridden


def hidden_of(discriminator: keras.Model) -> keras.Model:
    """The network from a discriminator's inputs to its last hidden activations.

    If a discriminator returns `(scores, features)`, these are the features. Otherwise they are the
    inputs of the last layer with a kernel, such as `Dense(1)` or `Conv2D(1, 4)`, with or without
    spectral normalization, also within nested and subclassed networks. Activations, pooling,
    reshaping and normalization after that layer do not count.

    Args:
        discriminator: A built functional `keras.Model`.

    Returns:
        A `keras.Model` that takes what the discriminator takes.

    Raises:
        ValueError: If there is no such layer, if there are several, or if the network is not a
            functional model.

    Example:

    >>> import keras_gan as kg
    >>> hidden_of(kg.networks.mlp_discriminator(width=32)).output_shape
    (None, 32)
    """
    outputs = getattr(discriminator, "outputs", None) or []
    if not outputs:
        raise ValueError(
            f"The discriminator {discriminator.name!r} is a subclass of keras.Model, whose layers "
            f"cannot be read: wrap it as keras.Model(x, network(x)) with x = keras.Input(shape)."
        )
    if len(outputs) == 2:
        return keras.Model(_as_given(discriminator.inputs), outputs[1])
    found = _heads(outputs[0])
    last = [seen for seen, values in found if values == 1] or [seen for seen, _ in found]
    distinct = list({id(seen): seen for seen in last}.values())
    if len(distinct) != 1:
        what = "come from several layers at once" if distinct else "come from no layer with weights"
        raise ValueError(
            f"The scores of the discriminator {discriminator.name!r} {what}, so its last hidden "
            f"layer is not defined: let it return (scores, features), as "
            f"kg.networks.mlp_discriminator(features=True) does."
        )
    return keras.Model(_as_given(discriminator.inputs), distinct[0])


def with_hidden(discriminator: keras.Model) -> keras.Model:
    """A discriminator that returns its last hidden activations beside its scores.

    Args:
        discriminator: A built functional `keras.Model`.

    Returns:
        The network itself if it returns `(scores, features)`; otherwise one of the same layers.

    Raises:
        ValueError: As `hidden_of`.

    Example:

    >>> import keras_gan as kg
    >>> with_hidden(kg.networks.mlp_discriminator(width=32)).output_shape
    [(None, 1), (None, 32)]
    """
    hidden = hidden_of(discriminator).outputs[0]
    if len(discriminator.outputs) == 2:
        return discriminator
    whole = keras.Model(_as_given(discriminator.inputs), [discriminator.outputs[0], hidden])
    whole.dtype_policy = discriminator.dtype_policy
    return whole


def _heads(tensor) -> list[tuple]:
    """The inputs of the last layers with a kernel before a symbolic tensor.

    Args:
        tensor: An output of a functional model.

    Returns:
        One pair per branch: such a layer's input, a symbolic tensor, and the size of its last
        output axis.
    """
    operation, node, index = tensor._keras_history
    given = operation._inbound_nodes[node].input_tensors if node is not None else []
    if getattr(operation, "outputs", None):  # a functional model within this one
        inner = _heads(operation.outputs[index])
        within = [(keras.Model(operation.inputs, seen)(_as_given(given)), n) for seen, n in inner]
        if within:
            return within
    elif isinstance(operation, layers.Layer) and _mixes(operation):
        seen = Seen(operation)(*given) if _has_own_layers(operation) else given[0]
        return [(seen, tensor.shape[-1])]
    return [head for each in given for head in _heads(each)]


def _as_given(tensors: list):
    """The tensors as a model takes them: one alone, several in a list."""
    return tensors[0] if len(tensors) == 1 else tensors


def _mixes(layer: layers.Layer) -> bool:
    """Whether a layer has a kernel; scales and shifts of channels or units do not count."""
    shape = getattr(layer, "_build_shapes_dict", None) or {}
    units = [tuple(each)[1:] for each in shape.values() if isinstance(each, (tuple, list))]
    return any(
        len(weight.shape) > 1 and tuple(weight.shape) not in units for weight in layer.weights
    )


def _has_own_layers(layer: layers.Layer) -> bool:
    """Whether a layer of a user's class, opaque to Keras's graph, calls other layers."""
    is_stock = isinstance(layer, layers.Wrapper) or type(layer).__module__.startswith("keras.")
    return not is_stock and any(_mixes(each) for each in _layers_within(layer))


def _layers_within(layer: layers.Layer) -> list[layers.Layer]:
    """The innermost layers within another one; a wrapper and what it wraps count as one."""
    found = []
    for each in layer._layers:
        is_whole = isinstance(each, layers.Wrapper) or not each._layers
        found += [each] if is_whole else _layers_within(each)
    return found


class Seen(layers.Layer):
    """The input of the last layer with a kernel among those that another layer or model calls.

    Args:
        whole: The layer or model.
    """

    def __init__(self, whole: layers.Layer):
        super().__init__()
        self.whole = whole

    def call(self, *inputs):
        """Calls the layer or model and returns that input, in the shape that it has there."""
        inner = {id(each): each for each in _layers_within(self.whole) if _mixes(each)}
        with _watched(list(inner.values())) as seen:
            self.whole(*inputs)
        return seen[-1]


@contextlib.contextmanager
def _watched(watched_layers: list[layers.Layer]) -> Iterator[list]:
    """A scope that lists the first input of each call of some layers, in the order of the calls."""
    seen = []

    def noting(call):
        def noted(*args, **kwargs):
            seen.append(args[0] if args else next(iter(kwargs.values())))
            return call(*args, **kwargs)

        return noted

    with contextlib.ExitStack() as stack:
        for layer in watched_layers:
            stack.enter_context(overridden(layer, noting))
        yield seen
