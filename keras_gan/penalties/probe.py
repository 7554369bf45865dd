"""Calls a discriminator on a few samples, to find out what its layers do."""

from collections.abc import Callable

import keras
import numpy as np
from keras import ops

from keras_gan.backend.shapes import single_shape
from keras_gan.networks.analysis.scores import scores_of
from keras_gan.networks.class_labels import takes_labels, with_labels
from keras_gan.networks.conditions import condition_dim_of
from keras_gan.penalties.differences import Finding, as_array, compared, precision
from keras_gan.penalties.network_calls import Call, is_floating, layers_of, recorded_calls

SAMPLES = (4, 12)  # 12 can be packed in threes, too
DOMAINS = (  # a network may be defined for numbers in [-1, 1] or in [0, 1] alone
    lambda rng, shape: rng.normal(size=shape),
    lambda rng, shape: rng.uniform(-1.0, 1.0, shape),
    lambda rng, shape: rng.uniform(0.0, 1.0, shape),
)
HUGE = 10**7  # more numbers are not compared in float64


class Probe:
    """The calls of a discriminator's layers on distinct samples in training.

    The weights are near their present values, but nowhere zero; nearly zero kernels get the size of
    trained ones. The discriminator, its statistics and its random states do not change.

    Args:
        discriminator: A built `keras.Model` with scores as its only or first output.

    Raises:
        ValueError: If its scores are not finite.
    """

    def __init__(self, discriminator: keras.Model):
        self.discriminator, rng = discriminator, np.random.default_rng(0)
        self.values = {id(v): as_array(ops.cast(v, "float32")) for v in _floating(discriminator)}
        for v in discriminator.trainable_variables:
            noise = rng.normal(size=v.shape)
            self.values[id(v)] = self.values[id(v)] + _shift_of(self.values[id(v)]) * noise
        shape = [size or 32 for size in single_shape(discriminator.input_shape)[1:]]
        for domain in DOMAINS:
            self.x, self.scores, self.calls = self.accepted(
                lambda n, of=domain: of(rng, (n, *shape))
            )
            others = np.concatenate([self.x[:1], domain(rng, self.x[1:].shape)])
            self.other_scores, self.other_calls = self.recorded(others)
            if np.isfinite(self.scores).all() and np.isfinite(self.other_scores).all():
                return
        raise ValueError(
            "The discriminator's scores are not finite for a minibatch of 4 random samples, as the "
            "check of its derivatives found: look for a logarithm, a root or a division without a "
            "small constant inside, such as ops.sqrt(variance + 1e-8)."
        )

    def accepted(self, draw: Callable) -> tuple[np.ndarray, np.ndarray, list[Call]]:
        """Returns as many samples as the discriminator takes; it may pack several into one.

        Returns:
            The samples, their scores, and the calls on the way.
        """
        errors = []
        for n in SAMPLES:
            x = draw(n)
            try:
                return x, *self.recorded(x)
            except Exception as error:
                errors.append(error)
        raise errors[0]

    @property
    def samples(self) -> int:
        """The number of samples."""
        return len(self.x)

    def recorded(self, x) -> tuple[np.ndarray, list[Call]]:
        """Returns the scores of samples, and the calls on the way."""

        def function():
            with _scope_of(self.discriminator, self.values):
                return self.score(ops.convert_to_tensor(x, keras.config.floatx()))

        scores, calls = recorded_calls(self.discriminator, function)
        return as_array(ops.cast(scores, "float32")), calls

    def score(self, x, training: bool = True):
        """Returns the scores of a tensor of samples."""
        labels = ops.zeros((len(x),), "int32") if takes_labels(self.discriminator) else None
        dim = condition_dim_of(self.discriminator)
        if dim is not None:
            labels = ops.ones((len(x), dim), self.discriminator.inputs[1].dtype)
        return scores_of(self.discriminator(with_labels(x, labels), training=training))

    @property
    def packs(self) -> bool:
        """Whether one score is for several samples."""
        return len(self.scores) != self.samples

    @property
    def couples(self) -> bool:
        """Whether a sample's score depends on the other samples."""
        moved = np.abs(self.scores[0] - self.other_scores[0]).max()
        return bool(moved > 1e-3 * max(np.abs(self.scores).max(), np.abs(self.other_scores).max()))

    def normalizing(self) -> list[keras.Layer]:
        """Returns the layers that normalize a minibatch.

        An output depends on the other samples, but not on a common scale and shift of all of them.
        """
        return [
            call.operation
            for call in self.calls
            if isinstance(call.operation, keras.Layer) and call.inputs and self.normalizes(call)
        ]

    def normalizes(self, call: Call) -> bool:
        """Whether a call normalizes the minibatch."""
        rng = np.random.default_rng(0)
        inputs = [as_array(ops.cast(each, "float32")) for each in call.inputs]
        large = [100.0 * each / (np.sqrt(np.mean(each**2)) or 1.0) for each in inputs]
        others = [each * (1.0 + 0.5 * rng.normal(size=each.shape)) for each in large]
        mixed = [
            np.concatenate([a[:1], b[1:]]) if len(a) == self.samples else a
            for a, b in zip(large, others, strict=True)
        ]
        shifted = [3.0 * each + 50.0 for each in large]
        try:
            plain, mixed, shifted = (self.outputs(call, each) for each in (large, mixed, shifted))
        except Exception:
            return False  # it takes nothing but what it was given
        if plain.shape[:1] != (self.samples,):
            return False
        size = np.abs(plain).max()
        coupled = np.abs(plain[0] - mixed[0]).max() > 1e-2 * size
        return bool(coupled and np.abs(plain - shifted).max() < 1e-2 * size)

    def outputs(self, call: Call, inputs: list) -> np.ndarray:
        """Returns the first output of a call for other inputs, in float32."""
        layers = layers_of(call.operation)
        with precision(layers, "float32"), _scope_of(call.operation, self.values, "float32"):
            given = call.given([ops.convert_to_tensor(each, "float32") for each in inputs])
        return as_array(ops.cast(keras.tree.flatten(given)[0], "float32"))

    def moved(self, call: Call) -> list[bool]:
        """Which inputs of a call depend on the samples."""
        for other in self.other_calls[self.calls.index(call) :]:
            if other.operation is call.operation and len(other.inputs) == len(call.inputs):
                pairs = zip(call.inputs, other.inputs, strict=True)
                return [not np.array_equal(as_array(a), as_array(b)) for a, b in pairs]
        return [True] * len(call.inputs)

    def finding(self, call: Call, moving: list[bool], of_weights: bool = False) -> Finding:
        """Returns what a comparison shows about a call's second derivatives.

        Args:
            call: One of `calls`.
            moving: Which inputs move.
            of_weights: Whether the weights move, too, in inference mode: in training mode the u of
                spectral normalization follows the weights, while derivatives hold it constant.
        """
        smaller, error = call.smaller(self.samples), None
        for each in [smaller, call] if smaller is not call else [call]:
            for dtype in ("float64", "float32"):
                try:
                    finding = self.compared(each, moving, dtype, of_weights)
                except LookupError as lookup:  # TensorFlow raises it without a derivative
                    return Finding("none", text=str(lookup))
                except Exception as other:  # it takes no float64, or no smaller inputs
                    error = other
                else:
                    return finding
        return Finding("none", text=str(error))

    def compared(self, call: Call, moving: list[bool], dtype: str, of_weights: bool) -> Finding:
        """Returns what a comparison in one precision shows about a call."""
        operation, inputs = call.operation, [as_array(ops.cast(i, "float32")) for i in call.inputs]
        weights = operation.trainable_variables if isinstance(operation, keras.Layer) else []
        values = [self.values[id(w)] for w in weights]
        training = False if of_weights else None

        def outputs(parts):
            x, w = parts[: len(inputs)], parts[len(inputs) :][: len(weights)]
            with _scope_of(operation, self.values, dtype, zip(weights, w, strict=True)):
                return list(filter(is_floating, keras.tree.flatten(call.given(x, training))))

        def function(parts):
            cotangents = parts[len(inputs) + len(weights) :]
            pairs = zip(outputs(parts), cotangents, strict=True)
            return sum(ops.sum(ops.cast(y, dtype) * c) for y, c in pairs)

        rng = np.random.default_rng(1)
        with precision(layers_of(operation), dtype):
            start = [ops.convert_to_tensor(each, dtype) for each in [*inputs, *values]]
            cotangents = [rng.normal(size=y.shape) for y in outputs(start)]
            arguments = [*inputs, *values, *cotangents]
            along = [*moving, *[of_weights] * len(weights), *[False] * len(cotangents)]
            if dtype == "float64" and sum(np.size(each) for each in arguments) > HUGE:
                raise ValueError("so many numbers are compared in float32")
            return compared(function, arguments, along, dtype)

    def whole(self, of_weights: bool = False) -> Finding:
        """Returns what a comparison shows about the whole network's second derivatives."""
        weights = self.discriminator.trainable_variables

        def function(parts):
            pairs = zip(weights, parts[1:], strict=True)
            with _scope_of(self.discriminator, self.values, dtype, pairs):
                return ops.sum(ops.cast(self.score(parts[0], not of_weights), dtype))

        arguments = [self.x, *(self.values[id(w)] for w in weights)]
        moving = [not of_weights, *[of_weights] * len(weights)]
        for dtype in ("float64", "float32"):
            try:
                with precision(layers_of(self.discriminator), dtype):
                    return compared(function, arguments, moving, dtype)
            except Exception as error:
                finding = Finding("none", text=str(error))
        return finding


