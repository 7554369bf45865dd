"""The generator of pix2pix: an encoder and a decoder with skips between grids of one size."""

import keras
from keras import layers

from keras_gan.arguments import unknown_name, whole
from keras_gan.layers import InstanceNormalization, convolutions
from keras_gan.networks._parts import (
    ORDER,
    batch_normalization,
    check_dropout,
    check_image_shape,
    check_positive,
    drop,
    output_dtype,
)
from keras_gan.networks.registry import register

NORMALIZATIONS = ("instance", "batch", None)
DEEPEST = 8  # halvings, from 256 pixels to 1
DROPPED = 3  # enlargements that dropout follows, from the coarsest on
EPSILON = 1e-5  # of instance normalization, that of the authors' code


@register
def unet_generator(
    image_shape: tuple[int, int, int] = (256, 256, 3),
    output_channels: int | None = None,
    width: int = 64,
    depth: int | None = None,
    normalization: str | None = "instance",
    dropout: float = 0.5,
    name: str = "generator",
) -> keras.Model:
    """Builds the U-Net of pix2pix, whose decoder also sees what the encoder saw at each size.

    The encoder is `depth` 4 x 4 convolutions of stride 2, of 1, 2, 4 and from then on 8 x `width`
    channels, after LeakyReLU(0.2); the decoder as many transposed ones, after ReLU, back to the
    size of the image, and tanh. Every enlarged grid but the last is joined by the encoder's of its
    size. Normalization follows every convolution but the first and the last of the encoder and the
    last of all; dropout follows it after the first three enlargements, at most, and is the only
    noise of this generator: it has no latent vector. Weights start from N(0, 0.02²).

    The authors have batches of one, for which batch normalization is instance normalization, and
    normalize by the batch at hand at test time, too; hence `"instance"`. Their second code, in
    PyTorch, drops after the second to fourth enlargement.

    Args:
        image_shape: (height, width, channels) of the images to translate, both sides even;
            `sample_shape=` says the same. Defaults to (256, 256, 3).
        output_channels: Channels of the translations. Defaults to None, as many as the images have.
        width: Channels of the finest hidden grid. Defaults to 64.
        depth: How often the sides are halved, at least once; both must halve evenly. There are
            depth − 1 skips. Defaults to None: as often as they halve evenly, at most 8 times, as in
            the paper for 256 pixels.
        normalization: "instance"; "batch"; or None. Defaults to "instance".
        dropout: Share of components that are dropped, in [0, 1). Defaults to 0.5.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *image_shape) to (batch, height, width, output_channels)
        in [-1, 1]. With the default arguments it has 54.414 million weights, as the authors'.

    Raises:
        ValueError: For an image whose sides do not halve evenly so often, numbers that are too
            small, a rate outside [0, 1), or an unknown normalization.

    Example:

    >>> unet_generator((24, 16, 1), output_channels=3, width=4).output_shape
    (None, 24, 16, 3)

    Reference:
        Isola, Zhu, Zhou and Efros 2017, Image-to-Image Translation with Conditional Adversarial
        Networks, arXiv 1611.07004, sections 3.2.1 and 6.1; Ronneberger et al. 2015, U-Net:
        Convolutional Networks for Biomedical Image Segmentation, arXiv 1505.04597.
    """
    *sides, channels = check_image_shape(image_shape)
    output_channels = channels if output_channels is None else output_channels
    check_positive(width=width, output_channels=output_channels)
    check_dropout(dropout)
    if normalization not in NORMALIZATIONS:
        raise unknown_name("normalization", normalization, map(str, NORMALIZATIONS))
    depth = _checked_depth(sides, depth)

    use_bias = normalization is None  # but the last convolution has biases anyway

    def filters(level):
        return width * min(2**level, 8)

    x = keras.Input(tuple(image_shape), name="x")
    h, passed = x, []
    for level in range(depth):
        ends = level in (0, depth - 1)
        h = layers.LeakyReLU(negative_slope=0.2)(h) if level else h
        h = _convolution(convolutions.Conv2D, filters(level), use_bias)(h)
        h = h if ends else _normalized(h, normalization)
        passed.append(h)
    for level in reversed(range(depth - 1)):
        h = _convolution(convolutions.Conv2DTranspose, filters(level), use_bias)(layers.ReLU()(h))
        h = _normalized(h, normalization)
        h = drop(h, dropout) if level >= depth - 1 - DROPPED else h
        h = layers.Concatenate()([passed[level], h])
    h = _convolution(convolutions.Conv2DTranspose, output_channels, True)(layers.ReLU()(h))
    y = layers.Activation("tanh", dtype=output_dtype(), name="image")(h)
    return keras.Model(x, y, name=name)


def _convolution(kind: type, filters: int, use_bias: bool) -> layers.Layer:
    """A 4 x 4 convolution of stride 2, or a transposed one."""
    return kind(
        filters,
        4,
        2,
        padding="same",
        data_format=ORDER,
        use_bias=use_bias,
        kernel_initializer=keras.initializers.RandomNormal(stddev=0.02),
    )


def _normalized(h: keras.KerasTensor, normalization: str | None) -> keras.KerasTensor:
    if normalization is None:
        return h
    if normalization == "batch":
        return batch_normalization()(h)
    return InstanceNormalization(epsilon=EPSILON)(h)


def _checked_depth(sides: list[int], depth: int | None) -> int:
    """The number of halvings that were asked for, or the most.

    Raises:
        ValueError: For odd sides, or a depth at which a side would not be whole.
    """
    most = 0
    while most < DEEPEST and all(side % 2 ** (most + 1) == 0 for side in sides):
        most += 1
    shown = f"{sides[0]} x {sides[1]}"
    if not most:
        raise ValueError(
            f"A U-Net halves both sides of an image, which must be even; received {shown} pixels: "
            f"pad or resize the images."
        )
    if depth is None:
        return most
    depth = whole("depth", depth)
    if any(side % 2**depth for side in sides):
        raise ValueError(
            f"Images of {shown} pixels can be halved evenly {most} times, not depth={depth} times: "
            f"pass a depth of at most {most}, or pad or resize the images."
        )
    return depth
