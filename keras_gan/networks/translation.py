"""The networks of CycleGAN: from images to images, and from images to scores of patches."""

import keras
from keras import layers

from keras_gan.arguments import unknown_name, whole
from keras_gan.layers import InstanceNormalization, ReflectionPadding2D, convolutions
from keras_gan.networks._parts import (
    ORDER,
    check_image_shape,
    check_positive,
    output_dtype,
    weighted,
)
from keras_gan.networks.registry import register

ARCHITECTURES = ("resnet", "unet")
NORMALIZATIONS = ("instance", None, "spectral")
EPSILON = 1e-5  # of instance normalization, that of the authors' code


@register
def translation_generator(
    image_shape: tuple[int, int, int] = (256, 256, 3),
    output_channels: int | None = None,
    architecture: str = "resnet",
    width: int = 64,
    blocks: int = 9,
    downsamplings: int = 2,
    skip: bool = False,
    name: str = "generator",
) -> keras.Model:
    """Builds the generator of CycleGAN, which halves both sides, then doubles them again.

    A 7 x 7 convolution; `downsamplings` times a 3 x 3 convolution of stride 2 to twice the
    channels; `blocks` residual blocks of two 3 x 3 convolutions; as many times nearest-neighbour
    enlarging and a 3 x 3 convolution to half the channels; a 7 x 7 convolution and tanh. Instance
    normalization and ReLU follow every convolution but a block's second, which has no ReLU, and the
    last. Images are mirrored at their borders. The paper enlarges by transposed convolutions;
    those leave a checkerboard (Odena et al. 2016, doi 10.23915/distill.00003). Weights start
    from N(0, 0.02²).

    Args:
        image_shape: (height, width, channels) of the images to translate; both sides are multiples
            of 2^downsamplings, at least twice that and at least 4. `sample_shape=` says the same.
            Defaults to (256, 256, 3).
        output_channels: Channels of the translations. Defaults to None, as many as the images have.
        architecture: "resnet", or "unet", in which every enlarged grid is joined by the one of its
            size on the way down (Ronneberger et al. 2015, arXiv 1505.04597). Defaults to "resnet".
        width: Channels of the finest hidden grid. Defaults to 64.
        blocks: Residual blocks, 0 or more. Defaults to 9, the paper's for 256 pixels; it has 6 for
            128.
        downsamplings: How often the sides are halved, 0 or more. Defaults to 2.
        skip: Whether the network h changes its input instead of drawing a new image: tanh(h(x) +
            2x) in place of tanh(h(x)). The first translations then show their originals under
            noise, which grows with the width, and keep what the domains have in common; ±1
            becomes ±0.96. Defaults to False, as in the paper. (Kupyn et al. 2017, arXiv 1711.07064,
            deblur images by a network with such a sum.)
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *image_shape) to (batch, height, width, output_channels)
        in [-1, 1].

    Raises:
        ValueError: For an image whose sides cannot be halved so often, an unknown architecture,
            numbers that are too small, or a skip to other channels.

    Example:

    >>> translation_generator((16, 16, 1), output_channels=3, width=4, blocks=1).output_shape
    (None, 16, 16, 3)

    Reference:
        Zhu et al., Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks,
        2017, arXiv 1703.10593, section 7.2; Johnson et al., Perceptual Losses for Real-Time Style
        Transfer and Super-Resolution, 2016, arXiv 1603.08155.
    """
    if not isinstance(architecture, str) or architecture not in ARCHITECTURES:
        raise unknown_name("architecture", architecture, ARCHITECTURES)
    blocks, downsamplings = (
        whole("blocks", blocks, least=0),
        whole("downsamplings", downsamplings, least=0),
    )
    *sides, channels = check_image_shape(image_shape)
    output_channels = channels if output_channels is None else output_channels
    check_positive(width=width, output_channels=output_channels)
    _check_halvings(sides, downsamplings)
    if skip and output_channels != channels:
        raise ValueError(
            f"skip=True adds images to their translations, which must have as many channels; "
            f"received {channels} and output_channels={output_channels}: pass skip=False."
        )

    x = keras.Input(tuple(image_shape), name="x")
    h = layers.ReLU()(_mirrored_convolution(x, width, 7))
    passed = []
    for level in range(downsamplings):
        passed.append(h)
        h = layers.ReLU()(_mirrored_convolution(h, width * 2 ** (level + 1), 3, strides=2))
    for _ in range(blocks):
        residual = layers.ReLU()(_mirrored_convolution(h, h.shape[-1], 3))
        h = layers.Add()([h, _mirrored_convolution(residual, h.shape[-1], 3)])
    for level in reversed(range(downsamplings)):
        h = layers.UpSampling2D(data_format=ORDER)(h)
        h = layers.ReLU()(_mirrored_convolution(h, width * 2**level, 3))
        if architecture == "unet":
            h = layers.Concatenate()([h, passed[level]])
    h = ReflectionPadding2D(3)(h)
    h = convolutions.Conv2D(
        output_channels, 7, data_format=ORDER, kernel_initializer=_initializer()
    )(h)
    if skip:
        h = layers.Add()([h, layers.Rescaling(2.0)(x)])
    y = layers.Activation("tanh", dtype=output_dtype(), name="image")(h)
    return keras.Model(x, y, name=name)


