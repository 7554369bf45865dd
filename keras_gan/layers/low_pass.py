"""Bilinear resampling, whose derivatives of any order are right on every backend."""

from typing import Any

import keras
from keras import layers, ops

from keras_gan.arguments import whole

AXES = (1, 2)  # of height and width


def filtered(x: Any, padding: int) -> Any:
    """x ∗ f with zeros around x, each side 2 padding − 3 longer.

    Args:
        x: Images, `(batch, height, width, channels)`.
        padding: How many zeros on each side.
    """
    for axis in AXES:
        x = _padded(x, axis, padding)
        outer = _cut(x, axis, 0, -3) + _cut(x, axis, 3, None)
        inner = _cut(x, axis, 1, -2) + _cut(x, axis, 2, -1)
        x = 0.125 * (outer + 3.0 * inner)
    return x


def _padded(x, axis: int, padding: int):
    """x with zeros before and after it along an axis."""
    both = (padding, padding)
    return ops.pad(x, [both if i == axis else (0, 0) for i in range(4)]) if padding else x


def _cut(x, axis: int, start: int, stop: int | None, step: int = 1):
    """A slice of x along an axis."""
    return x[(slice(None),) * axis + (slice(start, stop, step),)]


class _Resampling(layers.Layer):
    """A layer of images without weights, whose sizes follow from those of the inputs."""

    def compute_output_shape(self, input_shape):
        """The shape of the outputs."""
        batch, height, width, channels = input_shape
        sizes = [size if size is None else self.size_of(size) for size in (height, width)]
        return (batch, *sizes, channels)


@keras.saving.register_keras_serializable(package="keras_gan")
class LowPassFilter2D(_Resampling):
    """Smooths images before every other pixel is left out, so that nothing aliases.

        y = x ∗ f,   f = aᵀa,   a = [1, 3, 3, 1] / 8

    with zeros around x. It is plain sums, with derivatives of any order, of which bilinear
    resizing on TensorFlow has but the first.

    Args:
        padding: How many zeros on each side. Each side of y is 2 padding − 3 longer than that of x.
            Defaults to 2.
        **options: `name`, `dtype`, as in any Keras layer.

    Raises:
        ValueError: For a padding below 0.

    Example:

    >>> y = LowPassFilter2D(padding=2)(ops.ones((1, 4, 4, 1)))
    >>> y.shape == (1, 5, 5, 1), float(y[0, 2, 2, 0])
    (True, 1.0)

    Reference:
        Karras et al. 2020, Analyzing and Improving the Image Quality of StyleGAN, arXiv 1912.04958;
        Zhang 2019, Making Convolutional Networks Shift-Invariant Again, arXiv 1904.11486.
    """

    def __init__(self, padding: int = 2, **options):
        super().__init__(**options)
        self.padding = whole("padding", padding, least=0)

    def call(self, inputs):
        """x ∗ f."""
        return filtered(inputs, self.padding)

    def size_of(self, size: int) -> int:
        """How many pixels become of so many along an axis."""
        return size + 2 * self.padding - 3

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "padding": self.padding}


@keras.saving.register_keras_serializable(package="keras_gan")
class LowPassUpSampling2D(_Resampling):
    """Doubles images by bilinear interpolation: zeros between pixels, then 4 f = [1, 3, 3, 1] / 4.

        y₂ᵢ = (3 xᵢ + xᵢ₋₁) / 4,   y₂ᵢ₊₁ = (3 xᵢ + xᵢ₊₁) / 4   along each axis

    with zeros around x. It is 4 times the transpose of `LowPassDownSampling2D`.

    Args:
        **options: `name`, `dtype`, as in any Keras layer.

    Example:

    >>> x = ops.reshape(ops.convert_to_tensor([4.0, 8.0]), (1, 1, 2, 1))
    >>> ops.convert_to_numpy(LowPassUpSampling2D()(x))[0, 0, :, 0].tolist()  # 3/4 of each
    [2.25, 3.75, 5.25, 4.5]

    Reference:
        Karras et al. 2020, Analyzing and Improving the Image Quality of StyleGAN, arXiv 1912.04958.
    """

    def call(self, inputs):
        """Images of twice the size."""
        x = inputs
        for axis in AXES:
            around = _padded(x, axis, 1)
            before, after = _cut(around, axis, 0, -2), _cut(around, axis, 2, None)
            pairs = ops.stack([0.75 * x + 0.25 * before, 0.75 * x + 0.25 * after], axis=axis + 1)
            sizes = list(ops.shape(x))
            sizes[axis] = 2 * sizes[axis]
            x = ops.reshape(pairs, sizes)
        return x

    def size_of(self, size: int) -> int:
        """Twice as many."""
        return 2 * size


@keras.saving.register_keras_serializable(package="keras_gan")
class LowPassDownSampling2D(_Resampling):
    """Halves images: every other pixel of x ∗ f, f = aᵀa, a = [1, 3, 3, 1] / 8.

        yᵢ = (x₂ᵢ₋₁ + 3 x₂ᵢ + 3 x₂ᵢ₊₁ + x₂ᵢ₊₂) / 8   along each axis

    with zeros around x.

    Args:
        **options: `name`, `dtype`, as in any Keras layer.

    Raises:
        ValueError: For images of an odd size.

    Example:

    >>> x = ops.reshape(ops.convert_to_tensor([8.0, 8.0, 16.0, 16.0]), (1, 1, 4, 1))
    >>> y = LowPassDownSampling2D()(ops.repeat(x, 2, axis=1))
    >>> ops.convert_to_numpy(y)[0, 0, :, 0].tolist()
    [6.0, 9.75]

    Reference:
        Karras et al. 2020, Analyzing and Improving the Image Quality of StyleGAN, arXiv 1912.04958.
    """

    def call(self, inputs):
        """Images of half the size."""
        x = inputs
        for size in x.shape[1:-1]:
            self.size_of(size or 0)  # an odd one is refused
        for axis in AXES:
            around = _padded(x, axis, 1)
            outer = _cut(around, axis, 0, -2, 2) + _cut(around, axis, 3, None, 2)
            inner = _cut(around, axis, 1, -1, 2) + _cut(around, axis, 2, None, 2)
            x = 0.125 * (outer + 3.0 * inner)
        return x

    def size_of(self, size: int) -> int:
        """Half as many."""
        if size % 2:
            raise ValueError(
                f"LowPassDownSampling2D halves images of even sizes; received one of {size} "
                f"pixels: pad or resize it."
            )
        return size // 2
