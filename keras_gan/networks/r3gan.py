"""The networks of R3GAN: residual blocks of grouped convolutions, without normalization."""

import functools
import math
from itertools import pairwise

import keras
from keras import layers

from keras_gan.layers import convolutions
from keras_gan.layers.low_pass import LowPassDownSampling2D, LowPassUpSampling2D
from keras_gan.networks._grids import grids_of, widths_of
from keras_gan.networks._heads import label_of_judge, naming
from keras_gan.networks._parts import (
    ORDER,
    beside,
    check_positive,
    label_and_vector,
    output_dtype,
)
from keras_gan.networks.registry import register

EXPANSION = 2  # of the channels within a block
SLOPE = 0.2  # of leaky ReLU below 0


@register
def r3gan_generator(
    image_shape: tuple[int, int, int] = (32, 32, 3),
    latent_dim: int = 64,
    width: int = 768,
    blocks: int = 2,
    group_width: int = 16,
    classes: int | None = None,
    condition_dim: int | None = None,
    name: str = "generator",
) -> keras.Model:
    """Builds the generator of R3GAN: a learned basis of 4 x 4, residual blocks, bilinear doubling.

        h = A z ⊙ basis;   at each grid, `blocks` times:  h ← h + W₃ φ(W₂ ⋆ φ(W₁ h + b₁) + b₂)

    A linear map of z scales the channels of a learned grid. A block widens the channels twofold by
    a 1 x 1 convolution, convolves groups of them 3 x 3 and narrows them 1 x 1; φ is leaky ReLU
    with slope 0.2. There is no normalization. W₃ starts at 0 and W₁, W₂ from N(0, g² L^(−½) / n),
    with n inputs, L blocks in all and g² = 2 / 1.04 (fix-up). Between grids a 1 x 1 convolution,
    where the width changes, precedes bilinear doubling. A last 1 x 1 convolution makes the image,
    without tanh: its values have no bound.

    Args:
        image_shape: (height, width, channels); `sample_shape=` says the same. The sides are 4, 5, 6
            or 7 pixels, or one of them more, times the same power of two. Defaults to (32, 32, 3).
        latent_dim: Dimensions of a latent vector. Defaults to 64.
        width: Channels of the four coarsest grids; each finer one has half as many. Defaults to
            768, that of the authors for CIFAR-10 and FFHQ.
        blocks: Residual blocks of each grid. Defaults to 2.
        group_width: Channels of a group; where it does not divide them, the next smaller number
            that does. Defaults to 16.
        classes: How many class labels the generator takes beside z, as a second input (batch,). A
            linear map makes `latent_dim` numbers of each, which are concatenated to z. Defaults to
            None: it takes no labels.
        condition_dim: How many numbers a condition vector has, attributes or several labels at
            once, which the generator takes in place of a label, (batch, condition_dim). Defaults to
            None: it takes no such vector. It acts as the unit vector of a class.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, latent_dim) to (batch, *image_shape), unbounded.

    Raises:
        ValueError: For another image size, or a number below 1.

    Example:

    >>> r3gan_generator((28, 40, 1), width=16).output_shape
    (None, 28, 40, 1)

    Reference:
        Huang, Gokaslan, Kuleshov and Tompkin 2025, The GAN is dead; long live the GAN! A Modern
        GAN Baseline, arXiv 2501.05441, and the authors' code.
    """
    check_positive(latent_dim=latent_dim, width=width, blocks=blocks, group_width=group_width)
    grids, channels = grids_of(image_shape, "r3gan")
    widths = widths_of(width, grids)

    z = keras.Input((latent_dim,), name="z")
    label, y = label_and_vector(classes, condition_dim)
    h = z if y is None else layers.Concatenate()([z, _linear(latent_dim)(y)])
    h = _linear(width)(h)
    start = keras.initializers.RandomNormal(stddev=1.0)
    h = layers.EinsumDense(
        "bc,hwc->bhwc", (*grids[0], width), kernel_initializer=start, name="basis"
    )(h)
    for level, own in enumerate(widths):
        if level > 0:
            h = h if own == widths[level - 1] else _pointwise(own)(h)
            h = LowPassUpSampling2D()(h)
        for _ in range(blocks):
            h = _block(h, blocks * len(grids), group_width)
    h = _pointwise(channels)(h)
    x = layers.Activation("linear", dtype=output_dtype(), name="image")(h)
    return keras.Model(beside(z, label), x, name=name)


