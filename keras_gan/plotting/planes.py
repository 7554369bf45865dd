"""Densities over the plane, and points in the colours of where they began."""

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from keras_gan.arguments import amount, whole
from keras_gan.backend.finite import refuse_broken_samples
from keras_gan.plotting.letters import in_ascii

# white to dark blue, in equal steps of lightness: the same order in grey and to every eye
RAMP = np.array([(255, 255, 255), (198, 219, 239), (107, 174, 214), (33, 113, 181), (8, 40, 90)])
ENDS = np.array([(31, 87, 160), (150, 150, 150), (214, 122, 20)])  # blue, grey, orange
BRIGHTEST = 0.995  # quantile of the densities that gets the darkest colour


def density_image(
    log_prob: Callable, limit: float = 4.0, side: int = 240, darkest: float | None = None
) -> Image.Image:
    """Draws a density over the plane, white where it is 0.

    Args:
        log_prob: From points, array `(n, 2)`, to log p(x) in nats, `(n,)`, such as
            `flow.log_prob` or `kg.data.density("moons").log_prob`.
        limit: Both axes run over [-limit, limit]. Defaults to 4.
        side: Pixels along each axis; the density is asked for at the centre of each. Defaults to
            240.
        darkest: The density of the darkest colour. `None`, the default, for one that 0.5 % of the
            pixels exceed.

    Raises:
        ValueError: For a limit or a side that is not positive, values of another shape, or NaN.

    Example:

    >>> import keras_gan as kg
    >>> density_image(kg.data.density("ring").log_prob, limit=3.0, side=60).size
    (60, 60)
    """
    limit, side = amount("limit", limit, above=0), whole("side", side)
    points = pixel_centres(limit, side)
    values = np.exp(np.minimum(np.asarray(log_prob(points), dtype="float64"), 700.0))
    if values.shape != (side * side,):
        raise ValueError(
            f"log_prob must give one number for each of {side * side} points; it gave shape "
            f"{values.shape}."
        )
    if not np.isfinite(values).all():
        raise ValueError("log_prob gave NaN at some points: no picture shows them.")
    most = np.quantile(values, BRIGHTEST) if darkest is None else amount("darkest", darkest)
    shares = np.clip(values / max(most, 1e-300), 0.0, 1.0)
    return Image.fromarray(coloured(shares, RAMP).reshape(side, side, 3))


def points_image(points, shades=None, limit: float = 4.0, side: int = 240) -> Image.Image:
    """Draws points of the plane, each in a shade from blue over grey to orange.

    Args:
        points: Array `(n, 2)`.
        shades: Numbers `(n,)`, of which the least is blue and the greatest orange, such as where
            the points began. `None`, the default, for one dark colour.
        limit: As in `density_image`.
        side: As in `density_image`.

    Raises:
        ValueError: For arrays of other shapes, or with NaN or infinities.

    Example:

    >>> points_image(np.zeros((5, 2)), shades=np.arange(5)).size
    (240, 240)
    """
    limit, side = amount("limit", limit, above=0), whole("side", side)
    points = checked_points(points)
    if shades is None:
        colours = np.tile(np.uint8(RAMP[-1]), (len(points), 1))
    else:
        colours = coloured(_ranks(shades, len(points)), ENDS)
    picture = Image.new("RGB", (side, side), "white")
    dot(picture, points, colours, limit)
    return picture


def pixel_centres(limit: float, side: int) -> np.ndarray:
    """The centres of the pixels of a picture, float32 `(side², 2)`, row by row from the top.

    Args:
        limit: Both axes run over [-limit, limit].
        side: Pixels along each axis.

    Example:

    >>> pixel_centres(2.0, 2).tolist()
    [[-1.0, 1.0], [1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]]
    """
    centres = (2 * np.arange(side) + 1) / side - 1
    columns, rows = np.meshgrid(limit * centres, -limit * centres)
    return np.stack([columns, rows], axis=-1).reshape(-1, 2).astype("float32")


def checked_points(points) -> np.ndarray:
    """Points of the plane, float64 `(n, 2)`.

    Args:
        points: Array `(n, 2)`.

    Raises:
        ValueError: For an array of another shape, or with NaN or infinities.
    """
    points = np.asarray(points, dtype="float64")
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"A picture of points needs (n, 2); received shape {points.shape}.")
    refuse_broken_samples(points, "no picture shows them")
    return points


def dot(picture: Image.Image, points: np.ndarray, colours: np.ndarray, limit: float) -> None:
    """Draws points into a square picture.

    Args:
        picture: The picture, which changes.
        points: Array `(n, 2)`.
        colours: Their colours, integers `(n, 3)`.
        limit: Both axes run over [-limit, limit].
    """
    from PIL import ImageDraw

    draw, side = ImageDraw.Draw(picture), picture.width
    for (x, y), colour in zip(points, colours, strict=True):
        column, row = (1 + x / limit) * side / 2, (1 - y / limit) * side / 2
        draw.ellipse([column - 1, row - 1, column + 1, row + 1], fill=tuple(colour.tolist()))


def captioned(rows: Sequence[Sequence[tuple[str, Image.Image]]], gap: int = 8) -> Image.Image:
    """Sets pictures side by side in rows, each below its caption.

    Args:
        rows: Pairs (caption, picture) in rows, all pictures of one size.
        gap: White pixels around each. Defaults to 8.

    Raises:
        ValueError: Without pictures.

    Example:

    >>> captioned([[("data", points_image(np.zeros((1, 2))))]]).size
    (256, 268)
    """
    from PIL import ImageDraw, ImageFont

    if not rows or not all(rows):
        raise ValueError("A figure needs at least one picture in each row.")
    font, line = ImageFont.load_default(), 12
    width, height = rows[0][0][1].size
    across, down = width + gap, height + gap + line
    size = max(map(len, rows)) * across + gap, len(rows) * down + gap
    figure = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(figure)
    for i, row in enumerate(rows):
        for j, (caption, picture) in enumerate(row):
            left, top = gap + j * across, gap + i * down
            draw.text((left, top), in_ascii(caption), fill=(40, 40, 40), font=font)
            figure.paste(picture, (left, top + line))
            draw.rectangle(
                [left, top + line, left + width - 1, top + line + height - 1], outline=(200,) * 3
            )
    return figure


def _ranks(shades, count: int) -> np.ndarray:
    """Numbers as shares from 0 to 1 of their order, so that every shade serves as many points."""
    shades = np.asarray(shades, dtype="float64")
    if shades.shape != (count,) or not np.isfinite(shades).all():
        raise ValueError(
            f"shades must be {count} finite numbers, one for each point; received shape "
            f"{shades.shape}."
        )
    order = np.argsort(np.argsort(shades, kind="stable"), kind="stable")
    return order / max(count - 1, 1)


def coloured(shares: np.ndarray, ramp: np.ndarray) -> np.ndarray:
    """Shares in [0, 1] as colours between those of a ramp, uint8 `(n, 3)`."""
    at = np.linspace(0.0, 1.0, len(ramp))
    channels = [np.interp(shares, at, ramp[:, channel]) for channel in range(3)]
    return np.round(np.stack(channels, axis=-1)).astype("uint8")
