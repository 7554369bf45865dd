"""What a network does after its last layers with trainable weights, as a function to try out."""

import contextlib
import dataclasses

import keras
import numpy as np
from keras import layers, ops
from keras.src.models.functional import Functional

from keras_gan.networks.analysis.layer_trials import (
    SMALL_TOP,
    LayerTrial,
    as_array,
    bends,
    bounds_of,
    called,
    grid,
    moves,
    noise,
    shape_of,
    weights_of,
)

OWN_CALL = (Functional.call, keras.Sequential.call)


def is_graph(network) -> bool:
    """Whether an operation is a model that computes exactly its graph of layers."""
    is_model = isinstance(network, keras.Model) and bool(getattr(network, "outputs", None))
    return is_model and type(network).call in OWN_CALL


@dataclasses.dataclass
class Place:
    """A symbolic tensor within a network, or within a model in it.

    Args:
        tensor: The `KerasTensor`.
        outer: For each input of the models around it, by `id`, the place that it comes from.
    """

    tensor: keras.KerasTensor
    outer: dict

    def resolved(self) -> "Place":
        """The place that computes it: outside the models it enters, inside those it leaves."""
        if id(self.tensor) in self.outer:
            return self.outer[id(self.tensor)].resolved()
        operation, node_index, index = self.tensor._keras_history
        if not is_graph(operation):
            return self
        given = operation._inbound_nodes[node_index].input_tensors
        pairs = zip(operation.inputs, given, strict=True)
        inner = {id(own): Place(tensor, self.outer) for own, tensor in pairs}
        return Place(operation.outputs[index], {**self.outer, **inner}).resolved()

    @property
    def key(self) -> tuple:
        """What identifies it, also among several calls of the same model."""
        return id(self.tensor), tuple(sorted((k, id(p.tensor)) for k, p in self.outer.items()))

    @property
    def operation(self):
        """The operation that computes it; `None` for an input of the network."""
        operation = self.tensor._keras_history.operation
        return None if isinstance(operation, layers.InputLayer) else operation

    @property
    def node(self):
        """The call that computes it."""
        return self.operation._inbound_nodes[self.tensor._keras_history.node_index]

    def trial(self) -> LayerTrial:
        """The layer that computes it, ready to be tried alone."""
        return LayerTrial(self.operation, self.node, self.tensor._keras_history.tensor_index)


class Tail:
    """The operations after the last layers with trainable weights.

    Args:
        end: The place of the output.

    Attributes:
        sources: The places of the outputs of those last layers, and of inputs that skip them.
        operations: The places of what is computed from them, from the output backwards.
    """

    def __init__(self, end: Place):
        self.end = end.resolved()
        self.sources: list[Place] = []
        self.operations: list[Place] = []
        pending, seen = [self.end], set()
        while pending:
            place = pending.pop(0)
            if place.key in seen:
                continue
            seen.add(place.key)
            if place.operation is None or weights_of(place.operation):
                if keras.backend.is_float_dtype(place.tensor.dtype):
                    self.sources.append(place)
                continue
            self.operations.append(place)
            inputs = place.node.input_tensors
            pending += [Place(each, place.outer).resolved() for each in inputs]
        self.top, self.tolerance = bounds_of(*(p.tensor.dtype for p in self.operations))

    @classmethod
    def of_network(cls, network: keras.Model) -> "Tail":
        """The tail of the first output of a built functional or sequential `keras.Model`."""
        return cls(Place(network.outputs[0], {}))

    def __call__(self, given: dict, batch: int) -> np.ndarray:
        """The output as float64, `(batch, numbers)`.

        Args:
            given: Arrays by the `key` of the source.
            batch: The number of samples in each array.
        """
        values = {}

        def value(place: Place):
            if place.key not in values:
                values[place.key] = computed(place)
            return values[place.key]

        def computed(place: Place):
            dtype = place.tensor.dtype
            if place.key in given:
                return ops.cast(ops.convert_to_tensor(given[place.key]), dtype)
            if place.operation is None or weights_of(place.operation):  # of labels, masks, …
                return ops.zeros(shape_of(place.tensor, batch), dtype)
            inputs = place.node.input_tensors
            tensors = {id(each): value(Place(each, place.outer).resolved()) for each in inputs}
            return called(place.operation, place.node, tensors)[
                place.tensor._keras_history.tensor_index
            ]

        with keras.StatelessScope():
            return as_array(value(self.end))

    def on(self, source: Place, values: np.ndarray, pattern: bool = False) -> np.ndarray:
        """The outputs as one source varies and all others stay near 1.

        Args:
            source: One of `sources`.
            values: One number per sample, `(batch,)`.
            pattern: Whether the source is that number times a fixed pattern; otherwise the number
                everywhere.
        """
        given = {}
        for each in self.sources:
            shape = shape_of(each.tensor, 1)
            is_varied = each.key == source.key
            filled = np.ones(shape, "float32") if is_varied and not pattern else noise(shape)
            rows = values if is_varied else np.ones(len(values))
            given[each.key] = filled * rows.reshape(-1, *[1] * (len(shape) - 1))
        return self(given, len(values))

    def on_all(self, rows: np.ndarray, pattern: bool = False) -> np.ndarray:
        """The outputs if source j of sample i is the number `rows[i, j]` everywhere.

        Args:
            rows: The numbers, `(batch, sources)`.
            pattern: Whether a source has, instead, values between its sample's number and another
                sample's.
        """
        given = {}
        for j, (each, numbers) in enumerate(zip(self.sources, rows.T, strict=True)):
            shape = shape_of(each.tensor, len(rows))
            at = noise(shape, 0, 1, j) if pattern else np.ones(shape)
            far = numbers.reshape(-1, *[1] * (len(shape) - 1))
            given[each.key] = at * far + (1 - at) * far[::-1]
        return self(given, len(rows))

    def passes_on(self, source: Place) -> bool:
        """Whether the output is affine in a source, and not constant."""
        for top in (self.top, SMALL_TOP):
            self.top = top
            with contextlib.suppress(FloatingPointError):  # an exponential, or a sum in float16
                return self._passes_on(source)
        return False  # a logarithm or root

    def _passes_on(self, source: Place) -> bool:
        values = grid(self.top)
        for pattern in (False, True):  # equal numbers first, which a maximum passes on
            results = self.on(source, values, pattern)
            if bends(values, results, self.tolerance):
                return False
            if moves(results).any():
                return True
        return False

    def bending(self):
        """The last operation that is not affine in its inputs."""
        for place in self.operations:
            inputs = place.node.input_tensors
            alone = Tail.__new__(Tail)
            alone.end, alone.operations = place, [place]
            alone.top, alone.tolerance = self.top, self.tolerance
            resolved = [Place(each, place.outer).resolved() for each in inputs]
            alone.sources = [p for p in resolved if keras.backend.is_float_dtype(p.tensor.dtype)]
            if not all(alone.passes_on(source) for source in alone.sources):
                return place.operation
        return self.operations[0].operation
