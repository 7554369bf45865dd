"""Layers with an equalized learning rate, of progressive GANs and StyleGAN."""

import math

import keras
from keras import layers, ops

from keras_gan.arguments import amount
from keras_gan.layers.convolutions import Conv2D


@keras.saving.register_keras_serializable(package="keras_gan")
def scaled_leaky_relu(x):
    """√2 max(x, x / 5): leaky ReLU, which leaves the second moment of N(0, 1) nearly as it is.

    Args:
        x: Tensor of any shape.

    Example:

    >>> print(f"{float(scaled_leaky_relu(ops.convert_to_tensor(-5.0))):.3f}")
    -1.414
    """
    return ops.leaky_relu(math.sqrt(2.0) * x, negative_slope=0.2)


@keras.saving.register_keras_serializable(package="keras_gan")
class EqualizedDense(layers.Dense):
    """A dense layer whose weights are scaled when they are used, not when they start.

        y = activation(x (m w / √n) + m b),   w ~ N(0, 1 / m²)

    with n inputs. Adam then moves all weights of a network at the same relative speed, whatever
    their fan-in, and those with a rate m < 1 more slowly.

    Args:
        units: How many outputs.
        rate: m, above 0. Defaults to 1.
        **options: As in `keras.layers.Dense`; `bias_initializer` starts b, of which m b is added.

    Raises:
        ValueError: For a rate that is not above 0.

    Example:

    >>> EqualizedDense(8, rate=0.01)(ops.ones((2, 4))).shape == (2, 8)
    True

    Reference:
        Karras et al. 2018, Progressive Growing of GANs for Improved Quality, Stability, and
        Variation, arXiv 1710.10196, section 4.1; Karras et al. 2019, A Style-Based Generator
        Architecture for Generative Adversarial Networks, arXiv 1812.04948 (m = 0.01).
    """

    def __init__(self, units: int, rate: float = 1.0, **options):
        self.rate = amount("rate", rate, above=0)
        start = keras.initializers.RandomNormal(stddev=1.0 / self.rate)
        super().__init__(units, **{"kernel_initializer": start, **options})

    def call(self, inputs):
        """y, `(..., units)`."""
        outputs = ops.matmul(inputs, self.kernel * (self.rate / math.sqrt(self.kernel.shape[0])))
        if self.use_bias:
            outputs = outputs + self.bias * self.rate
        return outputs if self.activation is None else self.activation(outputs)

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "rate": self.rate}


@keras.saving.register_keras_serializable(package="keras_gan")
class EqualizedConv2D(Conv2D):
    """A convolution whose kernel is scaled when it is used, not when it starts.

        y = activation(x ∗ (w / √n) + b),   w ~ N(0, 1)

    where n is the fan-in, the entries of w that an output meets. See `EqualizedDense`.

    Args:
        filters: As in `keras.layers.Conv2D`.
        kernel_size: Likewise.
        **options: Likewise.

    Example:

    >>> EqualizedConv2D(8, 3, padding="same")(ops.ones((2, 4, 4, 1))).shape == (2, 4, 4, 8)
    True

    Reference:
        Karras et al. 2018, Progressive Growing of GANs for Improved Quality, Stability, and
        Variation, arXiv 1710.10196, section 4.1.
    """

    def __init__(self, filters: int, kernel_size, **options):
        start = keras.initializers.RandomNormal(stddev=1.0)
        super().__init__(filters, kernel_size, **{"kernel_initializer": start, **options})

    def convolution_op(self, inputs, kernel):
        """x ∗ (w / √n)."""
        kernel = ops.convert_to_tensor(kernel)
        return super().convolution_op(inputs, kernel / math.sqrt(math.prod(kernel.shape[:-1])))
