"""The networks of FastGAN: few layers, and grids that weight the channels of distant ones."""

import keras
from keras import layers, ops

from keras_gan.layers import convolutions
from keras_gan.layers.noise_injection import NoiseInjection
from keras_gan.networks._grids import grids_of
from keras_gan.networks._parts import (
    ORDER,
    batch_normalized,
    beside,
    check_positive,
    label_and_vector,
    output_dtype,
    score_of,
    weighted,
)
from keras_gan.networks.registry import register

MULTIPLES = (16, 8, 4, 2, 2, 1, 1 / 2, 1 / 4, 1 / 8)  # of the width, for 4, 8, 16, … pixels
LEAP = 4  # doublings between a grid and the one whose channels it weights
LEAPS = 4  # at most
JUDGES_MULTIPLES = (16, 8, 4, 2, 1, 1 / 2, 1 / 4, 1 / 8)  # likewise, of the discriminator
JUDGES_LEAP, JUDGES_LEAPS = 3, 3
FINEST_BLOCK = 6  # the level of 256 pixels; finer grids are halved by a convolution alone


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
        classes: How many class labels the generator takes beside z, as a second input (batch,), by
            conditional batch normalization: every class has its own scales and shifts (Miyato and
            Koyama 2018, arXiv 1802.05637). The authors have none. Defaults to None: it takes no
            labels.
        condition_dim: How many numbers a condition vector has, attributes or several labels at
            once, which the generator takes in place of a label, (batch, condition_dim). Defaults to
            None: it takes no such vector. Scales and shifts are affine in it.
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
    first = convolutions.Conv2DTranspose(2 * widths[0], grids[0], **_options())
    made = [_gated(weighted(first, "spectral")(h), y)]
    for level, own in enumerate(widths[1:], start=1):
        h = layers.UpSampling2D(data_format=ORDER)(made[-1])
        h = _convolved(h, y, own, noise=level % 2 == 1)
        if level % 2 == 1:
            h = _convolved(h, y, own, noise=True)
        if leap <= level < leap + LEAPS:
            h = _excited(h, made[level - leap], 2 ** (level - leap))
        made.append(h)
    h = _convolution(channels, 3)(made[-1])
    x = layers.Activation("tanh", dtype=output_dtype(), name="image")(h)
    return keras.Model(beside(z, label), x, name=name)


