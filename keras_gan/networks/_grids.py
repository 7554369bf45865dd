"""The grids between a few pixels and an image, each twice as large as the one before."""

from keras_gan.arguments import whole

COARSEST = 4  # pixels of the shorter side, at least; fewer than twice as many, at most
FULL = 4  # grids of full width; beyond, widths are halved


def grids_of(
    image_shape: tuple[int, int, int], network: str, most: int | None = None
) -> tuple[list, int]:
    """The sizes of an image's grids, coarsest first, and its channels.

    Each side of the image is halved while it is even and both halves have 4 pixels or more.

    Args:
        image_shape: (height, width, channels).
        network: What takes the images, for the message.
        most: The greatest number of grids. Defaults to `None`, any.

    Raises:
        ValueError: For anything else, for sides that end above 7 pixels, such as 30 = 2 · 15, and
            for more grids.

    Example:

    >>> grids_of((28, 40, 1), "r3gan")
    ([(7, 10), (14, 20), (28, 40)], 1)
    """
    shape = tuple(image_shape) if isinstance(image_shape, tuple | list) else ()
    if len(shape) != 3:
        raise ValueError(
            f"image_shape must be three whole numbers (height, width, channels); received "
            f"{image_shape!r}."
        )
    names = "The height of an image", "The width of an image", "The channels of an image"
    height, width, channels = map(whole, names, shape)
    grids = [(height, width)]
    while not any(side % 2 or side < 2 * COARSEST for side in grids[0]):
        grids.insert(0, tuple(side // 2 for side in grids[0]))
    if not COARSEST <= min(grids[0]) < 2 * COARSEST:
        raise ValueError(
            f"The {network} networks take images whose sides are 4, 5, 6, 7 or, one of the two, "
            f"more pixels times the same power of two, such as 28 x 28, 32 x 48 or 64 x 64, not "
            f"{height} x {width}: pad or resize them."
        )
    if most is not None and len(grids) > most:
        raise ValueError(
            f"The {network} networks double a grid of {grids[0][0]} x {grids[0][1]} at most "
            f"{most - 1} times; images of {height} x {width} need {len(grids) - 1} doublings: use "
            f"smaller ones."
        )
    return grids, channels


def widths_of(width: int, grids: list) -> list[int]:
    """The channels of each grid: all of them for the first four, then half as many each time.

    Args:
        width: Those of the coarsest grid.
        grids: As `grids_of` returns them.

    Example:

    >>> widths_of(512, [(4, 4), (8, 8), (16, 16), (32, 32), (64, 64), (128, 128)])
    [512, 512, 512, 512, 256, 128]
    """
    return [max(1, width // 2 ** max(0, level - FULL + 1)) for level in range(len(grids))]
