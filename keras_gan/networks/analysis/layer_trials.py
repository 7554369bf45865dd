"""A layer tried alone, on made-up inputs and weights that are discarded afterwards."""

import contextlib

import keras
import numpy as np
from keras import ops

HALF = ("float16", "bfloat16")
TOP = 1e4  # the greatest number tried; every practical bound is smaller
TOP_IN_HALF = 100.0  # whose sums over many places float16 can still hold
SMALL_TOP = 3.0  # whose exponential is also small
SIZE = 32  # of an axis of unknown size
SAMPLES = 3
SHIFTS = np.array([-1.0, -0.5, -0.1, 0.0, 0.3, 0.5, 1.0])
FIRST = [3, 6, 2]  # the shifts that nearly always suffice


class LayerTrial:
    """A layer of a network that can be called with other inputs and weights.

    Args:
        layer: A built layer with weights.
        node: Its call within the graph; `None` for a whole network.
        index: Which of its outputs counts. Defaults to the first.
    """

    def __init__(self, layer: keras.layers.Layer, node, index: int = 0):
        self.layer, self.node, self.index = layer, node, index
        self.inputs = _inputs_of(layer) if node is None else _unique(node.input_tensors)
        self.variables = weights_of(layer)
        output = None if node is None else node.outputs[index].dtype
        self.top, self.tolerance = bounds_of(layer.compute_dtype, output)

    @classmethod
    def of_network(cls, network: keras.Model) -> "LayerTrial":
        """A whole network as one layer, for subclasses of `keras.Model`."""
        return cls(network, None)

    def call(self, given: dict, weights) -> np.ndarray:
        """The output for these inputs as float64, `(batch, numbers)`.

        Args:
            given: Arrays by the `id` of the input.
            weights: Pairs of a variable and the array that takes its place.
        """
        tensors = {
            id(each): ops.cast(ops.convert_to_tensor(given[id(each)]), each.dtype)
            for each in self.inputs
        }
        mapping = [(v, ops.convert_to_tensor(value, v.dtype)) for v, value in weights]
        with keras.StatelessScope(state_mapping=mapping):
            return as_array(called(self.layer, self.node, tensors)[self.index])

    def is_moved_by_weights(self) -> bool:
        """Whether some weight moves every sample's output up and down without bound."""
        weights, given = self.base()
        tried = [] if self.is_bounded(weights, given) else reversed(self.variables)
        return any(self.is_affine_in(variable, weights, given) for variable in tried) or any(
            self.is_reversed_by(variable, weights, given) for variable in self.variables
        )

    def is_bounded(self, weights: dict, given: dict) -> bool:
        """Whether the output stays bounded while all weights grow, which settles most cases."""
        sizes = []
        for times in (100.0, 1000.0):
            far = [(v, value + times * noise(value.shape, -1, 1)) for v, value in weights.values()]
            try:
                sizes.append(np.abs(self.call(given, far)).max())
            except FloatingPointError:
                return False
        return bool(sizes[1] <= 1.5 * sizes[0])

    def is_affine_in(self, variable, weights: dict, given: dict) -> bool:
        """Whether the output is affine in a weight and not constant, for every sample."""
        for shifts in (SHIFTS[FIRST], SHIFTS):
            try:
                results = np.stack(
                    [self.call(given, _shifted(weights, variable, self.top * t)) for t in shifts]
                )
            except FloatingPointError:  # it grows faster
                return False
            moved = moves(results, 1e-6 * self.top).any(axis=-1).all()
            if bends(shifts, results, self.tolerance) or not moved:
                return False
        return True

    def is_reversed_by(self, variable, weights: dict, given: dict) -> bool:
        """Whether −w instead of w negates every output, and outputs grow with the inputs."""
        negative = {**weights, id(variable): (variable, -weights[id(variable)][1])}
        one, other = (self.call(given, each.values()) for each in (weights, negative))
        sizes = np.abs(one).max(axis=-1)
        if not sizes.all() or np.abs(one + other).max() > 10 * self.tolerance * sizes.max():
            return False
        large = {key: self.top * value for key, value in given.items()}
        return bool((np.abs(self.call(large, weights.values())).max(axis=-1) > 10 * sizes).all())

    def passes_on(self, tensor) -> bool:
        """Whether the output is affine in one of the inputs, and not constant."""
        if not keras.backend.is_float_dtype(tensor.dtype):
            return False
        for top in (self.top, SMALL_TOP):
            with contextlib.suppress(FloatingPointError):
                return self._passes_on(tensor, grid(top))
        return False

    def _passes_on(self, tensor, values: np.ndarray) -> bool:
        weights, given = self.base(samples=1)
        rows = values.reshape(-1, *[1] * (len(tensor.shape) - 1))
        given = {key: np.repeat(value, len(values), axis=0) for key, value in given.items()}
        for pattern in (1.0, given[id(tensor)]):  # equal numbers first, which a maximum passes on
            shown = np.broadcast_to(pattern * rows, given[id(tensor)].shape)
            results = self.call({**given, id(tensor): shown}, weights.values())
            if bends(values, results, self.tolerance):
                return False
            if moves(results).any():
                return True
        return False

    def under_weights(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The outputs as the last weight is shifted, and outputs for random weights.

        Returns:
            The shifts `(shifts,)`, their outputs `(shifts, numbers)`, and the outputs for random
            weights, `(numbers,)`.
        """
        weights, given = self.base()
        values, last = grid(self.top), self.variables[-1]
        results = [self.call(given, _shifted(weights, last, t)).ravel() for t in values]
        others = []
        for seed, times in enumerate((1.0, 10.0, 1000.0)):
            drawn = [(v, times * noise(w.shape, -1, 1, seed)) for v, w in weights.values()]
            others += [self.call(given, drawn).ravel()]
        return values, np.stack(results), np.concatenate(others)

    def base(self, samples: int = SAMPLES) -> tuple[dict, dict]:
        """Nonzero weights near the present ones, and inputs: pairs and arrays by `id`."""
        weights, given = {}, {}
        for i, variable in enumerate(self.variables):
            value = ops.convert_to_numpy(ops.cast(ops.convert_to_tensor(variable), "float32"))
            weights[id(variable)] = (variable, value + 0.01 * noise(value.shape, -1, 1, i))
        for i, each in enumerate(self.inputs):
            shape = shape_of(each, samples)
            is_float = keras.backend.is_float_dtype(each.dtype)
            given[id(each)] = noise(shape, -2, 2, i) if is_float else np.zeros(shape)
        return weights, given


def called(operation, node, tensors: dict) -> list:
    """The outputs of an operation, called as in its node, in inference mode.

    Args:
        operation: A Keras operation.
        node: Its call; `None` to pass all tensors as its inputs.
        tensors: The replacements of the node's tensors, by `id`.
    """
    if node is None:
        inputs = list(tensors.values())
        args, options = (inputs if len(inputs) > 1 else inputs[0],), {}
    else:
        args, options = node.arguments.fill_in(tensors)
    if getattr(operation, "_call_has_training_arg", False):
        options = {**options, "training": False}
    return keras.tree.flatten(operation(*args, **options))


def as_array(output) -> np.ndarray:
    """An output as float64, `(batch, numbers)`.

    Raises:
        FloatingPointError: If it is not finite.
    """
    array = ops.convert_to_numpy(ops.cast(output, "float32")).astype("float64")
    if not np.isfinite(array).all():
        raise FloatingPointError("not finite")
    return array.reshape(len(array), -1)


def grid(top: float) -> np.ndarray:
    """Numbers from −top to top, denser around 0."""
    positive = [each for each in (0.1, 0.3, 1.0, 3.0, 10.0, 30.0) if each < top / 2]
    positive += [0.5 * top, top]
    return np.unique([-each for each in positive] + [0.0] + positive)


def bends(values: np.ndarray, results: np.ndarray, tolerance: float = 1e-3) -> bool:
    """Whether results are not affine in the values along their first axis."""
    first, last = np.argmin(values), np.argmax(values)
    at = (values - values[first]) / (values[last] - values[first])
    at = at.reshape(-1, *[1] * (results.ndim - 1))
    line = results[first] + at * (results[last] - results[first])
    span = results.max(axis=0) - results.min(axis=0)
    return bool((np.abs(results - line) > tolerance * span + 1e-6 * np.abs(results)).any())


def moves(results: np.ndarray, least: float = 0.0) -> np.ndarray:
    """Which numbers vary along the first axis by more than rounding."""
    span = results.max(axis=0) - results.min(axis=0)
    return span > np.maximum(least, 1e-6 * np.abs(results).max(axis=0))


def bounds_of(*dtypes) -> tuple[float, float]:
    """The greatest number to try, and the tolerance of results relative to their span."""
    is_half = any(keras.backend.standardize_dtype(each) in HALF for each in dtypes if each)
    return (TOP_IN_HALF, 0.03) if is_half else (TOP, 1e-3)


def _shifted(weights: dict, variable, by: float) -> list:
    """Pairs of variables and arrays, with one array shifted."""
    return [(v, value + by if v is variable else value) for v, value in weights.values()]


def weights_of(operation) -> list:
    """A layer's trainable weights; all weights of a frozen layer, which may be unfrozen later."""
    if not isinstance(operation, keras.layers.Layer):
        return []
    chosen = operation.trainable_variables if operation.trainable else operation.weights
    return [v for v in chosen if keras.backend.is_float_dtype(v.dtype)]


def _inputs_of(network: keras.Model) -> list:
    """The inputs of a network as symbolic tensors, float32 if their dtypes are unknown."""
    shape = network.input_shape
    several = bool(shape) and isinstance(shape[0], (list, tuple))
    shapes = list(shape) if several else [shape]
    dtypes = [each.dtype for each in getattr(network, "inputs", None) or []]
    dtypes = dtypes or ["float32"] * len(shapes)
    return [keras.KerasTensor(s, d) for s, d in zip(shapes, dtypes, strict=True)]


def _unique(tensors) -> list:
    """The tensors without repetitions."""
    return list({id(each): each for each in tensors}.values())


def shape_of(tensor, batch: int) -> tuple:
    """A symbolic tensor's shape with this batch size, and 32 for each axis of unknown size."""
    return (batch, *(SIZE if size is None else size for size in tensor.shape[1:]))


def noise(shape: tuple, low: float = 0.5, high: float = 1.5, seed: int = 0) -> np.ndarray:
    """Uniform numbers in [low, high), the same for the same seed."""
    return np.random.default_rng(seed).uniform(low, high, shape).astype("float32")
