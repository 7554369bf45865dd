"""The generator of FastGAN: few layers, and grids that weight the channels of distant ones."""

import keras
from keras import layers

from keras_gan.layers import convolutions
from keras_gan.networks._fastgan_parts import (
    MULTIPLES,
    convolution,
    convolved,
    excited,
    gated,
    options,
)
from keras_gan.networks._grids import grids_of
from keras_gan.networks._parts import (
    ORDER,
    beside,
    check_positive,
    label_and_vector,
    output_dtype,
    weighted,
)
from keras_gan.networks.registry import register

LEAP = 4  # doublings between a grid and the one whose channels it weights
LEAPS = 4  # at most


@register
def fastgan_generator(
    image_shape: tuple[int, int, int] = (32, 32, 3),
    latent_dim: int = 256,
    width: int = 64,
    classes: int | None = None,
    condition_dim: int | None = None,
    name: str = "generator",
) -> keras.Model:
    """Builds the generator of FastGAN: plain doubling, gated units, skip-layer excitation.

        h ← GLU(BN(W ∗ 2↑ h));   h ← h ⊙ σ(W₂ swish(W₁ pooled h_coarse))   four doublings later

    A transposed convolution makes the coarsest grid of z, with batch normalization and a gated
    linear unit, GLU(a, b) = a σ(b). Each further grid comes by nearest-neighbour doubling, a 3 x 3
    convolution, batch normalization and GLU; every other grid, from the second on, has a second
    such convolution, and noise of learned strength (`kg.layers.NoiseInjection`) after both.
    Skip-layer excitation lets a grid weight the channels of the one 16 times its size. A last
    3 x 3 convolution and tanh make the image. All convolutions are spectrally normalized, without
    bias, from N(0, 0.02²).

    As in the authors' code, with its swish where the paper has leaky ReLU. There images have 256
    pixels or more; here smaller ones leap fewer doublings, from the coarsest grid to the finest.
    The authors' second image of 128 pixels, for a discriminator that takes two, is left out.

    Args:
        image_shape: (height, width, channels); `sample_shape=` says the same. The sides are 4, 5, 6
            or 7 pixels, or one of them more, times the same power of two, at most 2⁸. Defaults to
            (32, 32, 3).
        latent_dim: Dimensions of a latent vector. Defaults to 256.
        width: Channels of the grid of 128 pixels; those of 4, 8, 16, 32, 64, 256, 512 and 1,024
            have 16, 8, 4, 2, 2, ½, ¼ and ⅛ times as many. Defaults to 64.
        classes: How many class labels the generator takes beside z, as a second input (batch,), as
            in the conditional FastGAN of Projected GANs (Sauer et al. 2021, arXiv 2111.01007): a
            class has an embedding e of `latent_dim` numbers, and in all grids but the coarsest
            normalized values are scaled by 1 + W e + b and shifted by V e + c, W and V spectrally
            normalized. Defaults to None: it takes no labels.
        condition_dim: How many numbers a condition vector has, attributes or several labels at
            once, which the generator takes in place of a label, (batch, condition_dim). Defaults to
            None: it takes no such vector. It acts as the unit vector of a class.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, latent_dim) to (batch, *image_shape) in [-1, 1].

    Raises:
        ValueError: For another image size, or a number below 1.

    Example:

    >>> fastgan_generator((28, 40, 1), latent_dim=8, width=4).output_shape
    (None, 28, 40, 1)

    Reference:
        Liu, Zhu, Song and Elgammal 2021, Towards Faster and Stabilized GAN Training for
        High-fidelity Few-shot Image Synthesis, arXiv 2101.04775.
    """
    check_positive(latent_dim=latent_dim, width=width)
    grids, channels = grids_of(image_shape, "fastgan", most=len(MULTIPLES))
    widths = [max(1, int(width * each)) for each in MULTIPLES[: len(grids)]]
    leap = min(LEAP, len(grids) - 1)

    z = keras.Input((latent_dim,), name="z")
    label, y = label_and_vector(classes, condition_dim)
    h = layers.Reshape((1, 1, latent_dim))(z)
    first = convolutions.Conv2DTranspose(2 * widths[0], grids[0], **options())
    made = [gated(weighted(first, "spectral")(h))]
    e = None if y is None else _embedding(latent_dim)(y)
    for level, own in enumerate(widths[1:], start=1):
        h = layers.UpSampling2D(data_format=ORDER)(made[-1])
        h = convolved(h, e, own, noise=level % 2 == 1)
        if level % 2 == 1:
            h = convolved(h, e, own, noise=True)
        if leap <= level < leap + LEAPS:
            h = excited(h, made[level - leap], 2 ** (level - leap))
        made.append(h)
    h = convolution(channels, 3)(made[-1])
    x = layers.Activation("tanh", dtype=output_dtype(), name="image")(h)
    return keras.Model(beside(z, label), x, name=name)


def _embedding(units: int) -> layers.Layer:
    """A learned vector of each class, from N(0, 1)."""
    start = keras.initializers.RandomNormal(stddev=1.0)
    return layers.Dense(units, use_bias=False, kernel_initializer=start, name="embedding")
