"""Pictures of series, as curves, and of volumes, as projections."""

import numpy as np
from PIL import Image, ImageDraw

from keras_gan.backend.finite import refuse_broken_samples
from keras_gan.plotting.samples import image_grid

TILE = (144, 72)  # pixels of one series, width and height
BORDER = 2
COLOURS = ((200, 30, 30), (30, 90, 200), (20, 140, 60), (220, 130, 0), (130, 50, 160), (90, 90, 90))


def series_grid(series, columns: int | None = None) -> Image.Image:
    """Draws series in a grid, each channel as a curve, all on one vertical scale.

    The channels have the colours red, blue, green, orange, violet and grey in turn. Where a series
    has more steps than a tile has pixels, they fall on the same columns.

    Args:
        series: Array `(n, time, channels)`.
        columns: Series per row. Defaults to ⌈√n⌉.

    Raises:
        ValueError: For an array of another shape, or with NaN or infinities.

    Example:

    >>> series_grid(np.zeros((4, 50, 2))).size
    (294, 150)
    """
    series = np.asarray(series, "float32")
    if series.ndim != 3 or not series.size:
        raise ValueError(
            f"A grid of series needs at least one, (n, time, channels); received shape "
            f"{series.shape}."
        )
    refuse_broken_samples(series, "no picture shows them")
    n, steps, _ = series.shape
    columns = columns or int(np.ceil(np.sqrt(n)))
    (width, height), rows = TILE, -(-n // columns)
    size = (columns * (width + BORDER) + BORDER, rows * (height + BORDER) + BORDER)
    picture = Image.new("RGB", size, (225, 225, 225))
    draw = ImageDraw.Draw(picture)
    low, high = float(series.min()), float(series.max())
    down = (high - series) / ((high - low) or 1.0) * (height - 1)
    across = np.linspace(0, width - 1, steps)
    for i, curves in enumerate(down):
        left = BORDER + i % columns * (width + BORDER)
        top = BORDER + i // columns * (height + BORDER)
        draw.rectangle([left, top, left + width - 1, top + height - 1], fill="white")
        for channel, curve in enumerate(curves.T):
            points = list(zip(left + across, top + curve, strict=True))
            colour = COLOURS[channel % len(COLOURS)]
            draw.line(points * (2 if steps == 1 else 1), fill=colour)
    return picture


def volume_grid(volumes, columns: int | None = None) -> Image.Image:
    """Draws volumes in a grid, the brightest voxel along the depth at each place.

    Args:
        volumes: Array `(n, depth, height, width, channels)` in [-1, 1]. Values outside are clipped.
            Channels other than one or three are averaged.
        columns: Volumes per row. Defaults to ⌈√n⌉.

    Raises:
        ValueError: For an array of another shape, or with NaN or infinities.

    Example:

    >>> volume_grid(np.zeros((4, 8, 8, 8, 1))).size
    (134, 134)
    """
    volumes = np.asarray(volumes)
    if volumes.ndim != 5:
        raise ValueError(
            f"A grid of volumes needs (n, depth, height, width, channels); received shape "
            f"{volumes.shape}."
        )
    flat = volumes.max(axis=1)
    if flat.shape[-1] not in (1, 3):
        flat = flat.mean(axis=-1, keepdims=True)
    return image_grid(flat, columns)
