"""The network of an ODE: layers that time scales and shifts, and their trace in closed form."""

import keras
from keras import layers, ops

from keras_gan.arguments import unknown_name, whole
from keras_gan.bijections.conditioner import KINDS
from keras_gan.bijections.trace import of_products, value_and_trace

SLOPES = {  # of smooth activations φ: φ′, by the input and φ of it
    "tanh": lambda a, h: 1.0 - h * h,
    "softplus": lambda a, h: ops.sigmoid(a),
}
START = "lecun_uniform"  # by the inputs alone: of 2 components, Glorot's start is almost linear


@keras.saving.register_keras_serializable(package="keras_gan.bijections")
class VectorField(layers.Layer):
    """f(x, t) by layers that time scales and shifts, with its trace; it is 0 at the start.

        h ← φ(W h ⊙ σ(u(t)) + v(t)),   u and v affine in t and the condition

    for each hidden layer; the last one is W h + v(t). For points they are fully connected. For
    images, series and volumes they are convolutions with kernels of 3. Ours differs from the
    authors' `concatsquash` layers by one bias where they have two, and by a last layer without
    gain.

    With slopes Sₗ = φ′ ⊙ σ(uₗ) the trace of ∂f/∂x = Wₙ Sₙ ⋯ S₁ W₀ needs no derivatives: of two
    hidden layers of points it is

        Σₖₗ S₁ₖ Mₖₗ S₂ₗ,   M = W₁ᵀ ⊙ (W₀ W₂),

    one product of matrices, whatever the dimension. Hutchinson's estimate takes ε through the same
    layers.

    Args:
        width: Units or channels of the hidden layers.
        depth: Number of hidden layers; 0 for a field that is affine in x.
        activation: φ, `"tanh"` or `"softplus"`: a density has as many derivatives as its field.
        **options: `name`, `dtype` of `keras.layers.Layer`.

    Raises:
        ValueError: For sizes below 1, or an activation that is not smooth.

    Reference: Grathwohl et al. 2019, arXiv 1810.01367.
    """

    def __init__(self, width: int = 64, depth: int = 2, activation: str = "tanh", **options):
        super().__init__(**options)
        if activation not in SLOPES:
            raise unknown_name("activation of an ODE", activation, SLOPES)
        self.width, self.depth = whole("width", width), whole("depth", depth, least=0)
        self.activation_name = activation
        self.activation, self.slope = keras.activations.get(activation), SLOPES[activation]

    def build(self, x_shape, condition_shape=None):
        """Makes the layers."""
        channels = x_shape[-1]
        if len(x_shape) not in KINDS:
            raise ValueError(
                f"A field moves points, series, images or volumes; received samples of shape "
                f"{tuple(x_shape[1:])}."
            )
        self.of_points = len(x_shape) == 2
        kind = KINDS[len(x_shape)]

        def layer(units, **options):
            if not self.of_points:
                options |= {"kernel_size": 3, "padding": "same", "data_format": "channels_last"}
            return kind(units, use_bias=False, dtype=self.dtype_policy, **options)

        hidden = [layer(self.width, kernel_initializer=START) for _ in range(self.depth)]
        self.stack = [*hidden, layer(channels, kernel_initializer="zeros")]
        shape = tuple(x_shape)
        for each in self.stack:
            each.build(shape)
            shape = (*shape[:-1], self.width)
        seen = 1 + (0 if condition_shape is None else condition_shape[-1])
        zero = {"kernel_initializer": "zeros"} if self.depth == 0 else {}
        units = 2 * self.width * self.depth + channels
        self.of_time = layers.Dense(units, dtype=self.dtype_policy, **zero)
        self.of_time.build((None, seen))

    def gains_and_shifts(self, t, condition, rank: int) -> tuple[list, list]:
        """σ(u) of the hidden layers and v of all, as they multiply and add to x of a rank."""
        if condition is not None:
            t = t + ops.zeros_like(condition[:, :1])
            t = ops.concatenate((t, ops.cast(condition, t.dtype)), axis=1)
        made = self.of_time(t)
        made = ops.reshape(made, (-1, *(1 for _ in range(rank - 2)), made.shape[-1]))
        w, n = self.width, self.width * self.depth
        gates = ops.sigmoid(made[..., :n])
        shifts = [made[..., n + i * w : n + (i + 1) * w] for i in range(self.depth)]
        gains = [gates[..., i * w : (i + 1) * w] for i in range(self.depth)]
        return gains, [*shifts, made[..., 2 * n :]]

    def through(self, x, t, condition) -> tuple:
        """f(x, t) and the slopes of the hidden layers."""
        gains, shifts = self.gains_and_shifts(t, condition, len(x.shape))
        h, slopes = x, []
        for layer, gain, shift in zip(self.stack[:-1], gains, shifts[:-1], strict=True):
            a = layer(h) * gain + shift
            h = self.activation(a)
            slopes.append(self.slope(a, h) * gain)
        return self.stack[-1](h) + shifts[-1], slopes

    def call(self, x, t, condition=None):
        """f(x, t), of the shape of x.

        Args:
            x: Tensor `(batch, ...)`.
            t: Tensor `(1, 1)` or `(batch, 1)`.
            condition: Tensor `(batch, c)`, or `None`.
        """
        return self.through(x, t, condition)[0]

    def value_and_trace(self, x, t, condition=None, noise=None) -> tuple:
        """f(x, t), and the trace of ∂f/∂x or Hutchinson's estimate of it by noise ε.

        Args:
            x: As in `call`.
            t: Likewise.
            condition: Likewise.
            noise: ε, a tensor of the shape of x; `None` for the exact trace.

        Returns:
            Tensors `(batch, ...)` and `(batch,)`.
        """
        if noise is None and not self.of_points:
            return value_and_trace(lambda x: self(x, t, condition), x)
        value, slopes = self.through(x, t, condition)
        if noise is None:
            return value, self.exact_trace(slopes) + ops.zeros_like(value[:, 0])
        moved = noise
        for layer, slope in zip(self.stack[:-1], slopes, strict=True):
            moved = layer(moved) * slope
        return value, of_products(noise, self.stack[-1](moved))

    def exact_trace(self, slopes: list):
        """tr Wₙ Sₙ ⋯ S₁ W₀ of points, `(batch,)`."""
        kernels = [ops.convert_to_tensor(layer.kernel) for layer in self.stack]
        if not slopes:
            return ops.trace(kernels[0])
        if len(slopes) == 1:
            of_unit = ops.sum(ops.transpose(kernels[0]) * kernels[1], axis=1)
            return ops.sum(slopes[0] * of_unit, axis=1)
        first, *inner, last = kernels
        if len(slopes) == 2:
            pairs = inner[0] * ops.transpose(last @ first)
            return ops.sum((slopes[0] @ pairs) * slopes[1], axis=1)
        d, width = first.shape
        tangents = first[:, None, :] * slopes[0]  # (d, batch, width), of each component of x
        for kernel, slope in zip(inner[:-1], slopes[1:-1], strict=True):
            tangents = ops.reshape(ops.reshape(tangents, (-1, width)) @ kernel, (d, -1, width))
            tangents = tangents * slope
        normals = ops.reshape(ops.transpose(last)[:, None, :] * slopes[-1], (-1, width))
        normals = ops.reshape(normals @ ops.transpose(inner[-1]), (d, -1, width))
        return ops.sum(tangents * normals, axis=(0, 2))

    @property
    def is_closed(self) -> bool:
        """Whether the exact trace needs no derivatives."""
        return self.of_points

    def get_config(self) -> dict:
        """The arguments."""
        return {
            **super().get_config(),
            "width": self.width,
            "depth": self.depth,
            "activation": self.activation_name,
        }
