"""The discriminator of projected GANs: small heads on random mixtures of frozen features."""

import keras
from keras import layers, ops

from keras_gan.arguments import whole
from keras_gan.layers import Conv2D, SpectralNormalization
from keras_gan.networks import backbones
from keras_gan.networks._parts import (
    ORDER,
    batch_normalization,
    beside,
    check_positive,
    label_and_vector,
    output_dtype,
)
from keras_gan.networks.registry import register

COARSEST = 32  # pixels for one of a backbone's last stage
USUAL = 64  # the side that small images are enlarged to, so that the last stage has 2 x 2 pixels
END, KERNEL = 8, 4  # heads halve a map until it is of this size, and end in this kernel
LABEL_DIM, MAP_DIM = 128, 64


@register
def projected_discriminator(
    image_shape: tuple[int, int, int] = (32, 32, 3),
    features: str = "efficientnet_lite0",
    width: int = 64,
    input_size: int | None = None,
    classes: int | None = None,
    condition_dim: int | None = None,
    name: str = "discriminator",
) -> keras.Model:
    """Builds the projected discriminator: heads that score random mixtures of frozen features.

        maps    F₁, …, F₄ = the stages of a frozen network of images
        across  Cₗ = Rₗ * Fₗ            random 1 × 1 convolutions to w, 2w, 4w, 8w channels
        scales  S₄ = up(C₄) * Q₄,  Sₗ = up(Cₗ + Sₗ₊₁) * Qₗ       likewise, to w, w, 2w, 4w
        scores  Dₗ(Sₗ) of every place, of a small head for each l

    R and Q are drawn once and never trained, and up doubles the size. A head halves its map by
    4 x 4 convolutions with batch normalization and LeakyReLU(0.2) until a side is 8 or less;
    another convolution of 4 x 4 makes a score for each place. All convolutions of heads are
    spectrally normalized. Scores of all scales stand beside each other.

    The authors' code enlarges every image to 224 x 224, as here `input_size=224`. It doubles maps
    by another bilinear rule, with corners aligned.

    Args:
        image_shape: `(height, width, channels)`, 1 or 3 channels; grey is repeated over 3.
            `sample_shape=` says the same. Defaults to (32, 32, 3).
        features: The frozen network: `"efficientnet_lite0"`, the default, which was trained on
            ImageNet's photographs.
        width: w, the channels of the finest mixture, of which those of the heads are multiples, at
            most 8 w. Defaults to 64, as the authors have it.
        input_size: The height and width that images are enlarged or shrunk to, a multiple of 32.
            Defaults to `None`: each side rounded up to a multiple of 32, at least 64. A step takes
            time with its square: images of 32 pixels learn faster at 32 where time is short.
        classes: How many class labels the heads take beside x, as a second input (batch,): a
            score is ⟨h, m(y)⟩ / √64 then, with 64 channels h of a place and a learned vector m(y).
            Defaults to None: it takes no labels.
        condition_dim: How many numbers a condition vector y has that the discriminator takes in
            place of a label; it acts as the unit vector of a class. Defaults to None: it takes no
            such vector.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *image_shape) in [-1, 1] to (batch, places, 1).

    Raises:
        ValueError: For images of other numbers of channels, an unknown network, a width below 1, or
            another `input_size`.

    Example:

    >>> projected_discriminator((32, 32, 3), width=8).output_shape
    (None, 76, 1)

    Reference: Sauer, Chitta, Müller and Geiger 2021, Projected GANs Converge Faster, arXiv
    2111.01007.
    """
    check_positive(width=width)
    sides = sides_seen(image_shape, input_size)
    x = keras.Input(tuple(image_shape), name="x")
    label, y = label_and_vector(classes, condition_dim)
    maps = maps_of(x, sides, features)
    scores = [_head(mixed, width, y, f"head{i + 1}") for i, mixed in enumerate(_mixed(maps, width))]
    scores = layers.Concatenate(axis=1, dtype=output_dtype(), name="scores")(scores)
    return keras.Model(beside(x, label), scores, name=name)


def maps_of(x: keras.KerasTensor, sides: tuple[int, int], features: str) -> list:
    """What the stages of a frozen network see of images, from fine to coarse.

    Args:
        x: Images in [-1, 1], `(batch, height, width, 1 or 3)`.
        sides: The height and width that the network sees.
        features: Its name.
    """
    h = layers.Concatenate(name="grey")([x, x, x]) if x.shape[-1] == 1 else x
    if sides != tuple(x.shape[1:3]):
        # not `keras.layers.Resizing`, whose calls turn training on for all layers after it
        h = ops.image.resize(h, sides, "bilinear", data_format=ORDER)
    return backbones.stages(features, (*sides, 3))(h)


