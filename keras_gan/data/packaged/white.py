"""Pictures with transparency, laid on white and fitted into a size without a cut."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageChops

from keras_gan.data.sides import Sides

WHITE = (255, 255, 255, 255)
FAINTEST = 8  # of 255: what is darker than white by so much belongs to a picture


def on_white(picture: Image.Image, sides: Sides, trimmed: bool = False) -> np.ndarray:
    """Returns a picture as bytes `(height, width, 3)`: scaled to fit, in the middle, on white.

    Colours are blended before pixels are averaged, so that no colour of a transparent pixel shows.

    Args:
        picture: A picture of any mode.
        sides: Height and width of the result.
        trimmed: Whether to cut off what is white all around it. Defaults to False.
    """
    picture = picture.convert("RGBA")
    canvas = Image.new("RGBA", picture.size, WHITE)
    canvas.alpha_composite(picture)
    opaque = canvas.convert("RGB")
    if trimmed:
        opaque = opaque.crop(_inked(opaque))
    scale = min(sides[0] / opaque.height, sides[1] / opaque.width)
    size = tuple(max(1, round(side * scale)) for side in opaque.size)
    fitted = opaque.resize(size, Image.Resampling.BILINEAR)
    whole = Image.new("RGB", (sides[1], sides[0]), WHITE[:3])
    whole.paste(fitted, ((sides[1] - size[0]) // 2, (sides[0] - size[1]) // 2))
    return np.asarray(whole)


def _inked(picture: Image.Image) -> tuple[int, int, int, int] | None:
    """The box around all that is not nearly white; `None` where there is nothing."""
    darkness = ImageChops.invert(picture).convert("L")
    return darkness.point(lambda value: 255 * (value >= FAINTEST)).getbbox()
