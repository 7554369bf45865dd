"""The residual networks of spectrally normalized GANs, for images of any size from 8 pixels up."""

import math

import keras
from keras import layers

from keras_gan.arguments import unknown_name, whole
from keras_gan.layers import convolutions
from keras_gan.networks._heads import judge, label_of_judge
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
    weighted,
)
from keras_gan.networks.registry import register
from keras_gan.networks.residual import (
    attended,
    block,
    enlarging_block,
    first_block,
    halved,
    place_of_attention,
)

SMALLEST = 8
COARSEST = 4  # pixels: a longer side is halved where the widths of the blocks are given
GENERATOR_NORMALIZATIONS = (None, "spectral")


@register
def resnet_generator(
    image_shape: tuple[int, int, int] = (32, 32, 3),
    latent_dim: int = 128,
    width: int | list[int] = 256,
    classes: int | None = None,
    condition_dim: int | None = None,
    normalization: str | None = None,
    attention: int | None = None,
    name: str = "generator",
) -> keras.Model:
    """Builds the residual generator of SN-GAN: a coarse grid, doubled by residual blocks.

    Each side of the image is halved, rounding up, until it is 7 or less: 32 ← 16 ← 8 ← 4, 45 ← 23 ←
    12 ← 6. A dense layer makes the coarsest grid. Each block adds to its input, enlarged to the
    next grid (nearest neighbour) and sent through a 1 x 1 convolution, the residual batch norm,
    ReLU, enlarging, 3 x 3 convolution, batch norm, ReLU, 3 x 3 convolution. Batch norm, ReLU, a
    3 x 3 convolution and tanh make the image. Published are, by the tables of the paper's appendix,

        32 x 32, table 4:      width=256
        48 x 48, table 5:      width=[512, 256, 128, 64]
        128 x 128, table 6:    width=[1024, 1024, 512, 256, 128, 64]

    and SAGAN is the last with `normalization="spectral", attention=32`.

    Args:
        image_shape: (height, width, channels), of a height or width of at least 8;
            `sample_shape=` says the same. Defaults to (32, 32, 3).
        latent_dim: Dimensions of a latent vector. Defaults to 128.
        width: Channels of every block; or a list of those of the coarsest grid and of each block,
            whose number then says how often sides of more than 4 are halved. Defaults to 256.
        classes: How many class labels the generator takes beside z, as a second input (batch,), by
            conditional batch normalization: every class has its own scales and shifts (Miyato and
            Koyama 2018, arXiv 1802.05637). In the authors' code those of the blocks are
            conditional, the last one is not; here it is, too. Defaults to None: it takes no labels.
        condition_dim: How many numbers a condition vector has, attributes or several labels at
            once, which the generator takes in place of a label, (batch, condition_dim). Defaults to
            None: it takes no such vector. Scales and shifts are affine in it.
        normalization: None; or "spectral" for `kg.layers.SpectralNormalization` of the dense layer
            and every convolution, as in SAGAN. Defaults to None.
        attention: The height of the grid that gets `kg.layers.SelfAttention`, behind the block that
            makes it. Defaults to None, none; SAGAN has 32.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, latent_dim) to (batch, *image_shape) in [-1, 1].

    Raises:
        ValueError: For an image below 8 pixels, a size below 1, more widths than sides can be
            halved, an unknown normalization, or attention to a height that no block makes.

    Example:

    >>> resnet_generator((27, 45, 3), width=8, attention=14).output_shape
    (None, 27, 45, 3)

    Reference:
        Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018,
        arXiv 1802.05957, tables 4 to 6; Zhang et al., Self-Attention Generative Adversarial
        Networks, 2018, arXiv 1805.08318.
    """
    check_positive(latent_dim=latent_dim)
    if normalization not in GENERATOR_NORMALIZATIONS:
        raise unknown_name("normalization", normalization, map(str, GENERATOR_NORMALIZATIONS))
    *sides, channels = _checked_shape(image_shape)
    widths = _checked_widths(width)
    grids = _grids(sides, 7) if widths is None else _grids(sides, COARSEST, len(widths) - 1)
    widths = [width] * len(grids) if widths is None else widths[::-1]
    place = place_of_attention(attention, grids[:-1])

    z = keras.Input((latent_dim,), name="z")
    label, y = label_and_vector(classes, condition_dim)
    h = weighted(layers.Dense(math.prod(grids[-1]) * widths[-1]), normalization)(z)
    h = layers.Reshape((*grids[-1], widths[-1]))(h)
    for i in reversed(range(len(grids) - 1)):
        h = enlarging_block(h, y, grids[i], widths[i], normalization)
        h = attended(h, normalization) if i == place else h
    h = layers.ReLU()(batch_normalized(h, y))
    last = convolutions.Conv2D(channels, 3, data_format=ORDER, padding="same")
    h = weighted(last, normalization)(h)
    x = layers.Activation("tanh", dtype=output_dtype(), name="image")(h)
    return keras.Model(beside(z, label), x, name=name)


