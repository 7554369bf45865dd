"""The discriminator of FastGAN: residual halving, and grids that weight distant ones."""

import keras
from keras import layers

from keras_gan.networks._fastgan_parts import MULTIPLES, convolution, excited, rectified
from keras_gan.networks._grids import grids_of
from keras_gan.networks._heads import label_of_judge, naming
from keras_gan.networks._parts import (
    ORDER,
    beside,
    check_positive,
    output_dtype,
    score_of,
    weighted,
)
from keras_gan.networks.registry import register

JUDGES_MULTIPLES = (16, 8, 4, 2, 1, 1 / 2, 1 / 4, 1 / 8)  # of the width, for 4, 8, 16, … pixels
JUDGES_LEAP, JUDGES_LEAPS = 3, 3
FINEST_BLOCK = 6  # the level of 256 pixels; finer grids are halved by a convolution alone


@register
def fastgan_discriminator(
    image_shape: tuple[int, int, int] = (32, 32, 3),
    width: int = 64,
    classes: int | None = None,
    condition_dim: int | None = None,
    conditioning: str = "projection",
    grids: bool = False,
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
    which is not here. Its decoders, which reconstruct real images, belong to `kg.FastGAN`, which
    needs `grids=True`. It takes no gradient penalty, for its batch normalization.

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
        conditioning: "projection", as above; "classifier", without labels as input, for logits of
            the classes beside the score, as `kg.ACGAN` takes them; or "proxies", for cosines to a
            proxy of each class and the unit embedding that they are of, (batch, 512), as
            `kg.ReACGAN` takes them; both are of h. Defaults to "projection".
        grids: Whether to return, for `kg.FastGAN`, the score of each patch in place of their mean,
            and beside them the two coarsest grids, for images from 16 pixels on. Defaults to False.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *image_shape) to (batch, 1); with `grids` to a list of
        (batch, patches, 1) and the grids, which have 2 and 4 times the sides of the generator's
        coarsest one and 8 and 4 times `width` channels.

    Raises:
        ValueError: As `fastgan_generator`, for images that are too small, an unknown conditioning,
            or grids beside what it knows of classes.

    Example:

    >>> fastgan_discriminator((28, 40, 1), width=4).output_shape
    (None, 1)

    Reference:
        Liu, Zhu, Song and Elgammal 2021, Towards Faster and Stabilized GAN Training for
        High-fidelity Few-shot Image Synthesis, arXiv 2101.04775.
    """
    check_positive(width=width)
    sizes, _ = grids_of(image_shape, "fastgan", most=len(MULTIPLES))
    least = 2 if grids else 1
    if len(sizes) <= least:
        found = f"{2 ** (least + 2)} x {2 ** (least + 2)} pixels on"
        raise ValueError(
            f"The fastgan discriminator takes images from {found}{' with grids' if grids else ''}, "
            f"not {image_shape[0]} x {image_shape[1]}: resize them."
        )
    if grids and conditioning != "projection":
        raise ValueError(
            f"A discriminator with conditioning={conditioning!r} returns what it knows of classes "
            f"beside the score, and no grids: leave grids out."
        )
    widths = [max(1, int(width * each)) for each in JUDGES_MULTIPLES]
    finest = min(len(sizes) - 1, FINEST_BLOCK)
    leap = min(JUDGES_LEAP, finest - 1)

    x = keras.Input(tuple(image_shape), name="x")
    label, y = label_of_judge(classes, condition_dim, conditioning)
    h = x
    for level in reversed(range(finest, len(sizes) - 1)):
        h = convolution(widths[level], 4, strides=2)(h)
        is_first = level == len(sizes) - 2  # without batch normalization, as of the image
        h = layers.LeakyReLU(negative_slope=0.2)(h) if is_first else rectified(h)
    if len(sizes) - 1 == finest:
        h = layers.LeakyReLU(negative_slope=0.2)(convolution(widths[finest], 3)(h))
    made = {finest: h}
    for level in reversed(range(1, finest)):
        h = _halved(made[level + 1], widths[level])
        if level + leap in made and level <= JUDGES_LEAPS:
            h = excited(h, made[level + leap], 2 ** (level + leap))
        made[level] = h
    h = made[1]
    patches = convolution(1, sizes[0], "valid")(rectified(convolution(widths[0], 1)(h)))
    pooled = layers.GlobalAveragePooling2D(data_format=ORDER)(h)
    if not grids:
        score = layers.GlobalAveragePooling2D(data_format=ORDER, dtype=output_dtype())(patches)
        if y is None:
            given = {"classes": classes, "conditioning": conditioning}
            return naming(x, pooled, score, _dense, name=name, **given)
        score = layers.Add(dtype=output_dtype())([score, score_of(pooled, y, "spectral")])
        return keras.Model([x, label], score, name=name)
    scores = layers.Reshape((-1, 1), dtype=output_dtype(), name="patches")(patches)
    if y is not None:
        projected = layers.Reshape((1, 1), dtype=output_dtype())(score_of(pooled, y, "spectral"))
        scores = layers.Add(dtype=output_dtype())([scores, projected])
    return keras.Model(beside(x, label), [scores, made[1], made[2]], name=name)


def _dense(units: int) -> layers.Layer:
    """A spectrally normalized dense layer."""
    return weighted(layers.Dense(units, dtype=output_dtype()), "spectral")


def _halved(h: keras.KerasTensor, filters: int) -> keras.KerasTensor:
    """The mean of two convolutions and of a pooled shortcut."""
    main = rectified(convolution(filters, 4, strides=2)(h))
    main = rectified(convolution(filters, 3)(main))
    direct = layers.AveragePooling2D(2, data_format=ORDER)(h)
    direct = rectified(convolution(filters, 1)(direct))
    return layers.Average()([main, direct])
