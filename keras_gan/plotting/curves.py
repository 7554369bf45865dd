"""Several curves on one pair of axes."""

import itertools
import math
from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

from keras_gan.arguments import whole
from keras_gan.plotting.letters import in_ascii

# Okabe and Ito's colours without yellow, which is pale on white; strokes tell them apart in grey
COLOURS = (
    (0, 114, 178),
    (213, 94, 0),
    (0, 158, 115),
    (204, 121, 167),
    (86, 180, 233),
    (230, 159, 0),
    (0, 0, 0),
)
STROKES = ((), (10, 5), (3, 4), (14, 4, 3, 4))  # pixels drawn and left out, in turn
INK, RULE, GREY = (40, 40, 40), (225, 225, 225), (130, 130, 130)
LEFT, RIGHT, TOP, BOTTOM, LINE = 58, 14, 8, 38, 15  # pixels
FINE = 2  # lines are drawn this much larger and then reduced, so that they have smooth edges
PALE = 0.82  # share of white in a band


def curves_image(
    curves: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    log_x: bool = False,
    log_y: bool = False,
    levels: Mapping[str, float] | None = None,
    size: tuple[int, int] = (480, 320),
) -> Image.Image:
    """Draws several labelled curves on one pair of axes, in colours that every eye tells apart.

    A curve of several runs is drawn as the median over the runs, in a pale band from the least to
    the greatest. Values that no axis has, NaN, infinities and on logarithmic axes those that are
    not positive, leave a gap. Pillow's font has the letters of ASCII: accents are left out, and σ
    must be written "sigma".

    Args:
        curves: Pairs (x, y) by label: x `(n,)`, y `(n,)` of one run or `(runs, n)` of several.
        title: The line above. Defaults to none.
        x_label: The line below the axes, such as `"epochs"`. Defaults to none.
        y_label: The line above the vertical axis. Defaults to none.
        log_x: Whether the horizontal axis is logarithmic. Defaults to `False`.
        log_y: Whether the vertical axis is logarithmic. Defaults to `False`.
        levels: Heights of dashed grey lines, by label. Defaults to `None`: none.
        size: Width and height in pixels. Defaults to (480, 320).

    Returns:
        The picture, on white ground; `captioned` sets several side by side.

    Raises:
        ValueError: Without curves, or for a curve whose x and y have different lengths.

    Example:

    >>> x = [1, 2, 3]
    >>> curves_image({"one run": (x, [9, 4, 5]), "two": (x, [[8, 2, 1], [9, 3, 1]])}).size
    (480, 320)
    """
    from PIL import ImageDraw, ImageFont

    width, height = (whole("size", each, least=120) for each in size)
    drawn = {label: _medians(label, *pair) for label, pair in curves.items()}
    if not drawn:
        raise ValueError("A picture of curves needs at least one curve; received none.")
    levels = dict(levels or {})
    font = ImageFont.load_default()
    keys, below_keys = _places_of_keys([*drawn, *levels], title or y_label, width, font)
    top = below_keys + (LINE if y_label else 0)
    across = _Axis([x for x, *_ in drawn.values()], log_x, LEFT, width - RIGHT)
    heights = [each for _, *ys in drawn.values() for each in ys] + [np.array([*levels.values()])]
    up = _Axis(heights, log_y, height - BOTTOM, top)

    fine = Image.new("RGB", (width * FINE, height * FINE), "white")
    pen = ImageDraw.Draw(fine)
    for tick in up.ticks():
        _stroke(pen, [(LEFT, up.at(tick)), (width - RIGHT, up.at(tick))], RULE, 1)
    styles = dict(zip(drawn, _styles(), strict=False))
    for label, (x, _, low, high) in drawn.items():
        pale = tuple(round(PALE * 255 + (1 - PALE) * c) for c in styles[label][0])
        for piece in _pieces(across, up, x, low, high):
            outline = [(a, b) for a, b, _ in piece] + [(a, c) for a, _, c in reversed(piece)]
            if len(piece) > 1 and not np.array_equal(low, high):
                pen.polygon([(a * FINE, b * FINE) for a, b in outline], fill=pale)
    for value in levels.values():
        if up.has(value):
            ends = [(LEFT, up.at(value)), (width - RIGHT, up.at(value))]
            _stroke(pen, ends, GREY, 1.5, (6, 4))
    for label, (x, middle, *_) in drawn.items():
        colour, dashes = styles[label]
        for piece in _pieces(across, up, x, middle):
            _stroke(pen, piece, colour, 2, dashes)
            if len(piece) == 1:  # no stroke shows a point
                (a, b), r = (FINE * each for each in piece[0]), 3 * FINE
                pen.ellipse([a - r, b - r, a + r, b + r], fill=colour)
    for label, (left, row) in keys.items():
        colour, dashes = styles.get(label, (GREY, (6, 4)))
        _stroke(pen, [(left, row + 6), (left + 24, row + 6)], colour, 2, dashes)
    corners = [(LEFT, top), (LEFT, height - BOTTOM), (width - RIGHT, height - BOTTOM)]
    _stroke(pen, corners, INK, 1)

    picture = fine.resize((width, height), Image.BOX)
    pen = ImageDraw.Draw(picture)
    pen.text((LEFT, TOP), in_ascii(title), fill=INK, font=font)
    pen.text((6, top - LINE), in_ascii(y_label), fill=INK, font=font)
    middle = (LEFT + width - RIGHT) / 2
    pen.text((middle, height - 8), in_ascii(x_label), fill=INK, font=font, anchor="ms")
    for label, (left, row) in keys.items():
        pen.text((left + 29, row), in_ascii(label), fill=INK, font=font)
    for tick in across.ticks():
        place = across.at(tick), height - BOTTOM + 5
        pen.text(place, f"{tick:.4g}", fill=INK, font=font, anchor="mt")
    for tick in up.ticks():
        pen.text((LEFT - 5, up.at(tick)), f"{tick:.4g}", fill=INK, font=font, anchor="rm")
    return picture