@register
def resnet_discriminator(
    image_shape: tuple[int, int, int] = (32, 32, 3),
    width: int | list[int] = 128,
    normalization: str | None = "spectral",
    classes: int | None = None,
    condition_dim: int | None = None,
    conditioning: str = "projection",
    attention: int | None = None,
    name: str = "discriminator",
) -> keras.Model:
    """Builds the residual discriminator of SN-GAN: blocks that halve the image, and a sum.

    Each block adds the residual ReLU, 3 x 3 convolution, ReLU, 3 x 3 convolution to its input;
    average pooling of both halves each side, rounding up, until it is 8 or less, where two blocks
    follow that keep it. The first block has no ReLU before its first convolution, for that would
    cut the image. ReLU, the sum over all positions and a dense layer make the unbounded score.
    Published are, by the tables of the paper's appendix,

        32 x 32, table 4:      width=128
        48 x 48, table 5:      width=[64, 128, 256, 512, 1024]
        128 x 128, table 6:    width=[64, 128, 256, 512, 1024, 1024]

    Args:
        image_shape: (height, width, channels), of a height or width of at least 8;
            `sample_shape=` says the same. Defaults to (32, 32, 3).
        width: Channels of every block; or a list of those of each block, of which all but the last
            halve sides of more than 4. Defaults to 128.
        normalization: "spectral" for `kg.layers.SpectralNormalization` of every layer; None; or
            "layer" or "batch" before every ReLU but the first block's. Defaults to "spectral".
        classes: How many class labels y the discriminator takes beside x, as a second input
            (batch,), by projection: score = w h + b + ⟨v_y, h⟩ (Miyato and Koyama 2018, cGANs with
            Projection Discriminator, arXiv 1802.05637). Defaults to None: it takes no labels.
        condition_dim: How many numbers a condition vector y has that the discriminator takes in
            place of a label, with v_y = V y. Defaults to None: it takes no such vector.
        conditioning: "projection", as above; "classifier", without labels as input, for logits of
            the classes beside the score, as `kg.ACGAN` takes them; or "proxies", for cosines to a
            proxy of each class and the unit embedding that they are of, (batch, 512), as
            `kg.ReACGAN` takes them. Defaults to "projection".
        attention: The height of the grid that gets `kg.layers.SelfAttention`, behind the first
            block that makes it. Defaults to None, none; SAGAN has 32.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *image_shape) to (batch, 1).

    Raises:
        ValueError: For an image below 8 pixels, a width below 1, more widths than sides can be
            halved, an unknown normalization, or attention to a height that no block makes.

    Example:

    >>> resnet_discriminator((27, 45, 3), width=8, attention=14).output_shape
    (None, 1)

    Reference:
        Miyato et al., Spectral Normalization for Generative Adversarial Networks, 2018,
        arXiv 1802.05957, tables 4 to 6; Zhang et al., Self-Attention Generative Adversarial
        Networks, 2018, arXiv 1805.08318.
    """
    check_normalization(normalization)
    shape, widths = _checked_shape(image_shape), _checked_widths(width)
    if widths is None:
        _, *grids = _grids(shape[:2], 8)
        grids = grids or [shape[:2]]
        grids += [grids[-1]] * 2
        widths = [width] * len(grids)
    else:
        _, *grids = _grids(shape[:2], COARSEST, len(widths) - 1)
        grids.append(grids[-1])
    place = place_of_attention(attention, grids)

    x = h = keras.Input(shape, name="x")
    label, y = label_of_judge(classes, condition_dim, conditioning)
    for i, (grid, filters) in enumerate(zip(grids, widths, strict=True)):
        h = (block if i else first_block)(h, grid, filters, normalization)
        h = attended(h, normalization) if i == place else h
    h = layers.ReLU()(normalize(h, normalization))
    h = layers.GlobalAveragePooling2D(data_format=ORDER)(h)
    h = layers.Rescaling(float(math.prod(grids[-1])), name="sum")(h)
    given = {"classes": classes, "conditioning": conditioning}
    return judge(x, h, label, y, normalization, name=name, **given)


def _grids(sides, above: int, halvings: int | None = None) -> list[tuple[int, int]]:
    """The grid of the image and all coarser ones.

    Args:
        sides: Height and width of the image.
        above: Longer sides are halved.
        halvings: How often. Defaults to `None`: until no side is longer.

    Raises:
        ValueError: If no side is longer before that.
    """
    grids = [tuple(sides)]
    while (max(grids[-1]) > above) if halvings is None else (len(grids) <= halvings):
        if max(grids[-1]) <= above:
            raise ValueError(
                f"Images of {sides[0]} x {sides[1]} pixels can be halved {len(grids) - 1} times, "
                f"until no side is longer than {above}, but width lists blocks for {halvings} "
                f"times: leave out {halvings - len(grids) + 1} of them."
            )
        grids.append(halved(grids[-1], above))
    return grids


def _checked_shape(image_shape: tuple[int, int, int]) -> tuple[int, int, int]:
    """Returns the shape of an image that can be halved at least once."""
    height, width, channels = check_image_shape(image_shape)
    if max(height, width) < SMALLEST:
        raise ValueError(
            f"The residual networks need images with a side of at least {SMALLEST} pixels, not "
            f"{height} x {width}."
        )
    return height, width, channels


def _checked_widths(width: int | list[int]) -> list[int] | None:
    """Returns the widths of the blocks, or `None` for one width of all."""
    if not isinstance(width, (list, tuple)):
        check_positive(width=width)
        return None
    if len(width) < 2:
        raise ValueError(
            f"width must list the channels of two blocks at least, or be one number for all; "
            f"received {width!r}."
        )
    return [whole("width", each) for each in width]
