"""Self-attention: every position of an image, series or volume sees every other one."""

import math
from typing import Any

import keras
from keras import layers, ops

from keras_gan.arguments import whole
from keras_gan.backend.precision import widest
from keras_gan.layers.spectral_normalization import SpectralNormalization

NORMALIZATIONS = (None, "spectral")


@keras.saving.register_keras_serializable(package="keras_gan")
class SelfAttention(layers.Layer):
    """Add to each position what it finds at all positions like the ones it looks for.

        s_ij = f(x_i) · g(x_j),   β_ji = exp(s_ij) / Σ_k exp(s_kj),
        y_j = x_j + γ v(Σ_i β_ji h(x_i))

    where f, g, h, v are 1 x 1 convolutions without biases, f and g to C / `reduction` channels, h
    to C / `value_reduction`, v back to C; and γ is learned and starts at 0, so that the layer
    starts as the identity. Scores and weights are float32 at least. Memory grows with the product
    of the numbers of positions j and i.

    The default is the authors' code: keys f(x_i) and values h(x_i) are the maxima of blocks of 2
    positions a side, 2 x 2 of images, and h has C / 2 channels. The paper pools nothing and h, like
    f and g, has C / 8 channels: `pool=1, value_reduction=8`. Both normalize the four kernels
    spectrally, in the generator, too.

    Args:
        reduction: C divided by the channels of f and g, rounded down to 1 at least. Defaults to 8.
        value_reduction: C divided by the channels of h, likewise. Defaults to 2.
        pool: How many positions a side make one key and one value; 1 pools nothing. A side that it
            does not divide ends in a smaller block. Defaults to 2.
        normalization: "spectral" for `kg.layers.SpectralNormalization` of f, g, h and v; or None.
            Defaults to None.
        **options: `name`, `dtype`, as in any Keras layer.

    Raises:
        ValueError: For a size below 1, an unknown normalization, or, at the first x, samples other
            than `(batch, ..., channels)` with known sides.

    Example:

    >>> layer = SelfAttention()
    >>> tuple(layer(keras.ops.ones((2, 5, 8, 16))).shape), float(layer.gamma)
    ((2, 5, 8, 16), 0.0)

    Reference:
        Zhang et al., Self-Attention Generative Adversarial Networks, 2018, arXiv 1805.08318,
        section 3.
    """

    def __init__(
        self,
        reduction: int = 8,
        value_reduction: int = 2,
        pool: int = 2,
        normalization: str | None = None,
        **options: Any,
    ):
        super().__init__(**options)
        self.reduction = whole("reduction", reduction)
        self.value_reduction = whole("value_reduction", value_reduction)
        self.pool = whole("pool", pool)
        if normalization not in NORMALIZATIONS:
            raise ValueError(
                f"normalization of SelfAttention must be None or 'spectral', not {normalization!r}."
            )
        self.normalization = normalization

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Makes the four convolutions and γ."""
        _, *sides, channels = input_shape
        if not sides or None in (*sides, channels):
            raise ValueError(
                f"SelfAttention takes series, images and volumes (batch, ..., channels) whose "
                f"sides are known; received the shape {tuple(input_shape)}: give them to "
                f"keras.Input."
            )
        keys = max(1, channels // self.reduction)
        values = max(1, channels // self.value_reduction)
        self.query, self.key = self._convolution(keys, "query"), self._convolution(keys, "key")
        self.value = self._convolution(values, "value")
        self.projection = self._convolution(channels, "projection")
        for each in (self.query, self.key, self.value):
            each.build((None, *sides, channels))
        self.projection.build((None, math.prod(sides), values))
        self.gamma = self.add_weight(shape=(), initializer="zeros", name="gamma")

    def _convolution(self, channels: int, name: str) -> layers.Layer:
        """A 1 x 1 convolution, which is a dense layer of the channels at each position."""
        dense = layers.Dense(channels, use_bias=False, dtype=self.dtype_policy, name=name)
        return SpectralNormalization(dense) if self.normalization == "spectral" else dense

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Returns y, of the shape of the inputs, `(batch, ..., channels)`."""
        queries = _in_a_row(self._applied(self.query, inputs, training))
        keys = _in_a_row(_pooled(self._applied(self.key, inputs, training), self.pool))
        values = _in_a_row(_pooled(self._applied(self.value, inputs, training), self.pool))
        # cast before the product, whose sums float16 may not hold
        queries, keys = (ops.cast(each, widest(each.dtype)) for each in (queries, keys))
        scores = ops.matmul(queries, ops.transpose(keys, (0, 2, 1)))
        # of a single key, of which Keras warns, the weight is 1
        weights = ops.softmax(scores, axis=-1) if keys.shape[1] > 1 else ops.ones_like(scores)
        found = ops.matmul(ops.cast(weights, values.dtype), values)
        found = self._applied(self.projection, found, training)
        return inputs + ops.cast(self.gamma, inputs.dtype) * ops.reshape(
            found, (-1, *inputs.shape[1:])
        )

    def _applied(self, convolution: layers.Layer, x: Any, training: bool | None) -> Any:
        return convolution(x, training=training) if self.normalization else convolution(x)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Returns the shape of the inputs."""
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments."""
        return {
            **super().get_config(),
            "reduction": self.reduction,
            "value_reduction": self.value_reduction,
            "pool": self.pool,
            "normalization": self.normalization,
        }


def _in_a_row(x: Any) -> Any:
    """All positions along one axis, `(batch, positions, channels)`."""
    return ops.reshape(x, (-1, math.prod(x.shape[1:-1]), x.shape[-1]))


def _pooled(x: Any, size: int) -> Any:
    """The maxima of blocks of `size` positions a side, in steps of their size.

    Not by Keras's pooling: the second derivative of a maximum along an axis exists for every rank
    and precision on either backend.
    """
    if size == 1:
        return x
    for axis in range(1, len(x.shape) - 1):
        before, positions, after = x.shape[1:axis], x.shape[axis], x.shape[axis + 1 :]
        blocks = -(-positions // size)
        missing = blocks * size - positions
        if missing:  # the last position once more changes no maximum
            last = ops.take(x, [positions - 1], axis=axis)
            x = ops.concatenate([x, *[last] * missing], axis=axis)
        x = ops.max(ops.reshape(x, (-1, *before, blocks, size, *after)), axis=axis + 1)
    return x
