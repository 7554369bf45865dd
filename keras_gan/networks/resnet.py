"""The residual networks of spectrally normalized GANs for CIFAR-10."""

import math

import keras
from keras import layers

from keras_gan.layers import convolutions
from keras_gan.networks._parts import (
    ORDER,
    batch_normalized,
    beside,
    check_image_shape,
    check_normalization,
    check_positive,
    label_and_vector,
    normalize,
    output_dtype,
    score_of,
    weighted,
)
from keras_gan.networks.registry import register


@register
def resnet_generator(
    image_shape: tuple[int, int, int] = (32, 32, 3),
    latent_dim: int = 128,
    width: int = 256,
    classes: int | None = None,
    name: str = "generator",
) -> keras.Model:
    """Builds the residual generator of SN-GAN: a 4 x 4 grid, doubled by residual blocks.

    A dense layer makes the 4 x 4 grid. Each block adds to its input, enlarged to twice the size
    (nearest neighbour) and sent through a 1 x 1 convolution, the residual batch norm, ReLU,
    enlarging, 3 x 3 convolution, batch norm, ReLU, 3 x 3 convolution. Batch norm, ReLU, a 3 x 3
    convolution and tanh make the image. Three blocks make 32 pixels, the paper's size.

    Args:
        image_shape: (size, size, channels), size 16, 32, 64, 128, …; `sample_shape=` says the
            same. Defaults to (32, 32, 3).
        latent_dim: Dimensions of a latent vector. Defaults to 128.
        width: Channels of every block. Defaults to 256.
        classes: How many class labels the generator takes beside z, as a second input (batch,), by
            conditional batch normalization: every class has its own scales and shifts (Miyato and
            Koyama 2018, arXiv 1802.05637). In the authors' code those of the blocks are
            conditional, the last one is not; here it is, too. Defaults to None: it takes no labels.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, latent_dim) to (batch, *image_shape) in [-1, 1].

    Raises:
        ValueError: For any other image size, or a size below 1.

    Example:

    >>> resnet_generator(width=8).output_shape
    (None, 32, 32, 3)

    Reference:
        Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018,
        arXiv 1802.05957, table 4.
    """
    check_positive(latent_dim=latent_dim, width=width)
    doublings, channels = _doublings(image_shape)

    z = keras.Input((latent_dim,), name="z")
    label, y = label_and_vector(classes)
    h = layers.Dense(4 * 4 * width)(z)
    h = layers.Reshape((4, 4, width))(h)
    for _ in range(doublings):
        h = _enlarging_block(h, y, width)
    h = layers.ReLU()(batch_normalized(h, y))
    h = convolutions.Conv2D(channels, 3, data_format=ORDER, padding="same")(h)
    x = layers.Activation("tanh", dtype=output_dtype(), name="image")(h)
    return keras.Model(beside(z, label), x, name=name)


