"""The faces of font files: their families, and whether they are of text, with serifs or without."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
SERIF, SANS_SERIF, OTHER = STYLES = ("serif", "sans-serif", "other")
ENDINGS = (".ttf", ".otf", ".ttc", ".otc")
_WORDS = {  # of a family's name, the first that is found
    "sans": SANS_SERIF,
    "gothic": SANS_SERIF,
    "grotesk": SANS_SERIF,
    "serif": SERIF,
    "slab": SERIF,
    "roman": SERIF,
}
TEXT, PICTORIAL = 2, 5  # PANOSE's kinds of families: 2 Latin text, 3 hand-written, 4 decorative


@dataclasses.dataclass(frozen=True)
class Face:
    """One face of a family, such as its bold italic.

    Args:
        path: The font file.
        number: Which of the fonts in the file.
        family: The name of the family.
        style: One of `STYLES`.
    """

    path: Path
    number: int
    family: str
    style: str


def library() -> Any:
    """Returns `fontTools.ttLib`.

    Raises:
        ValueError: If it is not installed.
    """
    try:
        from fontTools import ttLib
    except ModuleNotFoundError as error:
        raise ValueError(
            "Fonts are read by fonttools, which is not installed: pip install "
            "'keras-gan[pictures]'."
        ) from error
    return ttLib


def faces_of(path: Path) -> list[Face]:
    """The faces in a font file that have all of `CHARACTERS`; none if it cannot be read."""
    fonts = library()
    found = []
    with _quiet(), contextlib.suppress(Exception):  # a parser of damaged files raises anything
        count = 1
        if path.suffix.lower() in (".ttc", ".otc"):
            with fonts.TTCollection(path, lazy=True) as several:
                count = len(several.fonts)
        for number in range(count):
            with fonts.TTFont(path, lazy=True, fontNumber=number) as font:
                if _has_text(font):
                    family = font["name"].getBestFamilyName() or ""
                    family = family if sum(map(str.isalnum, family)) > 1 else path.stem
                    found.append(Face(path, number, family, style_of(family, *_kinds(font))))
    return found


def _has_text(font: Any) -> bool:
    """Whether a font maps all characters, and is not one of pictures by its own statement."""
    mapped = font.getBestCmap()  # None for the encoding of symbols
    kind, *_ = _kinds(font)
    return (
        mapped is not None
        and kind != PICTORIAL
        and all(mapped.get(ord(each), ".notdef") != ".notdef" for each in CHARACTERS)
    )


def _kinds(font: Any) -> tuple[int, int, int]:
    """PANOSE's kind of family and of serifs, and the class of the table OS/2."""
    if "OS/2" not in font:
        return 0, 0, 0
    table = font["OS/2"]
    return table.panose.bFamilyType, table.panose.bSerifStyle, table.sFamilyClass >> 8 & 255


def style_of(family: str, kind: int, serifs: int, family_class: int) -> str:
    """Whether a face has serifs: by its name, by PANOSE, or by its class, whichever says so first.

    Args:
        family: The name of the family.
        kind: PANOSE's `bFamilyType`, of which 2 is Latin text.
        serifs: PANOSE's `bSerifStyle`: 2 to 10 with serifs, 11 to 15 without.
        family_class: The upper byte of `sFamilyClass`: 1 to 5 and 7 with serifs, 8 without.

    Example:

    >>> style_of("Noto Sans Mono", 2, 5, 0), style_of("Utopia", 2, 4, 0), style_of("Ink", 3, 0, 10)
    ('sans-serif', 'serif', 'other')
    """
    for word, style in _WORDS.items():
        if word in family.lower():
            return style
    if kind == TEXT and 2 <= serifs <= 15:
        return SERIF if serifs <= 10 else SANS_SERIF
    if kind in (0, TEXT) and family_class in (1, 2, 3, 4, 5, 7, 8):
        return SANS_SERIF if family_class == 8 else SERIF
    return OTHER


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """A scope in which fonttools does not tell of harmless faults of fonts."""
    logger = logging.getLogger("fontTools")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)
