"""The decoders of FastGAN, which reconstruct images from a discriminator's grids."""

import keras
from keras import layers

from keras_gan.networks._fastgan_parts import convolution, convolved
from keras_gan.networks._parts import (
    ORDER,
    check_image_shape,
    check_positive,
    check_sample_shape,
    output_dtype,
)
from keras_gan.networks.registry import register

MULTIPLES = (4, 2, 2, 1)  # of the width, for grids 2, 4, 8 and 16 times as large as the first


@register
def fastgan_decoder(
    image_shape: tuple[int, int, int] = (16, 16, 3),
    grid_shape: tuple[int, int, int] = (8, 8, 512),
    width: int = 32,
    name: str = "decoder",
) -> keras.Model:
    """Builds a decoder of FastGAN, from a grid of its discriminator to a small image.

        h ← GLU(BN(W ∗ 2↑ h)) at each grid;   image = tanh(V ∗ h)

    Doubling takes the nearest neighbour; GLU(a, b) = a σ(b). All convolutions are 3 x 3,
    spectrally normalized, without bias, from N(0, 0.02²).

    Args:
        image_shape: (height, width, channels) of the image; `sample_shape=` says the same. Its
            sides are those of the grid, doubled at most four times. Defaults to (16, 16, 3).
        grid_shape: (height, width, channels) of the grid. Defaults to (8, 8, 512).
        width: Channels of the grid of 16 times the size; those of 2, 4 and 8 times have 4, 2 and 2
            times as many. Defaults to 32, that of the authors.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *grid_shape) to (batch, *image_shape) in [-1, 1].

    Raises:
        ValueError: For another image size, or a width below 1.

    Example:

    >>> fastgan_decoder((28, 40, 1), (7, 10, 16), width=4).output_shape
    (None, 28, 40, 1)

    Reference:
        Liu, Zhu, Song and Elgammal 2021, Towards Faster and Stabilized GAN Training for
        High-fidelity Few-shot Image Synthesis, arXiv 2101.04775, section 3.2.
    """
    check_positive(width=width)
    *sides, channels = check_image_shape(image_shape)
    meaning = "(height, width, channels) of a grid"
    *coarse, _ = check_sample_shape(grid_shape, 3, meaning, argument="grid_shape")
    doublings = len(bin(sides[0] // coarse[0])) - 3
    if sides != [side << doublings for side in coarse] or doublings > len(MULTIPLES):
        raise ValueError(
            f"A decoder doubles a grid at most {len(MULTIPLES)} times, and an image of {sides[0]} "
            f"x {sides[1]} is not a grid of {coarse[0]} x {coarse[1]} times a power of two up to "
            f"{2 ** len(MULTIPLES)}: choose another image_shape or grid_shape."
        )
    h = grid = keras.Input(tuple(grid_shape), name="grid")
    for multiple in MULTIPLES[:doublings]:
        h = layers.UpSampling2D(data_format=ORDER)(h)
        h = convolved(h, None, multiple * width, noise=False)
    h = convolution(channels, 3)(h)
    x = layers.Activation("tanh", dtype=output_dtype(), name="image")(h)
    return keras.Model(grid, x, name=name)