@register
def fastgan_discriminator(
    image_shape: tuple[int, int, int] = (32, 32, 3),
    width: int = 64,
    classes: int | None = None,
    condition_dim: int | None = None,
    name: str = "discriminator",
) -> keras.Model:
    """Builds the discriminator of FastGAN: residual halving, skip-layer excitation, patches.

        h ← ½ (φ(BN(W₂ ∗ φ(BN(W₁ ∗ h)))) + φ(BN(W₃ pooled h))),   φ = leaky ReLU with slope 0.2

    A 3 x 3 convolution makes the first grid of the image, and blocks halve it down to twice the
    coarsest grid of the generator: W₁ is 4 x 4 of stride 2, W₂ 3 x 3, W₃ 1 x 1 after average
    pooling. (Above 256 pixels, convolutions of 4 x 4 and stride 2 begin.) As in the generator, a
    grid weights the channels of the one 8 times coarser, or less in small images. A 1 x 1
    convolution, batch normalization, φ and a convolution as large as the coarsest grid make scores
    of patches; the score is their mean. All convolutions are spectrally normalized, without bias,
    from N(0, 0.02²).

    The authors' discriminator has, besides, a second path for a copy of the image with 128 pixels,
    and decoders that reconstruct real images from its features; theirs is the hinge loss of each
    patch. These are not here. Like theirs it takes no gradient penalty, for its batch
    normalization.

    Args:
        image_shape: As in `fastgan_generator`, from 8 pixels on; `sample_shape=` says the same.
        width: Channels of the grid of 64 pixels; those of 8, 16, 32, 128, 256 and 512 have 8, 4,
            2, ½, ¼ and ⅛ times as many. Defaults to 64.
        classes: How many class labels y the discriminator takes beside x, as a second input
            (batch,), by projection: mean of patches + w h + b + ⟨v_y, h⟩, h the mean of the last
            grid (Miyato and Koyama 2018, arXiv 1802.05637). The authors have none. Defaults to
            None: it takes no labels.
        condition_dim: How many numbers a condition vector y has that the discriminator takes in
            place of a label, by projection with v_y = V y. Defaults to None: it takes no such
            vector.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *image_shape) to (batch, 1).

    Raises:
        ValueError: As `fastgan_generator`, and for images below 8 pixels.

    Example:

    >>> fastgan_discriminator((28, 40, 1), width=4).output_shape
    (None, 1)

    Reference:
        Liu, Zhu, Song and Elgammal 2021, Towards Faster and Stabilized GAN Training for
        High-fidelity Few-shot Image Synthesis, arXiv 2101.04775.
    """
    check_positive(width=width)
    grids, _ = grids_of(image_shape, "fastgan", most=len(MULTIPLES))
    if len(grids) < 2:
        raise ValueError(
            f"The fastgan discriminator takes images from 8 x 8 pixels on, not {image_shape[0]} x "
            f"{image_shape[1]}: resize them."
        )
    widths = [max(1, int(width * each)) for each in JUDGES_MULTIPLES]
    finest = min(len(grids) - 1, FINEST_BLOCK)
    leap = min(JUDGES_LEAP, finest - 1)

    x = keras.Input(tuple(image_shape), name="x")
    label, y = label_and_vector(classes, condition_dim)
    h = x
    for level in reversed(range(finest, len(grids) - 1)):
        h = _convolution(widths[level], 4, strides=2)(h)
        is_first = level == len(grids) - 2  # without batch normalization, as of the image
        h = layers.LeakyReLU(negative_slope=0.2)(h) if is_first else _rectified(h)
    if len(grids) - 1 == finest:
        h = layers.LeakyReLU(negative_slope=0.2)(_convolution(widths[finest], 3)(h))
    made = {finest: h}
    for level in reversed(range(1, finest)):
        h = _halved(made[level + 1], widths[level])
        if level + leap in made and level <= JUDGES_LEAPS:
            h = _excited(h, made[level + leap], 2 ** (level + leap))
        made[level] = h
    h = made[1]
    patches = _convolution(1, grids[0], "valid")(_rectified(_convolution(widths[0], 1)(h)))
    score = layers.GlobalAveragePooling2D(data_format=ORDER, dtype=output_dtype())(patches)
    if y is not None:
        pooled = layers.GlobalAveragePooling2D(data_format=ORDER)(h)
        projected = score_of(pooled, y, "spectral")
        score = layers.Add(dtype=output_dtype())([score, projected])
    return keras.Model(beside(x, label), score, name=name)


def _halved(h: keras.KerasTensor, filters: int) -> keras.KerasTensor:
    """The mean of two convolutions and of a pooled shortcut."""
    main = _rectified(_convolution(filters, 4, strides=2)(h))
    main = _rectified(_convolution(filters, 3)(main))
    direct = layers.AveragePooling2D(2, data_format=ORDER)(h)
    direct = _rectified(_convolution(filters, 1)(direct))
    return layers.Average()([main, direct])


def _rectified(h: keras.KerasTensor) -> keras.KerasTensor:
    """Batch normalization and leaky ReLU."""
    return layers.LeakyReLU(negative_slope=0.2)(batch_normalized(h, None))


def _convolved(h: keras.KerasTensor, y, filters: int, noise: bool) -> keras.KerasTensor:
    """A convolution, perhaps noise, batch normalization and a gated linear unit."""
    h = _convolution(2 * filters, 3)(h)
    return _gated(NoiseInjection()(h) if noise else h, y)


def _gated(h: keras.KerasTensor, y) -> keras.KerasTensor:
    """Batch normalization and a gated linear unit, which halves the channels."""
    h, gate = ops.split(batch_normalized(h, y), 2, axis=-1)
    return layers.Multiply()([h, layers.Activation("sigmoid")(gate)])


def _excited(h: keras.KerasTensor, other: keras.KerasTensor, times: int) -> keras.KerasTensor:
    """h with channels weighted by another grid, so many times the size of the coarsest."""
    if times > 1:
        other = layers.AveragePooling2D(times, data_format=ORDER)(other)
    filters = h.shape[-1]
    weights = layers.Activation("silu")(_convolution(filters, other.shape[1:3], "valid")(other))
    weights = layers.Activation("sigmoid")(_convolution(filters, 1)(weights))
    return layers.Multiply()([h, weights])


def _convolution(filters: int, size, padding: str = "same", strides: int = 1) -> layers.Layer:
    """A spectrally normalized convolution."""
    convolution = convolutions.Conv2D(filters, size, strides, padding, **_options())
    return weighted(convolution, "spectral")


def _options() -> dict:
    """What all convolutions share."""
    start = keras.initializers.RandomNormal(stddev=0.02)
    return {"use_bias": False, "data_format": ORDER, "kernel_initializer": start}
