"""Value surfaces: what a critic says of every point of the plane."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from keras_gan.arguments import amount, whole
from keras_gan.plotting.planes import checked_points, coloured, dot, pixel_centres

SHADES = np.array([(255, 255, 255), (198, 219, 239), (107, 174, 214)])  # the light half of RAMP
LINE = (33, 80, 140)
REAL, FAKE = np.array([(0, 0, 0), (214, 122, 20)])  # apart in lightness as well as in hue


def surface_image(
    score: Callable,
    real=None,
    fake=None,
    limit: float = 4.0,
    side: int = 240,
    lines: int = 12,
    bounds: tuple[float, float] | None = None,
) -> Image.Image:
    """Draws the value surface of a critic: shades, contour lines, and samples on top of them.

        level of line i = low + i (high − low) / (lines + 1),   i = 1 … lines

    Light is low and blue is high. The levels are equally far apart, so that lines are dense where
    the critic is steep and absent where it is flat.

    Args:
        score: From points, array `(n, 2)`, to numbers, `(n,)` or `(n, 1)`, such as
            `gan.discriminate`.
        real: Points of the data `(m, 2)`, drawn in black. Defaults to `None`: none.
        fake: Points of a generator `(m, 2)`, drawn in orange. Defaults to `None`: none.
        limit: Both axes run over [-limit, limit]. Defaults to 4.
        side: Pixels along each axis; the score is asked for at the centre of each. Defaults to 240.
        lines: The number of contour lines, or 0 for shades alone. Defaults to 12.
        bounds: The scores (low, high) of the lightest and the darkest shade, beyond which nothing
            is told apart; the same for several pictures makes them comparable. `None`, the
            default, for the least and the greatest score in the picture.

    Returns:
        A square RGB picture.

    Raises:
        ValueError: For a limit or a side that is not positive, a negative number of lines, bounds
            that do not rise, scores of another shape or not finite, or points of another shape or
            not finite.

    Example:

    >>> surface_image(lambda x: x.sum(axis=1), real=np.zeros((5, 2)), side=60).size
    (60, 60)

    Reference: Gulrajani et al. 2017, Improved Training of Wasserstein GANs, arXiv 1704.00028,
    figure 1.

    Experiments: docs/results/value_surfaces.md, smooth_critics.md.
    """
    limit, side = amount("limit", limit, above=0), whole("side", side)
    lines = whole("lines", lines, least=0)
    values = np.asarray(score(pixel_centres(limit, side)), dtype="float64")
    if values.shape not in ((side * side,), (side * side, 1)):
        raise ValueError(
            f"score must give one number for each of {side * side} points; it gave shape "
            f"{values.shape}."
        )
    if not np.isfinite(values).all():
        raise ValueError("score gave NaN or infinities at some points: no picture shows them.")
    low, high = (values.min(), values.max()) if bounds is None else _checked_bounds(bounds)
    shares = np.clip((values.reshape(side, side) - low) / max(high - low, 1e-300), 0.0, 1.0)
    pixels = coloured(shares.ravel(), SHADES).reshape(side, side, 3)
    pixels[_borders(np.minimum(np.floor(shares * (lines + 1)), lines))] = LINE
    picture = Image.fromarray(pixels)
    for points, colour in ((real, REAL), (fake, FAKE)):
        if points is not None:
            points = checked_points(points)
            dot(picture, points, np.tile(colour, (len(points), 1)), limit)
    return picture


def _checked_bounds(bounds) -> tuple[float, float]:
    """Two scores, the second of which is greater."""
    try:
        low, high = bounds
    except (TypeError, ValueError):
        raise ValueError(f"bounds must be two scores (low, high); received {bounds!r}.") from None
    low = amount("the low end of bounds", low)
    return low, amount("the high end of bounds", high, above=low)


def _borders(bands: np.ndarray) -> np.ndarray:
    """Where the band of a pixel is not that of its neighbour on the right or below."""
    borders = np.zeros(bands.shape, dtype=bool)
    borders[:, :-1] |= bands[:, 1:] != bands[:, :-1]
    borders[:-1] |= bands[1:] != bands[:-1]
    return borders
