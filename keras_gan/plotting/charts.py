"""Line charts of scores over training."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from keras_gan.plotting.letters import in_ascii

WIDTH, HEIGHT = 640, 220  # pixels of a panel
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 34, 26
INK, RULE, GREY, RED = (40, 40, 40), (225, 225, 225), (130, 130, 130), (200, 30, 30)
WIDE = 30.0  # largest over smallest value, above which a positive curve has a logarithmic axis


def line_charts(
    x: Sequence[float],
    curves: dict[str, Sequence[float]],
    levels: dict[str, float] | None = None,
    marked: float | None = None,
) -> Image.Image:
    """Draws curves over a common axis, in one panel per curve, one below the other.

    Values that are not finite leave a gap. A positive curve whose largest value is more than 30
    times its smallest has a logarithmic axis.

    Args:
        x: The common abscissae in ascending order, such as epochs.
        curves: Values `(len(x),)` by title.
        levels: Heights of dashed lines, by title. Defaults to `None`: no dashed lines.
        marked: The abscissa whose points get a ring. Defaults to `None`: no rings.

    Raises:
        ValueError: Without curves, or for a curve of another length than `x`.

    Example:

    >>> line_charts([1, 2, 3], {"score": [9.0, 4.0, 5.0]}, {"score": 1.0}, marked=2).size
    (640, 220)
    """
    from PIL import ImageDraw

    x = np.asarray(x, dtype="float64")
    curves = {title: np.asarray(y, dtype="float64") for title, y in curves.items()}
    if not curves or any(y.shape != x.shape or not y.size for y in curves.values()):
        shapes = {title: y.shape for title, y in curves.items()}
        raise ValueError(
            f"A chart needs at least one curve, each of the length of x, {x.shape}; received "
            f"{shapes}."
        )
    picture = Image.new("RGB", (WIDTH, HEIGHT * len(curves)), "white")
    draw = ImageDraw.Draw(picture)
    for i, (title, y) in enumerate(curves.items()):
        _draw_panel(draw, i * HEIGHT, title, x, y, (levels or {}).get(title), marked)
    return picture


def _draw_panel(draw, top: int, title: str, x, y, level: float | None, marked) -> None:
    """Draws one curve with its axes, from the row `top` of the picture on."""
    from PIL import ImageFont

    font = ImageFont.load_default()
    seen = [v for v in [*y, level] if v is not None and math.isfinite(v)] or [0.0]
    by_log = min(seen) > 0 and max(seen) > WIDE * min(seen)
    low, high = _bounds(min(seen), max(seen), by_log)
    scale = math.log10 if by_log else float
    span = x[-1] - x[0] or 1.0

    def column(value):
        fraction = (value - x[0]) / span if len(x) > 1 else 0.5
        return LEFT + fraction * (WIDTH - LEFT - RIGHT)

    def row(value):
        fraction = (scale(value) - scale(low)) / (scale(high) - scale(low))
        return top + HEIGHT - BOTTOM - fraction * (HEIGHT - TOP - BOTTOM)

    heading = f"{title}   logarithmic axis" if by_log else title
    draw.text((LEFT, top + 10), in_ascii(heading), fill=INK, font=font)
    for tick in np.geomspace(low, high, 5) if by_log else np.linspace(low, high, 5):
        draw.line([(LEFT, row(tick)), (WIDTH - RIGHT, row(tick))], fill=RULE)
        draw.text((8, row(tick) - 6), f"{tick:.3g}", fill=INK, font=font)
    for value in sorted({x[0], x[len(x) // 2], x[-1]}):
        draw.text((column(value) - 6, top + HEIGHT - BOTTOM + 6), f"{value:g}", fill=INK, font=font)
    if level is not None and math.isfinite(level):
        for start in range(LEFT, WIDTH - RIGHT, 8):
            draw.line([(start, row(level)), (start + 3, row(level))], fill=GREY)
    points = [(column(a), row(b)) if math.isfinite(b) else None for a, b in zip(x, y, strict=True)]
    for start, end in itertools.pairwise(points):
        if start and end:
            draw.line([start, end], fill=RED, width=2)
    for point, abscissa in zip(points, x, strict=True):
        if point:
            ring = 5 if abscissa == marked else 2
            box = [point[0] - ring, point[1] - ring, point[0] + ring, point[1] + ring]
            draw.ellipse(box, fill=None if abscissa == marked else RED, outline=RED)


def _bounds(low: float, high: float, by_log: bool) -> tuple[float, float]:
    """The ends of an axis, a little beyond the values."""
    if by_log:
        return low / 1.3, high * 1.3
    margin = 0.08 * (high - low) or 0.08 * abs(high) or 1.0
    return low - margin, high + margin