@register
def patch_discriminator(
    image_shape: tuple[int, int, int] = (256, 256, 3),
    width: int = 64,
    depth: int = 3,
    normalization: str | None = "instance",
    name: str = "discriminator",
) -> keras.Model:
    """Builds the discriminator of patches: a convolutional network that ends in a grid of scores.

    `depth` 4 x 4 convolutions of stride 2, each with twice the channels of the one before, at most
    8 x `width`, then two of stride 1: the last to one channel, unbounded scores. Each sees a square
    patch of the image, whose side is

        depth    0   1   2   3    4
        pixels   7  16  34  70  142

    so that the default is the paper's 70 x 70 PatchGAN. LeakyReLU(0.2) follows every convolution
    but the last, instance normalization every one but the first and the last. Images are padded
    with zeros, and sides that do not divide are rounded up. Weights start from N(0, 0.02²).

    Args:
        image_shape: (height, width, channels), both sides above 2^depth; `sample_shape=` says the
            same. Defaults to (256, 256, 3).
        width: Channels of the first convolution. Defaults to 64.
        depth: Convolutions of stride 2, 0 or more. Defaults to 3.
        normalization: "instance"; None; or "spectral" for `kg.layers.SpectralNormalization` of
            every convolution. Defaults to "instance".
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *image_shape) to (batch, m, n, 1), m and n the sides
        divided by 2^depth.

    Raises:
        ValueError: For an image too small for the depth, numbers that are too small, or an unknown
            normalization.

    Example:

    >>> patch_discriminator((16, 16, 1), width=4, depth=2).output_shape
    (None, 4, 4, 1)

    Reference:
        Isola et al., Image-to-Image Translation with Conditional Adversarial Networks, 2016,
        arXiv 1611.07004, section 3.2.2; Zhu et al. 2017, arXiv 1703.10593, section 7.2.
    """
    check_positive(width=width)
    depth = whole("depth", depth, least=0)
    if normalization not in NORMALIZATIONS:
        raise unknown_name("normalization", normalization, map(str, NORMALIZATIONS))
    height, breadth, _ = check_image_shape(image_shape)
    if min(height, breadth) <= 2**depth:
        most = (min(height, breadth) - 1).bit_length() - 1
        raise ValueError(
            f"A patch discriminator of depth {depth} needs images of more than {2**depth} pixels a "
            f"side, not {height} x {breadth}: "
            + (f"pass a depth of at most {most}." if most >= 0 else "enlarge them.")
        )

    x = keras.Input(tuple(image_shape), name="x")
    h = x
    for level in range(depth + 1):
        filters, strides = width * min(2**level, 8), 2 if level < depth else 1
        normalized = normalization == "instance" and level > 0
        h = _patch_convolution(h, filters, strides, normalization, use_bias=not normalized)
        h = InstanceNormalization(epsilon=EPSILON)(h) if normalized else h
        h = layers.LeakyReLU(negative_slope=0.2)(h)
    score = _patch_convolution(h, 1, 1, normalization, dtype=output_dtype(), name="score")
    return keras.Model(x, score, name=name)


def _mirrored_convolution(
    x: keras.KerasTensor, filters: int, kernel: int, strides: int = 1
) -> keras.KerasTensor:
    """Mirrors at the borders, convolves and normalizes each channel of each image."""
    convolution = convolutions.Conv2D(
        filters,
        kernel,
        strides,
        data_format=ORDER,
        use_bias=False,
        kernel_initializer=_initializer(),
    )
    h = convolution(ReflectionPadding2D(kernel // 2)(x))
    return InstanceNormalization(epsilon=EPSILON)(h)


def _patch_convolution(
    x: keras.KerasTensor, filters: int, strides: int, normalization: str | None, **options
) -> keras.KerasTensor:
    convolution = convolutions.Conv2D(
        filters,
        4,
        strides,
        data_format=ORDER,
        padding="same",
        kernel_initializer=_initializer(),
        **options,
    )
    return weighted(convolution, normalization)(x)


def _check_halvings(sides: list[int], downsamplings: int) -> None:
    factor = 2**downsamplings
    if any(side < 4 or side % factor or side // factor < 2 for side in sides):
        raise ValueError(
            f"A generator that halves images {downsamplings} times needs sides of "
            f"{max(4, 2 * factor)} pixels or more that are multiples of {factor}, not {sides[0]} x "
            f"{sides[1]}: pad or resize the images, or pass fewer downsamplings."
        )


def _initializer() -> keras.initializers.Initializer:
    return keras.initializers.RandomNormal(stddev=0.02)
