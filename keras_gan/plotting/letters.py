"""The letters of Pillow's own font, which are those of ASCII."""

import unicodedata


def in_ascii(text: str) -> str:
    """A text without its accents; other letters stay, and are drawn as empty boxes.

    Example:

    >>> in_ascii("Fréchet distance")
    'Frechet distance'
    """
    parts = unicodedata.normalize("NFKD", text)
    return "".join(each for each in parts if not unicodedata.combining(each))
