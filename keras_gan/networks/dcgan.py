"""The convolutional networks of DCGAN, for square images of any size from 8 up."""

from itertools import pairwise

import keras
from keras import layers

from keras_gan.layers import convolutions
from keras_gan.networks._parts import (
    ORDER,
    batch_normalized,
    beside,
    check_dropout,
    check_image_shape,
    check_normalization,
    check_positive,
    drop,
    label_and_vector,
    normalize,
    output_dtype,
    score_of,
    weighted,
)
from keras_gan.networks.registry import register

SMALLEST = 8


@register
def dcgan_generator(
    image_shape: tuple[int, int, int] = (28, 28, 1),
    latent_dim: int = 128,
    width: int = 64,
    classes: int | None = None,
    name: str = "generator",
) -> keras.Model:
    """Builds the DCGAN generator: from a coarse grid, transposed convolutions double the size.

    The image size is halved, rounding up, until it is 7 or less: 28 ← 14 ← 7, 33 ← 17 ← 9 ← 5.
    A dense layer makes the coarsest grid, and each 4 x 4 transposed convolution of stride 2 makes
    exactly the next size, without cropping. Batch normalization and ReLU follow every layer but the
    last, which ends in tanh. Weights start from N(0, 0.02²). Images below 15 pixels, with one
    doubling only, get an extra 3 x 3 convolution at the coarse size.

    Args:
        image_shape: (size, size, channels), size at least 8; `sample_shape=` says the same.
            Defaults to (28, 28, 1).
        latent_dim: Dimensions of a latent vector. Defaults to 128.
        width: Channels of the finest hidden grid; each coarser one has twice as many. Defaults to
            64.
        classes: How many class labels the generator takes beside z, as a second input (batch,), by
            conditional batch normalization: every class has its own scales and shifts (Miyato and
            Koyama 2018, arXiv 1802.05637). Defaults to None: it takes no labels.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, latent_dim) to (batch, *image_shape) in [-1, 1].

    Raises:
        ValueError: For an image that is not square or below 8 pixels, or a size below 1.

    Example:

    >>> dcgan_generator((33, 33, 3), latent_dim=16, width=8).output_shape
    (None, 33, 33, 3)

    Reference:
        Radford et al., Unsupervised Representation Learning with Deep Convolutional Generative
        Adversarial Networks, 2015, arXiv 1511.06434.
    """
    check_positive(latent_dim=latent_dim, width=width)
    sizes, channels = _sizes(image_shape)
    *grids, image = reversed(sizes)
    widths = [width * 2**level for level in reversed(range(len(grids)))]

    z = keras.Input((latent_dim,), name="z")
    label, y = label_and_vector(classes)
    h = layers.Dense(grids[0] ** 2 * widths[0], use_bias=False, kernel_initializer=_initializer())(
        z
    )
    h = layers.Reshape((grids[0], grids[0], widths[0]))(h)
    for (size, next_size), next_width in zip(pairwise(grids), widths[1:], strict=True):
        h = layers.ReLU()(batch_normalized(h, y))
        h = _enlarge(size, next_size, next_width, use_bias=False)(h)
    h = layers.ReLU()(batch_normalized(h, y))
    h = _enlarge(grids[-1], image, channels)(h)
    x = layers.Activation("tanh", dtype=output_dtype(), name="image")(h)
    return keras.Model(beside(z, label), x, name=name)