def sides_seen(image_shape, input_size: int | None = None, by="projected discriminator") -> tuple:
    """The height and width that a frozen network sees of images.

    Args:
        image_shape: `(height, width, channels)`.
        input_size: As in `projected_discriminator`.
        by: What holds that network, for the message.

    Raises:
        ValueError: As `projected_discriminator`.
    """
    shape = tuple(image_shape) if isinstance(image_shape, (tuple, list)) else ()
    if len(shape) != 3 or any(type(side) is not int or side < 1 for side in shape):
        raise ValueError(
            f"image_shape must be three whole numbers (height, width, channels); received "
            f"{image_shape!r}."
        )
    if shape[-1] not in (1, 3):
        raise ValueError(
            f"A {by} takes grey images or those of three colours, which its "
            f"frozen network knows; received {shape[-1]} channels."
        )
    if input_size is None:
        return tuple(max(USUAL, -(-side // COARSEST) * COARSEST) for side in shape[:2])
    size = whole("input_size", input_size)
    if size % COARSEST:
        raise ValueError(
            f"input_size must be a multiple of {COARSEST}, so that the maps of all stages fit each "
            f"other; received {size}."
        )
    return size, size


def _mixed(maps: list, width: int) -> list:
    """The stages mixed across channels and scales by random convolutions, from fine to coarse."""
    across = [_random(width * 2**i, f"across_channels{i + 1}")(each) for i, each in enumerate(maps)]
    mixed, below = [], None
    for i in reversed(range(len(across))):
        h = across[i] if below is None else layers.Add(name=f"sum{i + 1}")([across[i], below])
        h = layers.UpSampling2D(interpolation="bilinear", data_format=ORDER, name=f"up{i + 1}")(h)
        below = _random(width * 2 ** max(0, i - 1), f"across_scales{i + 1}")(h)
        mixed.append(below)
    return mixed[::-1]


def _random(channels: int, name: str) -> layers.Layer:
    """A 1 x 1 convolution that stays as it is drawn, from U(−1/√n, 1/√n) for n input channels."""
    convolution = Conv2D(channels, 1, data_format=ORDER, kernel_initializer=_uniform(), name=name)
    convolution.trainable = False
    return convolution


def _uniform() -> keras.initializers.Initializer:
    """U(−1/√n, 1/√n) for n inputs."""
    return keras.initializers.VarianceScaling(1 / 3, "fan_in", "uniform")


def _head(h, width: int, y, name: str):
    """The scores of all places of a mixture, `(batch, places, 1)`."""
    level = 0
    while min(h.shape[1:3]) > END:
        size = max(h.shape[1:3]) // 2
        channels = width * max(1, min(8, round(64 / size)))
        h = _normalized(Conv2D(channels, 4, 2, "same", data_format=ORDER), f"{name}_down{level}")(h)
        h = batch_normalization(name=f"{name}_normalization{level}")(h)
        h = layers.LeakyReLU(negative_slope=0.2, name=f"{name}_activation{level}")(h)
        level += 1
    kernel = tuple(min(KERNEL, side) for side in h.shape[1:3])
    options = {"data_format": ORDER, "use_bias": False}
    last = Conv2D(1 if y is None else MAP_DIM, kernel, **options)
    h = _normalized(last, f"{name}_last")(h)
    h = layers.Reshape((-1, h.shape[-1]), name=f"{name}_places")(h)
    if y is None:
        return h
    start = keras.initializers.RandomNormal(stddev=1.0)  # of an embedding; scores scale with it
    options = {"use_bias": False, "kernel_initializer": start}
    m = layers.Dense(LABEL_DIM, **options, name=f"{name}_label")(y)
    m = layers.Dense(MAP_DIM, kernel_initializer=_uniform(), name=f"{name}_map")(m)
    m = layers.LeakyReLU(negative_slope=0.2)(m)
    m = layers.Rescaling(MAP_DIM**-0.5)(layers.Reshape((MAP_DIM, 1))(m))
    return layers.Dot(axes=(2, 1), name=f"{name}_scores")([h, m])


def _normalized(layer: layers.Layer, name: str) -> layers.Layer:
    """A spectrally normalized layer."""
    return SpectralNormalization(layer, name=name)
