"""The blocks of residual networks, between grids of any size."""

import keras
from keras import layers

from keras_gan.layers import SelfAttention, convolutions
from keras_gan.networks._parts import ORDER, batch_normalized, normalize, weighted

Grid = tuple[int, int]


def halved(grid: Grid, above: int) -> Grid:
    """The next coarser grid: sides of more than `above` pixels are halved, rounding up.

    >>> halved((45, 7), above=7)
    (23, 7)
    """
    height, width = (-(-n // 2) if n > above else n for n in grid)
    return height, width


def enlarging_block(
    x: keras.KerasTensor,
    y: keras.KerasTensor | None,
    grid: Grid,
    width: int,
    normalization: str | None,
) -> keras.KerasTensor:
    """Adds the residual of a generator's block to its input, both on the next finer grid.

    Args:
        x: (batch, height, width, channels).
        y: Unit vectors of the classes, or `None`.
        grid: That of the result.
        width: Channels of the result.
        normalization: `"spectral"` or `None`, of the convolutions.
    """
    h = layers.ReLU()(batch_normalized(x, y))
    h = _enlarged(h, grid)
    h = weighted(_convolution(width), normalization)(h)
    h = layers.ReLU()(batch_normalized(h, y))
    h = weighted(_convolution(width), normalization)(h)
    shortcut = weighted(_shortcut(width), normalization)(_enlarged(x, grid))
    return layers.Add()([h, shortcut])


def first_block(
    x: keras.KerasTensor, grid: Grid, width: int, normalization: str | None
) -> keras.KerasTensor:
    """A discriminator's first block, without a ReLU that would cut the image.

    Args:
        x: (batch, height, width, channels).
        grid: That of the result.
        width: Channels of the result.
        normalization: Of the discriminator.
    """
    h = weighted(_convolution(width), normalization)(x)
    h = layers.ReLU()(h)
    h = weighted(_convolution(width), normalization)(h)
    h = _averaged(h, grid)
    shortcut = weighted(_shortcut(width), normalization)(_averaged(x, grid))
    return layers.Add()([h, shortcut])


def block(
    x: keras.KerasTensor, grid: Grid, width: int, normalization: str | None
) -> keras.KerasTensor:
    """A discriminator's further block, on the same grid or the next coarser one.

    The first convolution keeps the channels, the second one makes `width` of them. Where grid or
    channels change, a 1 x 1 convolution changes the input alike.

    Args:
        x: (batch, height, width, channels).
        grid: That of the result.
        width: Channels of the result.
        normalization: Of the discriminator.
    """
    h, shortcut = x, x
    for filters in (x.shape[-1], width):
        h = layers.ReLU()(normalize(h, normalization))
        h = weighted(_convolution(filters), normalization)(h)
    if tuple(x.shape[1:3]) != grid or x.shape[-1] != width:
        h = _averaged(h, grid)
        shortcut = _averaged(weighted(_shortcut(width), normalization)(shortcut), grid)
    return layers.Add()([h, shortcut])


def attended(h: keras.KerasTensor, normalization: str | None) -> keras.KerasTensor:
    """Self-attention, spectrally normalized if the network is."""
    return SelfAttention(normalization=normalization if normalization == "spectral" else None)(h)


def place_of_attention(attention: int | None, grids: list[Grid]) -> int | None:
    """The number of the block behind which attention stands, `None` without attention.

    Args:
        attention: The height of the grid, or `None`.
        grids: Those behind each block, the finest first; of equal heights the first one counts.

    Raises:
        ValueError: For another height.
    """
    if attention is None:
        return None
    heights = [height for height, _ in grids]
    if type(attention) is not int or attention not in heights:
        known = ", ".join(map(str, dict.fromkeys(heights)))
        raise ValueError(
            f"attention must be the height of a grid behind a block, one of {known}; received "
            f"{attention!r}."
        )
    return heights.index(attention)


def _enlarged(x: keras.KerasTensor, grid: Grid) -> keras.KerasTensor:
    """The nearest pixel of x at each place of a finer grid of at most twice the size."""
    sizes = list(zip(grid, x.shape[1:3], strict=True))
    factors = tuple(1 if fine == coarse else 2 for fine, coarse in sizes)
    x = layers.UpSampling2D(factors, data_format=ORDER)(x)
    surplus = [coarse * k - fine for (fine, coarse), k in zip(sizes, factors, strict=True)]
    if not any(surplus):
        return x
    return layers.Cropping2D(tuple((0, cut) for cut in surplus), data_format=ORDER)(x)


def _averaged(x: keras.KerasTensor, grid: Grid) -> keras.KerasTensor:
    """The means of blocks of 2 pixels along each side that is halved; at an odd end, of one."""
    sizes = list(zip(x.shape[1:3], grid, strict=True))
    factors = tuple(1 if fine == coarse else 2 for fine, coarse in sizes)
    if max(factors) == 1:
        return x
    exact = all(fine == coarse * k for (fine, coarse), k in zip(sizes, factors, strict=True))
    padding = "valid" if exact else "same"
    return layers.AveragePooling2D(factors, padding=padding, data_format=ORDER)(x)


def _shortcut(width: int) -> layers.Layer:
    return convolutions.Conv2D(width, 1, data_format=ORDER)


def _convolution(width: int) -> layers.Layer:
    # Glorot's uniform distribution with gain √2, as half of the values die in the ReLU before it.
    initializer = keras.initializers.VarianceScaling(2.0, mode="fan_avg", distribution="uniform")
    return convolutions.Conv2D(
        width, 3, data_format=ORDER, padding="same", kernel_initializer=initializer
    )
