"""The blocks that the networks of FastGAN share."""

import keras
from keras import layers, ops

from keras_gan.layers import convolutions
from keras_gan.layers.noise_injection import NoiseInjection
from keras_gan.networks._parts import ORDER, batch_normalization, batch_normalized, weighted

MULTIPLES = (16, 8, 4, 2, 2, 1, 1 / 2, 1 / 4, 1 / 8)  # of the width, for 4, 8, 16, … pixels


def rectified(h: keras.KerasTensor) -> keras.KerasTensor:
    """Batch normalization and leaky ReLU."""
    return layers.LeakyReLU(negative_slope=0.2)(batch_normalized(h, None))


def convolved(h: keras.KerasTensor, e, filters: int, noise: bool) -> keras.KerasTensor:
    """A convolution, perhaps noise, batch normalization and a gated linear unit."""
    h = convolution(2 * filters, 3)(h)
    return gated(NoiseInjection()(h) if noise else h, e)


def gated(h: keras.KerasTensor, e=None) -> keras.KerasTensor:
    """Batch normalization, by an embedding e or not, and a gated linear unit: half the channels."""
    h = batch_normalized(h, None) if e is None else _normalized_by(h, e)
    h, gate = ops.split(h, 2, axis=-1)
    return layers.Multiply()([h, layers.Activation("sigmoid")(gate)])


def _normalized_by(h: keras.KerasTensor, e: keras.KerasTensor) -> keras.KerasTensor:
    """(1 + W e + b) (h − μ) / σ + V e + c, with spectrally normalized W and V."""
    channels = h.shape[-1]

    def linear():
        values = weighted(layers.Dense(channels), "spectral")(e)
        return layers.Reshape((1, 1, channels))(values)

    h = batch_normalization(center=False, scale=False)(h)
    gain = layers.Rescaling(1.0, offset=1.0)(linear())
    return layers.Add()([layers.Multiply()([h, gain]), linear()])


def excited(h: keras.KerasTensor, other: keras.KerasTensor, times: int) -> keras.KerasTensor:
    """h with channels weighted by another grid, so many times the size of the coarsest."""
    if times > 1:
        other = layers.AveragePooling2D(times, data_format=ORDER)(other)
    filters = h.shape[-1]
    weights = layers.Activation("silu")(convolution(filters, other.shape[1:3], "valid")(other))
    weights = layers.Activation("sigmoid")(convolution(filters, 1)(weights))
    return layers.Multiply()([h, weights])


def convolution(filters: int, size, padding: str = "same", strides: int = 1) -> layers.Layer:
    """A spectrally normalized convolution."""
    convolution = convolutions.Conv2D(filters, size, strides, padding, **options())
    return weighted(convolution, "spectral")


def options() -> dict:
    """What all convolutions share."""
    start = keras.initializers.RandomNormal(stddev=0.02)
    return {"use_bias": False, "data_format": ORDER, "kernel_initializer": start}
