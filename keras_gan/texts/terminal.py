"""Texts for a terminal, which obeys control characters, and for readers, who see no marks."""

import re

INVISIBLE = re.compile(  # letters and marks without an image, which Python calls printable
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def one_line(text: object) -> str:
    """A text as one line, in which characters that a terminal obeys or nobody sees are escaped.

    They are control characters (escape sequences begin with one), marks of the direction of
    writing, characters of no width, and whatever else Python does not print either.

    Args:
        text: A text, or an object that has one, such as a path or an error.

    Example:

    >>> one_line("mnist\\x1b[2J\\n by\\u202e me")
    'mnist\\\\x1b[2J by\\\\u202e me'
    """
    return "".join(map(_visible, " ".join(str(text).split())))


def shortened(text: str, most: int) -> str:
    """The beginning of a text that has more characters than that.

    >>> shortened("a long one", 6), shortened("short", 6)
    ('a lon…', 'short')
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def in_short(value: object, most: int = 80) -> str:
    """A value of unknown origin for a message, as one line of at most so many characters.

    >>> in_short("a\\x1b[2J"), in_short(10**5000)
    ("'a\\\\x1b[2J'", 'a number with thousands of digits')
    """
    try:
        shown = repr(value)
    except ValueError:  # which Python raises for such a number
        shown = "a number with thousands of digits"
    return shortened(one_line(shown), most)


def lines(text: str) -> str:
    """A text of several lines, each of which is escaped as `one_line` escapes it.

    Args:
        text: The text; its spaces stay as they are.

    Example:

    >>> lines("one\\n  two\\r\\x9b")
    'one\\n  two\\\\r\\\\x9b'
    """
    return "\n".join("".join(map(_visible, line)) for line in text.split("\n"))


def _visible(character: str) -> str:
    """A character, or what Python writes for it where it has no image."""
    if character.isprintable() and not INVISIBLE.match(character):
        return character
    return character.encode("unicode_escape", "surrogatepass").decode()