class _Axis:
    """From values to pixels, evenly or by logarithm, and the values at its ticks."""

    def __init__(self, values: Sequence[np.ndarray], by_log: bool, start: float, end: float):
        self.by_log, self.start, self.end = by_log, start, end
        seen = np.concatenate([np.ravel(each) for each in values])
        seen = seen[np.isfinite(seen) & ((seen > 0) | (not by_log))]
        low, high = (seen.min(), seen.max()) if seen.size else (1.0, 10.0)
        self.scale = math.log10 if by_log else float
        self.low, self.high = self.scale(low), self.scale(high)
        if self.low == self.high:
            self.low, self.high = self.low - 0.5, self.high + 0.5
        if start > end:  # room above and below curves, none beside them
            margin = 0.05 * (self.high - self.low)
            self.low, self.high = self.low - margin, self.high + margin

    def has(self, value: float) -> bool:
        return math.isfinite(value) and (value > 0 or not self.by_log)

    def at(self, value: float) -> float:
        share = (self.scale(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Round numbers at equal distances; powers of ten, or 1, 2 and 5 times those, by logarithm.

        A logarithmic axis too short for three of them has ticks at equal distances, too.
        """
        if self.by_log:
            decades = range(math.floor(self.low), math.ceil(self.high) + 1)
            apart = max(1, math.ceil((self.high - self.low) / 6))
            for factors in ((1,), (1, 2, 5)):
                ticks = [f * 10.0**k for k in decades if k % apart == 0 for f in factors]
                ticks = [tick for tick in ticks if self.low <= math.log10(tick) <= self.high]
                if len(ticks) > 2:
                    return ticks
        low, high = (10**self.low, 10**self.high) if self.by_log else (self.low, self.high)
        rough = (high - low) / 5
        unit = 10.0 ** math.floor(math.log10(rough))
        step = unit * min((1, 2, 5, 10), key=lambda m: abs(math.log(m * unit / rough)))
        return [k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _medians(label: str, x, y) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The abscissae of a curve, its medians, and its least and greatest values over the runs."""
    x, y = np.asarray(x, dtype="float64"), np.asarray(y, dtype="float64")
    runs = y if y.ndim == 2 else y[None]
    if x.ndim != 1 or not x.size or runs.ndim != 2 or not len(runs) or runs.shape[1:] != x.shape:
        raise ValueError(
            f"Curve {label!r} must be a pair (x, y), x of shape (n,) with n at least 1, y of shape "
            f"(n,) or (runs, n); received {x.shape} and {y.shape}."
        )
    return x, np.median(runs, axis=0), runs.min(axis=0), runs.max(axis=0)


def _styles():
    """Colours with strokes: no two of the first 28 have both in common."""
    for i in itertools.count():
        yield COLOURS[i % len(COLOURS)], STROKES[i % len(STROKES)]


def _places_of_keys(labels: list[str], heading: str, width: int, font):
    """The left ends and rows of the labels' keys, set like words, and the row below them."""
    left, row, places = LEFT, TOP + (LINE if heading else 0), {}
    for label in labels:
        length = 29 + font.getlength(in_ascii(label)) + 14
        if left > LEFT and left + length > width:
            left, row = LEFT, row + LINE
        places[label] = (left, row)
        left += length
    return places, row + LINE + 6


def _pieces(across: _Axis, up: _Axis, x, *ys) -> list[list[tuple[float, ...]]]:
    """The points of a curve in pixels, cut where a value is on no axis."""
    pieces = [[]]
    for a, *values in zip(x, *ys, strict=True):
        if across.has(a) and all(up.has(v) for v in values):
            pieces[-1].append((across.at(a), *(up.at(v) for v in values)))
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _stroke(pen, points, colour, width: float, dashes: tuple[int, ...] = ()) -> None:
    """Draws a line through points, whole or in dashes that go on around its corners."""
    lengths = itertools.cycle(dashes or (math.inf,))
    left, is_drawn = next(lengths), True
    for (a, b), (c, d) in itertools.pairwise(points):
        whole_length = math.hypot(c - a, d - b)
        done = 0.0
        while done < whole_length:
            part = min(left, whole_length - done)
            ends = [s / whole_length for s in (done, done + part)]
            if is_drawn:
                line = [(FINE * (a + s * (c - a)), FINE * (b + s * (d - b))) for s in ends]
                pen.line(line, fill=colour, width=round(FINE * width))
            done, left = done + part, left - part
            if left <= 1e-9:
                left, is_drawn = next(lengths), not is_drawn
