"""Spectral normalization as Miyato et al. 2018 wrote it: the raw kernel stays the parameter."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import keras
from keras import layers, ops

from keras_gan.arguments import whole
from keras_gan.backend.precision import widest
from keras_gan.layers.kernels import KERNELS, columns_are_outputs

# The layers that have iterated inside the open `one_kernel` scope. A context variable, because
# every replica of a `MirroredStrategy` traces its step in a thread, and so a scope, of its own.
# Never changed in place: a copy of the context, in which a branch is traced, keeps its own.
_iterated: ContextVar[frozenset["SpectralNormalization"] | None]
_iterated = ContextVar("iterated", default=None)


@contextmanager
def one_kernel(anew: bool = False) -> Iterator[None]:
    """Keeps every normalized kernel fixed after its first training call in this scope.

    `D(real)`, `D(fake)` and a penalty's `D(interpolate)` of one training step are then values of
    the same function. A scope inside another one joins it, unless `anew` is `True`.

    Args:
        anew: Whether to begin a scope of its own inside another one. Defaults to `False`.

    Example:

    >>> layer = SpectralNormalization(keras.layers.Dense(4))
    >>> x = keras.ops.ones((2, 3))
    >>> with one_kernel():
    ...     first, second = layer(x, training=True), layer(x, training=True)
    >>> bool(keras.ops.all(first == second))
    True
    """
    if _iterated.get() is not None and not anew:
        yield
        return
    token = _iterated.set(frozenset())
    try:
        yield
    finally:
        _iterated.reset(token)


@keras.saving.register_keras_serializable(package="keras_gan")
class SpectralNormalization(layers.Wrapper):
    """Divide the kernel of a layer by its largest singular value.

    With W the kernel as a matrix, one row per output channel, the layer computes with

        W / σ,   σ = ‖Wᵀu‖ = uᵀ W v,   v = Wᵀu / ‖Wᵀu‖,

    where each training call first moves u towards the first left singular vector of W by
    `power_iterations` rounds of v ← Wᵀu / ‖Wᵀu‖, u ← W v / ‖W v‖. The parameter is W itself: no
    call changes it, and the gradient reaches it through the numerator *and* through σ, with u
    constant and ∂σ/∂W = u vᵀ. The gradient is therefore orthogonal to W: the loss does not depend
    on the scale of W. In inference, and with `trainable = False`, u does not change.

    σ is the norm of that matrix, not of the convolution. The norm of the convolution also depends
    on stride, padding and image size, and can be up to √(kernel positions) times σ. The rows of the
    matrix are the *output* channels of a transposed convolution, and all (input channel,
    multiplier) pairs of a depthwise one; the matrix of an embedding maps a one-hot word to its
    vector. The precision is the wrapped layer's, but u and σ are float32 at least.

    Args:
        layer: A `Dense`, `Conv1D/2D/3D`, `Conv1D/2D/3DTranspose`, `DepthwiseConv1D/2D`,
            `SeparableConv1D/2D` (both kernels) or `Embedding` layer, or a subclass of these.
        power_iterations: Rounds of the power method in a training call, at least 1 and at most
            `SpectralNormalization.most_iterations`, 1,000. Defaults to 1.
        name: Name of the layer.
        trainable: Whether W is trained and u follows it. Defaults to True.

    Raises:
        ValueError: For any other layer, a layer that is already normalized, a quantized or LoRA
            kernel, or `power_iterations` out of range.

    Example:

    >>> layer = SpectralNormalization(keras.layers.Dense(4), power_iterations=100)
    >>> _ = layer(keras.ops.ones((2, 3)), training=True)
    >>> kernel = layer.normalized_kernels()["kernel"]
    >>> print(f"{keras.ops.norm(kernel, ord=2):.4f}")
    1.0000

    Reference:
        Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018,
        arXiv 1802.05957.
    """

    most_iterations = 1_000

    def __init__(
        self,
        layer: layers.Layer,
        power_iterations: int = 1,
        *,
        name: str | None = None,
        trainable: bool = True,
    ):
        specification = _specification_of(layer)
        power_iterations = whole("power_iterations", power_iterations)
        if power_iterations > self.most_iterations:
            raise ValueError(
                f"power_iterations must be at most {self.most_iterations:,}, because each one is "
                f"compiled separately; received {power_iterations:,}: to allow more, set "
                f"kg.layers.SpectralNormalization.most_iterations."
            )
        # Without autocasting, the call sees the raw kernel in its own precision; the wrapped layer
        # casts its inputs and its kernel by its own policy.
        super().__init__(
            layer, name=name, trainable=trainable, dtype=layer.variable_dtype, autocast=False
        )
        self.power_iterations = power_iterations
        self.supports_masking = layer.supports_masking
        self._specification = specification

    def build(self, input_shape: tuple[int | None, ...] | None = None) -> None:
        """Builds the wrapped layer and one u for each of its kernels."""
        super().build(input_shape)
        self.input_spec = self.layer.input_spec
        kernels, normal = self._kernels(), keras.initializers.RandomNormal()
        self.vectors = [
            self.add_weight(
                shape=(math.prod(kernels[name].shape[axis] for axis in axes),),
                initializer=lambda shape, dtype: _unit(normal(shape, dtype)),
                dtype=widest(self.variable_dtype),
                trainable=False,
                autocast=False,
                aggregation="only_first_replica",
                name=f"{name}_u",
            )
            for name, axes in self._specification
        ]

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Calls the wrapped layer with W/σ instead of W."""
        normalized = self._normalize(iterate=bool(training) and self.trainable and self._first())
        # A scope knows nothing of the scope around it (that of a JAX step, say), so it is given
        # the current values of all the other variables as well.
        # Not by the scope's constructor, which would round values that are in float64 for a check.
        scope = keras.StatelessScope(collect_losses=True)
        scope.state_mapping.update({id(v): v.value for v in self.layer.variables})
        for name, kernel in self._kernels().items():
            value = ops.cast(normalized[name], kernel.value.dtype)
            scope.state_mapping[id(kernel)] = value
        before = [(v, scope.get_current_value(v)) for v in self.layer.non_trainable_variables]
        with scope:
            outputs = self.layer(inputs)
        for variable, value in before:
            if scope.get_current_value(variable) is not value:
                variable.assign(scope.get_current_value(variable))
        # copies: in a scope the wrapped layer, which made them, would show the same ones again
        self.add_loss([ops.copy(loss) for loss in scope.losses])
        return outputs

    def normalized_kernels(self) -> dict[str, Any]:
        """Returns W/σ of each kernel, as used in inference, by the name of its attribute."""
        return self._normalize(iterate=False)

    def _normalize(self, iterate: bool) -> dict[str, Any]:
        normalized, kernels = {}, self._kernels()
        for (name, axes), vector in zip(self._specification, self.vectors, strict=True):
            kernel, u = kernels[name].value, vector.value
            dtype = keras.backend.result_type(kernel.dtype, u.dtype)
            kernel, u = ops.cast(kernel, dtype), ops.cast(u, dtype)
            transposed = columns_are_outputs(kernel, axes)  # Wᵀ
            if iterate:
                for _ in range(self.power_iterations):
                    v = _unit(ops.matmul(transposed, u))
                    Wv = ops.matmul(v, transposed)
                    u = ops.where(ops.any(Wv != 0), _unit(Wv), u)
                u = ops.stop_gradient(u)
                vector.assign(u)
            # An averaged u, of an averaged generator, is shorter than 1.
            normalized[name] = kernel / _norm_or_one(ops.matmul(transposed, _unit(u)))
        return normalized

    def _kernels(self) -> dict[str, keras.Variable]:
        kernels = {name: getattr(self.layer, name) for name, _ in self._specification}
        for name, kernel in kernels.items():
            plain = isinstance(kernel, keras.Variable)
            if not plain or not keras.backend.is_float_dtype(kernel.dtype):
                raise ValueError(
                    f"SpectralNormalization needs {name!r} of layer {self.layer.name!r} to be a "
                    "plain floating-point variable; LoRA and quantized layers are not supported."
                )
        return kernels

    def _first(self) -> bool:
        """Whether no training call of this layer went before in the open `one_kernel` scope."""
        iterated = _iterated.get()
        if iterated is None:
            return True
        _iterated.set(iterated | {self})
        return self not in iterated

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> Any:
        """Returns the shape of the wrapped layer's output."""
        return self.layer.compute_output_shape(input_shape)

    def compute_output_spec(self, inputs: Any, training: bool | None = None) -> Any:
        """Returns shape and precision of the wrapped layer's output."""
        return self.layer.compute_output_spec(inputs)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Returns the mask of the wrapped layer."""
        return self.layer.compute_mask(inputs, previous_mask)

    def get_config(self) -> dict[str, Any]:
        """Returns the wrapped layer and the arguments."""
        config = super().get_config()
        del config["dtype"]
        return {**config, "power_iterations": self.power_iterations}


def _specification_of(layer: layers.Layer) -> tuple[tuple[str, tuple[int, ...]], ...]:
    if isinstance(layer, SpectralNormalization | layers.SpectralNormalization):
        raise ValueError(
            f"Layer {layer.name!r} is already spectrally normalized: wrap the layer inside it."
        )
    for ancestor in type(layer).__mro__:
        if ancestor in KERNELS:
            return KERNELS[ancestor]
    allowed = ", ".join(sorted(cls.__name__ for cls in KERNELS))
    raise ValueError(
        f"SpectralNormalization normalizes the kernels of {allowed} layers and their subclasses, "
        f"but received {layer!r}."
    )


def _unit(x: Any) -> Any:
    return x / _norm_or_one(x)


def _norm_or_one(x: Any) -> Any:
    """Returns ‖x‖, but 1 for x = 0, so that a kernel of zeros stays one and has a gradient."""
    squares = ops.sum(ops.square(x))
    return ops.sqrt(ops.where(squares > 0, squares, ops.ones_like(squares)))
