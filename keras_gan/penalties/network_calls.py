"""The calls of layers and operations between a network's samples and its scores."""

import contextlib
import dataclasses
import functools
import json
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
from keras import ops
from keras.src.models.functional import Functional

from keras_gan.networks.analysis.overriding import overridden

MANY = 2**11  # numbers in an argument, above which fewer samples and positions tell as much
SIZES = ("name", "filters", "units", "seed")  # by which rules of differentiation do not change
STARTS = ("_initializer", "_regularizer", "_constraint")  # nor by these


@dataclasses.dataclass(eq=False)
class Call:
    """One call of a layer or operation.

    Args:
        operation: A `keras.Operation`, which every layer is.
        args: Its positional arguments.
        kwargs: Its named arguments.
        outputs: What it returned; `None` while it runs.
        is_node: Whether it is a node of the network's graph, not a layer within another layer.
    """

    operation: keras.Operation
    args: tuple
    kwargs: dict
    outputs: Any
    is_node: bool

    @property
    def inputs(self) -> list:
        """The floating tensors among the arguments."""
        return list(filter(is_floating, keras.tree.flatten((self.args, self.kwargs))))

    def given(self, inputs: list, training: bool | None = None):
        """Calls the operation with other floating tensors.

        Args:
            inputs: As many as `self.inputs`.
            training: Whether in training mode; `None` for that of the call.
        """
        replaced = iter(inputs)
        args, kwargs = keras.tree.map_structure(
            lambda each: next(replaced) if is_floating(each) else each, (self.args, self.kwargs)
        )
        if training is not None and "training" in kwargs:
            kwargs = {**kwargs, "training": training}
        return self.operation(*args, **kwargs)

    def smaller(self, samples: int) -> "Call":
        """Returns the call reduced to two samples and eight positions per axis, if it is large.

        Args:
            samples: The number of samples in the call.
        """

        def cut(each):
            if not keras.ops.is_tensor(each) or not len(each.shape):
                return each
            if each.shape[0] == samples:
                each = each[:2]
            for axis in range(1, len(each.shape) - 1):
                each = ops.take(each, np.arange(min(8, each.shape[axis])), axis=axis)
            return each

        if all(np.prod(each.shape) <= MANY for each in self.inputs):
            return self
        args, kwargs = keras.tree.map_structure(cut, (self.args, self.kwargs))
        return dataclasses.replace(self, args=args, kwargs=kwargs, outputs=None)

    def likeness(self):
        """A value that is equal for layers of Keras or ours that differ in sizes alone."""
        layers = layers_of(self.operation)
        known = all(type(each).__module__.startswith(("keras.", "keras_gan.")) for each in layers)
        if not known or not 1 <= len(layers) <= 2 or isinstance(layers[0], keras.layers.Lambda):
            return id(self)
        functions = tuple(getattr(each, "activation", None) for each in layers)
        if not all(f is None or f.__module__.startswith("keras.") for f in functions):
            return id(self)
        with warnings.catch_warnings():  # of Keras, for what of the user's cannot be saved
            warnings.simplefilter("ignore")
            try:
                config = json.dumps(_without_sizes(self.operation.get_config()), default=str)
            except Exception:
                return id(self)
        ranks = tuple(len(each.shape) for each in self.inputs)
        return type(self.operation), config, ranks, functions, repr(self.kwargs.get("training"))


def recorded_calls(network: keras.Model, function: Callable) -> tuple[Any, list[Call]]:
    """Runs a function that calls a network, and records all calls on the way, as they end.

    Args:
        network: A built `keras.Model`.
        function: A function without arguments.

    Returns:
        What the function returned, and a list of calls.
    """
    calls = []
    nodes = list(_nodes_of(network))
    inner = [layer for node in nodes for layer in layers_of(node)]
    operations = {id(each): each for each in [*inner, *nodes]}
    with contextlib.ExitStack() as stack:
        for each in operations.values():
            is_node = any(each is node for node in nodes)
            stack.enter_context(
                overridden(each, functools.partial(_recorded, each, is_node, calls))
            )
        outputs = function()
    return outputs, [call for call in calls if all(map(_is_concrete, call.inputs))]


def _recorded(operation: keras.Operation, is_node: bool, calls: list, call: Callable) -> Callable:
    """Returns the `call` of an operation, changed so that it also adds each call to a list."""

    def call_and_tell(*args, **kwargs):
        outputs = call(*args, **kwargs)
        calls.append(Call(operation, args, kwargs, outputs, is_node))
        return outputs

    return call_and_tell


def _nodes_of(network: keras.Operation) -> Iterator[keras.Operation]:
    """Yields the layers and operations of a network's graph and of the graphs in it."""
    graph = network._functional if isinstance(network, keras.Sequential) else network
    plain = type(network).__call__ is keras.Model.__call__ and type(network).call in (
        Functional.call,
        keras.Sequential.call,
    )
    if not (isinstance(graph, Functional) and plain):
        yield network
        return
    for operation in graph.operations:
        if isinstance(operation, keras.Model):
            yield from _nodes_of(operation)
        elif not isinstance(operation, keras.layers.InputLayer):
            yield operation


def layers_of(operation: keras.Operation) -> list[keras.Layer]:
    """Returns a layer and all layers in it; an empty list for another operation."""
    return list(operation._flatten_layers()) if isinstance(operation, keras.Layer) else []


def _without_sizes(config):
    """Returns a configuration without names, sizes and initial values."""
    if isinstance(config, dict):
        return {
            key: _without_sizes(value)
            for key, value in config.items()
            if key not in SIZES and not str(key).endswith(STARTS)
        }
    if isinstance(config, (list, tuple)):
        return [_without_sizes(each) for each in config]
    return config


def is_floating(each) -> bool:
    """Whether a value is a tensor of floating-point numbers."""
    return keras.ops.is_tensor(each) and keras.backend.is_float_dtype(each.dtype)


def _is_concrete(tensor) -> bool:
    """Whether a tensor has values: it has none while a loop is traced."""
    try:
        ops.convert_to_numpy(tensor)
    except Exception:
        return False
    return True
