"""The convolutional networks of DCGAN, for images of any size from 8 pixels up."""

import keras
from keras import layers

from keras_gan.networks._heads import judge, label_of_judge
from keras_gan.networks._parts import (
    beside,
    check_dropout,
    check_image_shape,
    check_normalization,
    check_positive,
    label_and_vector,
    output_dtype,
)
from keras_gan.networks.registry import register
from keras_gan.networks.strided import Strided

SMALLEST = 8
FORM = Strided(
    kernel=4,
    stride=2,
    coarsest=7,
    initializer=lambda: keras.initializers.RandomNormal(stddev=0.02),
)


@register
def dcgan_generator(
    image_shape: tuple[int, int, int] = (28, 28, 1),
    latent_dim: int = 128,
    width: int = 64,
    classes: int | None = None,
    condition_dim: int | None = None,
    name: str = "generator",
) -> keras.Model:
    """Builds the DCGAN generator: from a coarse grid, transposed convolutions double the size.

    Each side of the image is halved, rounding up, until it is 7 or less: 28 ← 14 ← 7, 33 ← 17 ← 9 ←
    5. A dense layer makes the coarsest grid, and each 4 x 4 transposed convolution of stride 2
    makes the next one, with kernels of 3 and stride 1 along a side that stays as it is. Batch
    normalization and ReLU follow every layer but the last, which ends in tanh. Weights start from
    N(0, 0.02²). Images below 15 pixels, with one doubling only, get an extra 3 x 3 convolution at
    the coarse size.

    Args:
        image_shape: (height, width, channels), of a height or width of at least 8;
            `sample_shape=` says the same. Defaults to (28, 28, 1).
        latent_dim: Dimensions of a latent vector. Defaults to 128.
        width: Channels of the finest hidden grid; each coarser one has twice as many. Defaults to
            64.
        classes: How many class labels the generator takes beside z, as a second input (batch,), by
            conditional batch normalization: every class has its own scales and shifts (Miyato and
            Koyama 2018, arXiv 1802.05637). Defaults to None: it takes no labels.
        condition_dim: How many numbers a condition vector has, attributes or several labels at
            once, which the generator takes in place of a label, (batch, condition_dim). Defaults to
            None: it takes no such vector. Scales and shifts are affine in it.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, latent_dim) to (batch, *image_shape) in [-1, 1].

    Raises:
        ValueError: For an image below 8 pixels, or a size below 1.

    Example:

    >>> dcgan_generator((33, 20, 3), latent_dim=16, width=8).output_shape
    (None, 33, 20, 3)

    Reference:
        Radford et al., Unsupervised Representation Learning with Deep Convolutional Generative
        Adversarial Networks, 2015, arXiv 1511.06434.
    """
    check_positive(latent_dim=latent_dim, width=width)
    shape = _checked_shape(image_shape)
    z = keras.Input((latent_dim,), name="z")
    label, y = label_and_vector(classes, condition_dim)
    h = FORM.generated(z, y, shape, width)
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
    condition_dim: int | None = None,
    conditioning: str = "projection",
    name: str = "discriminator",
) -> keras.Model:
    """Builds the DCGAN discriminator: strided convolutions halve the size, one score at the end.

    The mirror image of `dcgan_generator`: 4 x 4 convolutions of stride 2 with LeakyReLU(0.2) halve
    each side, rounding up, until it is 7 or less, and a dense layer makes the unbounded score.
    Weights start from N(0, 0.02²). Images below 15 pixels, with one halving only, get an extra
    3 x 3 convolution at the coarse size.

    Args:
        image_shape: (height, width, channels), of a height or width of at least 8;
            `sample_shape=` says the same. Defaults to (28, 28, 1).
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
        condition_dim: How many numbers a condition vector y has that the discriminator takes in
            place of a label, by projection with v_y = V y. Defaults to None: it takes no such
            vector.
        conditioning: "projection", as above; "classifier", without labels as input, for logits of
            the classes beside the score, as `kg.ACGAN` takes them; or "proxies", for cosines to a
            proxy of each class and the unit embedding that they are of, (batch, 512), as
            `kg.ReACGAN` takes them. Defaults to "projection".
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *image_shape) to (batch, 1), or to a list of that and
        the features, (batch, n), with `features`.

    Raises:
        ValueError: For an image below 8 pixels, a width below 1, an unknown normalization, or a
            dropout outside [0, 1).

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
    x = keras.Input(_checked_shape(image_shape), name="x")
    label, y = label_of_judge(classes, condition_dim, conditioning, features)
    h = FORM.seen(x, width, normalization, dropout)
    given = {"classes": classes, "conditioning": conditioning, "features": features}
    start = FORM.initializer()
    return judge(x, h, label, y, normalization, name=name, kernel_initializer=start, **given)


def _checked_shape(image_shape: tuple[int, int, int]) -> tuple[int, int, int]:
    """Returns the shape of an image that can be halved at least once."""
    height, width, channels = check_image_shape(image_shape)
    if max(height, width) < SMALLEST:
        raise ValueError(
            f"DCGAN needs images with a side of at least {SMALLEST} pixels, not {height} x {width}."
        )
    return height, width, channels
