"""What is done with pictures that are not one of red, green and blue: the user's choices."""

from __future__ import annotations

import dataclasses

from PIL import ImageColor

from keras_gan.arguments import unknown_name
from keras_gan.data.names import PAGES
from keras_gan.files.limits import present

KEEP = "keep"


@dataclasses.dataclass(frozen=True)
class Reading:
    """How pictures are read.

    Args:
        max_pixels: The most pixels of one picture, checked before it is decoded.
        alpha: `None` refuses pictures that are transparent in part, `"keep"` makes transparency the
            fourth channel of all, and a colour, (red, green, blue), is laid below them.
        pages: `None` refuses files of several pages or frames, `"all"` makes a sample of each, and
            `"first"` takes the first alone.
        skip_broken: Whether files that cannot be read are left out.
    """

    max_pixels: int = dataclasses.field(default_factory=lambda: present().max_pixels)
    alpha: str | tuple[int, int, int] | None = None
    pages: str | None = None
    skip_broken: bool = False

    @property
    def mode(self) -> str:
        """The mode of pictures, as Pillow calls it."""
        return "RGBA" if self.alpha == KEEP else "RGB"


def reading_of(alpha=None, pages=None, skip_broken=False) -> Reading:
    """The choices of a user, checked.

    Args:
        alpha: `None`, `"keep"`, a colour's name or hexadecimal digits, or three numbers in 0..255.
        pages: `None`, `"all"` or `"first"`.
        skip_broken: `True` or `False`.

    Raises:
        ValueError: For anything else.

    Example:

    >>> reading_of(alpha="white").alpha, reading_of(alpha="#ff8000").alpha
    ((255, 255, 255), (255, 128, 0))
    """
    if pages is not None and pages not in PAGES:
        raise unknown_name("choice of pages", pages, PAGES)
    if not isinstance(skip_broken, bool):
        raise ValueError(f"skip_broken must be True or False; received {skip_broken!r}.")
    if alpha is not None and alpha != KEEP:
        alpha = _color(alpha)
    return Reading(alpha=alpha, pages=pages, skip_broken=skip_broken)


def _color(given) -> tuple[int, int, int]:
    try:
        found = ImageColor.getrgb(given) if isinstance(given, str) else tuple(given)
    except (ValueError, TypeError):
        found = ()
    fits = len(found) == 3 and all(isinstance(part, int) and 0 <= part < 256 for part in found)
    if not fits:
        raise ValueError(
            f"alpha must be 'keep', which makes transparency a fourth channel, or an opaque colour "
            f"to lay below, such as 'white', '#808080' or (128, 128, 128); received {given!r}."
        )
    return found