@register
def r3gan_discriminator(
    image_shape: tuple[int, int, int] = (32, 32, 3),
    width: int = 768,
    blocks: int = 2,
    group_width: int = 16,
    classes: int | None = None,
    condition_dim: int | None = None,
    conditioning: str = "projection",
    name: str = "discriminator",
) -> keras.Model:
    """Builds the discriminator of R3GAN, the mirror image of `r3gan_generator`.

    A 1 x 1 convolution precedes the blocks of the finest grid. Between grids, bilinear halving
    precedes a 1 x 1 convolution where the width changes. At the end each channel of the 4 x 4 grid
    is multiplied by a learned one and summed, and a linear map makes the unbounded score, without a
    bias, which no relativistic loss would move.

    Args:
        image_shape: As in `r3gan_generator`; `sample_shape=` says the same.
        width: Likewise.
        blocks: Likewise.
        group_width: Likewise.
        classes: How many class labels y the discriminator takes beside x, as a second input
            (batch,), by projection: score = ⟨W h, E y⟩ with `width` numbers each. Defaults to None:
            it takes no labels.
        condition_dim: How many numbers a condition vector y has that the discriminator takes in
            place of a label; it acts as the unit vector of a class. Defaults to None: it takes no
            such vector.
        conditioning: "projection", as above; "classifier", without labels as input, for logits of
            the classes beside the score, as `kg.ACGAN` takes them; or "proxies", for cosines to a
            proxy of each class and the unit embedding that they are of, (batch, 512), as
            `kg.ReACGAN` takes them. Defaults to "projection".
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *image_shape) to (batch, 1).

    Raises:
        ValueError: As `r3gan_generator`.

    Example:

    >>> r3gan_discriminator((28, 40, 1), width=16).output_shape
    (None, 1)

    Reference:
        Huang, Gokaslan, Kuleshov and Tompkin 2025, The GAN is dead; long live the GAN! A Modern
        GAN Baseline, arXiv 2501.05441, and the authors' code.
    """
    check_positive(width=width, blocks=blocks, group_width=group_width)
    grids, _ = grids_of(image_shape, "r3gan")
    widths = widths_of(width, grids)

    x = keras.Input(tuple(image_shape), name="x")
    label, y = label_of_judge(classes, condition_dim, conditioning)
    h = _pointwise(widths[-1])(x)
    for own, next_width in pairwise([*reversed(widths), None]):
        for _ in range(blocks):
            h = _block(h, blocks * len(grids), group_width)
        if next_width is not None:
            h = LowPassDownSampling2D()(h)
            h = h if next_width == own else _pointwise(next_width)(h)
    start = keras.initializers.RandomNormal(stddev=1.0 / math.sqrt(math.prod(grids[0])))
    h = layers.EinsumDense("bhwc,hwc->bc", (width,), kernel_initializer=start, name="basis")(h)
    if y is None:
        score = _linear(1, dtype=output_dtype(), name="score")(h)
        dense = functools.partial(_linear, dtype=output_dtype())
        given = {"classes": classes, "conditioning": conditioning}
        return naming(x, h, score, dense, name=name, **given)
    start = keras.initializers.VarianceScaling(1.0 / width, "fan_in", "untruncated_normal")
    embedding = layers.Dense(
        width, use_bias=False, kernel_initializer=start, dtype=output_dtype(), name="embedding"
    )(y)
    h = _linear(width, dtype=output_dtype())(h)
    score = layers.Dot(axes=1, dtype=output_dtype(), name="score")([h, embedding])
    return keras.Model([x, label], score, name=name)


def _block(x: keras.KerasTensor, blocks: int, group_width: int) -> keras.KerasTensor:
    """x and the residual of one block, of all so many."""
    inner = EXPANSION * x.shape[-1]
    own = max(size for size in range(1, min(group_width, inner) + 1) if inner % size == 0)
    gain = 2.0 / (1.0 + SLOPE**2) / math.sqrt(blocks)
    h = layers.LeakyReLU(negative_slope=SLOPE)(_pointwise(inner, gain, use_bias=True)(x))
    h = convolutions.Conv2D(
        inner,
        3,
        padding="same",
        groups=inner // own,
        data_format=ORDER,
        kernel_initializer=_start(gain),
    )(h)
    h = layers.LeakyReLU(negative_slope=SLOPE)(h)
    h = _pointwise(x.shape[-1], 0.0)(h)
    return layers.Add()([x, h])


def _pointwise(filters: int, gain: float = 1.0, use_bias: bool = False) -> layers.Layer:
    """A 1 x 1 convolution."""
    return convolutions.Conv2D(
        filters, 1, use_bias=use_bias, data_format=ORDER, kernel_initializer=_start(gain)
    )


def _linear(units: int, **options) -> layers.Layer:
    """A dense layer without bias."""
    return layers.Dense(units, use_bias=False, kernel_initializer=_start(1.0), **options)


def _start(gain: float) -> keras.initializers.Initializer:
    """N(0, gain / n) with n inputs; zeros for no gain."""
    if not gain:
        return keras.initializers.Zeros()
    return keras.initializers.VarianceScaling(gain, "fan_in", "untruncated_normal")
