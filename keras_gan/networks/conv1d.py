"""The convolutional networks of WaveGAN, for series of any length."""

import functools

import keras
from keras import layers

from keras_gan.arguments import unknown_name, whole
from keras_gan.layers import PhaseShuffle
from keras_gan.networks._heads import judge, label_of_judge
from keras_gan.networks._parts import (
    beside,
    check_dropout,
    check_normalization,
    check_positive,
    check_sample_shape,
    label_and_vector,
    output_dtype,
)
from keras_gan.networks.registry import register
from keras_gan.networks.strided import Strided

COARSEST = 16  # steps
GENERATOR_NORMALIZATIONS = (None, "batch")


@register
def conv1d_generator(
    sample_shape: tuple[int, int] = (16384, 1),
    latent_dim: int = 100,
    width: int = 64,
    kernel: int = 25,
    stride: int = 4,
    normalization: str | None = None,
    output_activation: str = "tanh",
    classes: int | None = None,
    condition_dim: int | None = None,
    name: str = "generator",
) -> keras.Model:
    """Builds the generator of WaveGAN: from a few steps, transposed convolutions make a series.

    The length is divided by the stride, rounding up, until it is 16 or less: 16384 ← 4096 ← 1024 ←
    256 ← 64 ← 16, and 50 ← 13. A dense layer makes the shortest series, and each transposed
    convolution the next one; ReLU follows every layer but the last. Series below 65 steps, with one
    such division only, get an extra convolution of 3 steps at the shortest length. At the paper's
    length, with the default sizes, these are the paper's layers, of 19 million parameters.

    Args:
        sample_shape: (time, channels). Defaults to (16384, 1), a second of sound at 16 kHz.
        latent_dim: Dimensions of a latent vector. Defaults to 100.
        width: Channels of the finest hidden series; each coarser one has twice as many. Defaults to
            64.
        kernel: Steps that a kernel covers. Defaults to 25, the paper's; 9 is enough for short
            series.
        stride: By what each layer multiplies the length. Defaults to 4, the paper's.
        normalization: None; or "batch" for batch normalization before each ReLU. Defaults to None,
            as in the paper, which trains by WGAN-GP.
        output_activation: That of the series: "tanh" for series in [-1, 1], as in the paper;
            "linear" for others. Defaults to "tanh".
        classes: How many class labels the generator takes beside z, as a second input (batch,): by
            conditional batch normalization (Miyato and Koyama 2018, arXiv 1802.05637), and without
            normalization as unit vectors beside z. Defaults to None: it takes no labels.
        condition_dim: How many numbers a condition vector has, attributes or several labels at
            once, which the generator takes in place of a label, (batch, condition_dim). Defaults to
            None: it takes no such vector. It acts as the unit vector of a class.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, latent_dim) to (batch, time, channels).

    Raises:
        ValueError: For a sample shape other than (time, channels), a size below 1, a stride below
            2, or an unknown normalization or activation.

    Example:

    >>> conv1d_generator((50, 6), latent_dim=8, width=4, kernel=9).output_shape
    (None, 50, 6)

    Reference:
        Donahue, McAuley and Puckette, Adversarial Audio Synthesis, 2019, arXiv 1802.04208, table 3.
    """
    check_positive(latent_dim=latent_dim, width=width)
    if normalization not in GENERATOR_NORMALIZATIONS:
        raise unknown_name("normalization", normalization, map(str, GENERATOR_NORMALIZATIONS))
    form, shape = _form(kernel, stride), _checked_shape(sample_shape)
    z = keras.Input((latent_dim,), name="z")
    label, y = label_and_vector(classes, condition_dim)
    h = form.generated(z, y, shape, width, normalized=normalization == "batch")
    x = layers.Activation(output_activation, dtype=output_dtype(), name="series")(h)
    return keras.Model(beside(z, label), x, name=name)


@register
def conv1d_discriminator(
    sample_shape: tuple[int, int] = (16384, 1),
    width: int = 64,
    kernel: int = 25,
    stride: int = 4,
    phase_shuffle: int = 0,
    normalization: str | None = None,
    dropout: float = 0.0,
    features: bool = False,
    classes: int | None = None,
    condition_dim: int | None = None,
    conditioning: str = "projection",
    name: str = "discriminator",
) -> keras.Model:
    """Builds the discriminator of WaveGAN: strided convolutions shorten a series to one score.

    The mirror image of `conv1d_generator`: convolutions with LeakyReLU(0.2) divide the length by
    the stride, rounding up, until it is 16 or less, and a dense layer makes the unbounded score.

    Args:
        sample_shape: (time, channels). Defaults to (16384, 1).
        width: Channels of the finest hidden series; each coarser one has twice as many. Defaults to
            64.
        kernel: Steps that a kernel covers. Defaults to 25, the paper's.
        stride: By what each layer divides the length. Defaults to 4, the paper's.
        phase_shuffle: By how many steps `kg.layers.PhaseShuffle` may shift what each convolution
            but the last one makes. Defaults to 0; the paper has 2, for sound.
        normalization: None; "spectral" for `kg.layers.SpectralNormalization` of every layer; or
            "layer" or "batch" after every convolution but the first. Defaults to None.
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
        A built `keras.Model` from (batch, time, channels) to (batch, 1), or to a list of that and
        the features, (batch, n), with `features`.

    Raises:
        ValueError: For a sample shape other than (time, channels), a size below 1, a stride below
            2, shifts as long as a hidden series, an unknown normalization, or a dropout outside
            [0, 1).

    Example:

    >>> conv1d_discriminator((50, 6), width=4, kernel=9, phase_shuffle=2).output_shape
    (None, 1)

    Reference:
        Donahue, McAuley and Puckette, Adversarial Audio Synthesis, 2019, arXiv 1802.04208, table 4.
    """
    check_positive(width=width)
    check_normalization(normalization)
    check_dropout(dropout)
    shift = whole("phase_shuffle", phase_shuffle, least=0)
    form = _form(kernel, stride)
    x = keras.Input(_checked_shape(sample_shape), name="x")
    label, y = label_of_judge(classes, condition_dim, conditioning, features)
    between = (lambda h: PhaseShuffle(shift)(h)) if shift else (lambda h: h)
    h = form.seen(x, width, normalization, dropout, between)
    given = {"classes": classes, "conditioning": conditioning, "features": features}
    return judge(x, h, label, y, normalization, name=name, **given)


def _form(kernel: int, stride: int) -> Strided:
    return Strided(whole("kernel", kernel), whole("stride", stride, least=2), COARSEST)


_checked_shape = functools.partial(check_sample_shape, axes=2, meaning="(time, channels) of series")