@register
def resnet_discriminator(
    image_shape: tuple[int, int, int] = (32, 32, 3),
    width: int = 128,
    normalization: str | None = "spectral",
    classes: int | None = None,
    name: str = "discriminator",
) -> keras.Model:
    """Builds the residual discriminator of SN-GAN: blocks down to 8 x 8, two more, and a sum.

    Each block adds the residual ReLU, 3 x 3 convolution, ReLU, 3 x 3 convolution to its input;
    average pooling of both halves the size until it is 8, where two blocks follow that keep it. The
    first block has no ReLU before its first convolution, for that would cut the image. ReLU, the
    sum over the 8 x 8 positions and a dense layer make the unbounded score.

    Args:
        image_shape: (size, size, channels), size 16, 32, 64, 128, …; `sample_shape=` says the
            same. Defaults to (32, 32, 3).
        width: Channels of every block. Defaults to 128.
        normalization: "spectral" for `kg.layers.SpectralNormalization` of every layer; None; or
            "layer" or "batch" before every ReLU but the first block's. Defaults to "spectral".
        classes: How many class labels y the discriminator takes beside x, as a second input
            (batch,), by projection: score = w h + b + ⟨v_y, h⟩ (Miyato and Koyama 2018, cGANs with
            Projection Discriminator, arXiv 1802.05637). Defaults to None: it takes no labels.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *image_shape) to (batch, 1).

    Raises:
        ValueError: For any other image size, a width below 1, or an unknown normalization.

    Example:

    >>> resnet_discriminator(width=8).output_shape
    (None, 1)

    Reference:
        Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018,
        arXiv 1802.05957, table 4.
    """
    check_positive(width=width)
    check_normalization(normalization)
    doublings, _ = _doublings(image_shape)

    x = keras.Input(tuple(image_shape), name="x")
    label, y = label_and_vector(classes)
    h = _first_block(x, width, normalization)
    for _ in range(doublings - 2):
        h = _block(h, width, normalization, reduce=True)
    for _ in range(2):
        h = _block(h, width, normalization)
    h = layers.ReLU()(normalize(h, normalization))
    h = layers.GlobalAveragePooling2D(data_format=ORDER)(h)
    h = layers.Rescaling(8.0 * 8.0, name="sum")(h)
    score = score_of(h, y, normalization)
    return keras.Model(beside(x, label), score, name=name)


def _enlarging_block(
    x: keras.KerasTensor, y: keras.KerasTensor | None, width: int
) -> keras.KerasTensor:
    h = layers.ReLU()(batch_normalized(x, y))
    h = layers.UpSampling2D(data_format=ORDER)(h)
    h = _residual_convolution(width)(h)
    h = layers.ReLU()(batch_normalized(h, y))
    h = _residual_convolution(width)(h)
    return layers.Add()(
        [
            h,
            convolutions.Conv2D(width, 1, data_format=ORDER)(
                layers.UpSampling2D(data_format=ORDER)(x)
            ),
        ]
    )


def _first_block(x: keras.KerasTensor, width: int, normalization: str | None) -> keras.KerasTensor:
    h = weighted(_residual_convolution(width), normalization)(x)
    h = layers.ReLU()(h)
    h = weighted(_residual_convolution(width), normalization)(h)
    h = layers.AveragePooling2D(2, data_format=ORDER)(h)
    shortcut = weighted(convolutions.Conv2D(width, 1, data_format=ORDER), normalization)(
        layers.AveragePooling2D(2, data_format=ORDER)(x)
    )
    return layers.Add()([h, shortcut])


def _block(
    x: keras.KerasTensor, width: int, normalization: str | None, reduce: bool = False
) -> keras.KerasTensor:
    h, shortcut = x, x
    for _ in range(2):
        h = layers.ReLU()(normalize(h, normalization))
        h = weighted(_residual_convolution(width), normalization)(h)
    if reduce:
        h = layers.AveragePooling2D(2, data_format=ORDER)(h)
        shortcut = layers.AveragePooling2D(2, data_format=ORDER)(
            weighted(convolutions.Conv2D(width, 1, data_format=ORDER), normalization)(shortcut)
        )
    return layers.Add()([h, shortcut])


def _residual_convolution(width: int) -> layers.Layer:
    # Glorot's uniform distribution with gain √2, as half of the values die in the ReLU before it.
    initializer = keras.initializers.VarianceScaling(2.0, mode="fan_avg", distribution="uniform")
    return convolutions.Conv2D(
        width, 3, data_format=ORDER, padding="same", kernel_initializer=initializer
    )


def _doublings(image_shape: tuple[int, int, int]) -> tuple[int, int]:
    """Returns how often a grid of 4 doubles to the image size, and the channels."""
    size, channels = check_image_shape(image_shape)
    if size < 16 or size & (size - 1):
        raise ValueError(
            f"The residual networks take images of 16, 32, 64, 128, … pixels, not {size}: use the "
            "dcgan networks, or resize the images."
        )
    return int(math.log2(size // 4)), channels
