"""The convolution of StyleGAN2, whose kernel each sample scales by its style."""

import math

import keras
from keras import layers, ops

from keras_gan.arguments import whole
from keras_gan.backend.precision import at_least_float32
from keras_gan.layers.convolutions import convolved, transposed
from keras_gan.layers.low_pass import filtered

EPSILON = 1e-8
LEAST = 2.0**-14  # the smallest normal number of float16, in which EPSILON is 0


@keras.saving.register_keras_serializable(package="keras_gan")
class ModulatedConv2D(layers.Layer):
    """A convolution by a kernel of each sample's own, scaled by its style s.

        y = x ∗ w″ + b,   w″ᵢⱼₖ = w′ᵢⱼₖ / √(Σᵢₖ w′ᵢⱼₖ² + 10⁻⁸),   w′ᵢⱼₖ = sᵢ wᵢⱼₖ

    with input channels i, filters j and places k of the kernel; w = v / √n with v ~ N(0, 1) and n
    the entries that an output meets (see `EqualizedConv2D`). Modulation takes the place of
    normalization by the inputs' statistics: outputs of independent inputs of variance 1 have
    variance 1. The layer does not build a kernel for each sample: it scales inputs by s and outputs
    by the denominators, which gives the same numbers and is one plain convolution.

    With `upsample` images are doubled, by a transposed convolution of stride 2 and 4 f of
    `LowPassFilter2D`, as in the authors' code.

    Args:
        filters: Channels of y.
        kernel_size: Of the square kernel, odd; 3 or 5 with `upsample`. Defaults to 3.
        demodulate: Whether w″ is w′ over its norm, as above, or w′ itself. Defaults to `True`.
        upsample: Whether to double images. Defaults to `False`.
        **options: `name`, `dtype`, as in any Keras layer.

    Raises:
        ValueError: For filters below 1, an even kernel, or one of another size with `upsample`.

    Example:

    >>> x, style = ops.ones((2, 4, 4, 3)), ops.ones((2, 3))
    >>> ModulatedConv2D(8, upsample=True)([x, style]).shape == (2, 8, 8, 8)
    True

    Reference:
        Karras et al. 2020, Analyzing and Improving the Image Quality of StyleGAN, arXiv 1912.04958,
        equations 1 and 3.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int = 3,
        demodulate: bool = True,
        upsample: bool = False,
        **options,
    ):
        super().__init__(**options)
        self.filters = whole("filters", filters)
        self.kernel_size = whole("kernel_size", kernel_size)
        if self.kernel_size % 2 == 0 or (upsample and self.kernel_size not in (3, 5)):
            allowed = "3 or 5 to upsample" if upsample else "odd, such as 1 or 3"
            raise ValueError(f"kernel_size must be {allowed}; received {kernel_size}.")
        self.demodulate, self.upsample = bool(demodulate), bool(upsample)

    def build(self, input_shape):
        """Makes v and b; the inputs are x and s."""
        images, style = input_shape
        if images[-1] != style[-1]:
            raise ValueError(
                f"ModulatedConv2D takes a style with one number for each channel of the images; "
                f"received images {tuple(images)} and styles {tuple(style)}."
            )
        self.kernel = self.add_weight(
            shape=(self.kernel_size, self.kernel_size, images[-1], self.filters),
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            name="kernel",
        )
        self.bias = self.add_weight(shape=(self.filters,), initializer="zeros", name="bias")
        self.built = True

    def call(self, inputs):
        """y of [x, s], x `(batch, height, width, channels)` and s `(batch, channels)`."""
        x, style = inputs
        kernel = self.kernel / math.sqrt(math.prod(self.kernel.shape[:-1]))
        if self.demodulate and self.compute_dtype == "float16":  # whose range s could leave
            style = style / ops.maximum(ops.max(ops.abs(style), axis=-1, keepdims=True), LEAST)
        y = self._convolved(x * style[:, None, None], kernel)
        if self.demodulate:
            squares = ops.sum(ops.square(at_least_float32(kernel)), axis=(0, 1))
            sums = ops.matmul(ops.square(at_least_float32(style)), squares)
            scales = ops.rsqrt(sums + EPSILON)
            y = y * ops.cast(scales, y.dtype)[:, None, None]
        return y + self.bias

    def _convolved(self, x, kernel):
        """x ∗ w for a kernel that all samples share."""
        size, ones = (self.kernel_size,) * 2, (1, 1)
        if not self.upsample:
            return convolved(x, kernel, size, ones, "same", ones)
        spread = ops.swapaxes(4.0 * kernel, -1, -2)  # 4 f, as three of four pixels begin as zeros
        y = transposed(x, spread, size, (2, 2), "valid", ones)
        return filtered(y, padding=(5 - self.kernel_size) // 2)

    def compute_output_shape(self, input_shape):
        """The shape of y."""
        batch, *sizes, _ = input_shape[0]
        times = 2 if self.upsample else 1
        return (batch, *(size and times * size for size in sizes), self.filters)

    def get_config(self) -> dict:
        """The constructor's arguments."""
        names = "filters", "kernel_size", "demodulate", "upsample"
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