@register
def dcgan_discriminator(
    image_shape: tuple[int, int, int] = (28, 28, 1),
    width: int = 64,
    normalization: str | None = None,
    dropout: float = 0.0,
    features: bool = False,
    classes: int | None = None,
    name: str = "discriminator",
) -> keras.Model:
    """Builds the DCGAN discriminator: strided convolutions halve the size, one score at the end.

    The mirror image of `dcgan_generator`: 4 x 4 convolutions of stride 2 with LeakyReLU(0.2) halve
    the size, rounding up, until it is 7 or less, and a dense layer makes the unbounded score.
    Weights start from N(0, 0.02²). Images below 15 pixels, with one halving only, get an extra
    3 x 3 convolution at the coarse size.

    Args:
        image_shape: (size, size, channels), size at least 8; `sample_shape=` says the same.
            Defaults to (28, 28, 1).
        width: Channels of the finest hidden grid; each coarser one has twice as many. Defaults to
            64.
        normalization: None; "spectral" for `kg.layers.SpectralNormalization` of every layer; or
            "layer" or "batch" after every convolution but the first, as in the paper, which has
            "batch". Defaults to None.
        dropout: Rate at which values after each LeakyReLU are dropped in training, in [0, 1).
            Defaults to 0.
        features: Whether to return the flat coarsest grid, the input of the last layer, beside
            the score; `kg.CTGAN` compares it. Defaults to False.
        classes: How many class labels y the discriminator takes beside x, as a second input
            (batch,), by projection: score = w h + b + ⟨v_y, h⟩ (Miyato and Koyama 2018, cGANs with
            Projection Discriminator, arXiv 1802.05637). Defaults to None: it takes no labels.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *image_shape) to (batch, 1), or to a list of that and
        the features, (batch, n), with `features`.

    Raises:
        ValueError: For an image that is not square or below 8 pixels, a width below 1, an unknown
            normalization, or a dropout outside [0, 1).

    Example:

    >>> dcgan_discriminator((33, 33, 3), width=8, normalization="spectral").output_shape
    (None, 1)

    Reference:
        Radford et al., Unsupervised Representation Learning with Deep Convolutional Generative
        Adversarial Networks, 2015, arXiv 1511.06434.
    """
    check_positive(width=width)
    check_normalization(normalization)
    check_dropout(dropout)
    sizes, _ = _sizes(image_shape)

    x = keras.Input(tuple(image_shape), name="x")
    label, y = label_and_vector(classes)
    h = x
    for level, (size, next_size) in enumerate(pairwise(sizes)):
        kernel, stride = _kernel_and_stride(size, next_size)
        convolution = convolutions.Conv2D(
            width * 2**level,
            kernel,
            stride,
            padding="same",
            data_format=ORDER,
            kernel_initializer=_initializer(),
        )
        h = weighted(convolution, normalization)(h)
        h = normalize(h, normalization if level > 0 else None)
        h = drop(layers.LeakyReLU(negative_slope=0.2)(h), dropout)
    h = layers.Flatten(data_format=ORDER)(h)
    score = score_of(h, y, normalization, kernel_initializer=_initializer())
    return keras.Model(beside(x, label), [score, h] if features else score, name=name)


def _sizes(image_shape: tuple[int, int, int]) -> tuple[list[int], int]:
    """Returns the sizes of the grids from the image down, at least two below it, and channels."""
    size, channels = check_image_shape(image_shape)
    if size < SMALLEST:
        raise ValueError(
            f"DCGAN needs images of at least {SMALLEST} x {SMALLEST} pixels, not {size} x {size}."
        )
    sizes = [size]
    while sizes[-1] > 7:
        sizes.append((sizes[-1] + 1) // 2)
    return (sizes if len(sizes) > 2 else [*sizes, sizes[-1]]), channels


def _kernel_and_stride(fine: int, coarse: int) -> tuple[int, int]:
    return (3, 1) if fine == coarse else (4, 2)


def _enlarge(size: int, next_size: int, width: int, use_bias: bool = True) -> layers.Layer:
    kernel, stride = _kernel_and_stride(next_size, size)
    return convolutions.Conv2DTranspose(
        width,
        kernel,
        stride,
        padding="same",
        output_padding=1 if next_size == 2 * size - 1 else None,
        data_format=ORDER,
        use_bias=use_bias,
        kernel_initializer=_initializer(),
    )


def _initializer() -> keras.initializers.Initializer:
    return keras.initializers.RandomNormal(stddev=0.02)
