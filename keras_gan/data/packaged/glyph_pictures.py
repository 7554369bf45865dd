"""Draws the characters of a face: all in one size and on one line, as they are in print."""

from __future__ import annotations

import contextlib

import numpy as np
from PIL import Image, ImageFont

from keras_gan.data.packaged.fonts import CHARACTERS, Face
from keras_gan.data.sides import Sides

FINER = 4  # drawn so many times as large, then averaged: hinting to whole pixels shows less
MARGIN = 1 / 16  # of the shorter side, on all sides
PROBE = 200  # pixels per em at which a face is measured


def drawn(face: Face, sides: Sides) -> np.ndarray | None:
    """Draws a face's 62 characters, black on white; `None` if it cannot be drawn.

    The highest and the deepest character of the face, and the widest, decide its scale, so that
    none is cut off and a small letter stays smaller than a capital one. Each is in the middle from
    left to right; all stand on the same line.

    Args:
        face: The face.
        sides: Height and width in pixels.

    Returns:
        uint8 array `(62, height, width)`.
    """
    with contextlib.suppress(Exception):  # FreeType's errors, and Pillow's of strange sizes
        height, width = (FINER * side for side in sides)
        inner = [side - 2 * MARGIN * min(height, width) for side in (height, width)]
        boxes = _boxes(_font(face, PROBE))
        tall = boxes[:, 3].max() - boxes[:, 1].min()
        wide = (boxes[:, 2] - boxes[:, 0]).max()
        if not (tall > 0 and wide > 0):
            return None
        font = _font(face, int(PROBE * min(inner[0] / tall, inner[1] / wide)))
        boxes = _boxes(font)
        top, bottom = boxes[:, 1].min(), boxes[:, 3].max()
        line = (height - (bottom - top)) // 2 - top
        return np.stack([_picture(font, each, line, (height, width)) for each in CHARACTERS])
    return None


def _font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    basic = ImageFont.Layout.BASIC
    return ImageFont.truetype(face.path, size, index=face.number, layout_engine=basic)


def _boxes(font: ImageFont.FreeTypeFont) -> np.ndarray:
    """Left, top, right and bottom of each character, from its place on the line."""
    return np.array([font.getbbox(each, anchor="ls") for each in CHARACTERS])


def _picture(font: ImageFont.FreeTypeFont, character: str, line: int, sides: Sides) -> np.ndarray:
    mask, (_, top) = font.getmask2(character, "L", anchor="ls")
    canvas = Image.new("L", sides[::-1], 0)
    ink = Image.frombytes("L", mask.size, bytes(mask))
    canvas.paste(ink, ((sides[1] - mask.size[0]) // 2, line + top))
    return 255 - np.asarray(canvas.reduce(FINER))