def _shift_of(values: np.ndarray) -> float:
    """Returns how far to move weights: nearly zero kernels to the usual size, others a little.

    Behind a nearly zero kernel, normalization by sqrt(variance + epsilon) would seem linear.
    """
    usual = 1 / np.sqrt(np.prod(values.shape[:-1])) if values.ndim > 1 else 0.0
    return float(usual if np.sqrt(np.mean(np.square(values))) < 0.1 * usual else 0.01)


def _floating(operation) -> list[keras.Variable]:
    """Returns the floating-point variables of a layer; an empty list for another operation."""
    variables = operation.variables if isinstance(operation, keras.Layer) else []
    return [v for v in variables if keras.backend.is_float_dtype(v.dtype)]


def _scope_of(operation, values: dict, dtype: str | None = None, pairs=()) -> keras.StatelessScope:
    """A scope in which the variables of a layer have other values, possibly of another precision.

    Args:
        operation: A layer, or another operation, which has no variables.
        values: Arrays by `id(variable)`.
        dtype: The precision of the values; `None` for that of each variable.
        pairs: Variables and the tensors that take their place instead.
    """
    scope = keras.StatelessScope(collect_losses=True)
    present = {id(v): value for v, value in pairs}
    for v in _floating(operation):
        if id(v) not in present:
            present[id(v)] = ops.convert_to_tensor(values[id(v)], dtype or v.dtype)
    scope.state_mapping.update(present)  # not by the constructor, which would round them
    return scope
