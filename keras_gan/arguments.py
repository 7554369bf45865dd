"""Checks of what a user passes: numbers within bounds, and names from a table."""

import difflib
import math
import numbers
import os
import pathlib
from collections.abc import Iterable


def amount(name: str, value, *, above=None, least=None, below=None) -> float:
    """Checks that a value is a finite number within bounds, and returns it.

    Args:
        name: The argument's name, for the message.
        value: The value received.
        above: The number must be greater than this.
        least: The number must be at least this.
        below: The number must be smaller than this.

    Raises:
        ValueError: For any other value; the message says what is allowed.

    Example:

    >>> amount("clip", 0.01, above=0)
    0.01
    >>> amount("clip", "a", above=0)
    Traceback (most recent call last):
    ...
    ValueError: clip must be a number greater than 0; received 'a'.
    """
    bounds = {"greater than": above, "at least": least, "less than": below}
    wanted = " and ".join(f"{text} {bound}" for text, bound in bounds.items() if bound is not None)
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    fits = (
        is_number
        and math.isfinite(value)
        and (above is None or value > above)
        and (least is None or value >= least)
        and (below is None or value < below)
    )
    if not fits:
        raise ValueError(f"{name} must be {f'a number {wanted}'.strip()}; received {value!r}.")
    return float(value)


def whole(name: str, value, *, least: int = 1) -> int:
    """Checks that a value is a whole number, and returns it.

    Args:
        name: The argument's name, for the message.
        value: The value received.
        least: The smallest number allowed. Defaults to 1.

    Raises:
        ValueError: For any other value; the message says what is allowed.

    Example:

    >>> import numpy as np
    >>> whole("every", np.int64(3))
    3
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}; received {value!r}.")
    return int(value)


def unknown_name(kind: str, name: object, known: Iterable[str]) -> ValueError:
    """Returns the error for a name that is not in a table; the caller raises it.

    Args:
        kind: What the name stands for, such as `"objective"`.
        name: The name received.
        known: The names that are allowed.

    Example:

    >>> unknown_name("objective", "hinje", ["hinge", "minimax"])
    ValueError("Unknown objective 'hinje': did you mean 'hinge'? Known: 'hinge', 'minimax'.")
    """
    known = sorted(known)
    listing = ", ".join(repr(each) for each in known)
    nearest = nearest_name(str(name), known)
    hint = "." if nearest is None else f": did you mean {nearest!r}?"
    return ValueError(f"Unknown {kind} {name!r}{hint} Known: {listing}.")


def nearest_name(name: str, known: Iterable[str], cutoff: float = 0.5) -> str | None:
    """Returns the known name most like another one, whatever the case of letters, or `None`.

    Args:
        name: The name received.
        known: The names that are allowed.
        cutoff: How similar they must be, from 0 to 1. Defaults to 0.5.

    Example:

    >>> nearest_name("Ring", ["ring", "grid"])
    'ring'
    """
    by_lower = {each.lower(): each for each in sorted(known)}
    nearest = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[nearest[0]] if nearest else None


def near_path(path: str | os.PathLike, others: Iterable[str] = ()) -> str:
    """Returns a hint on a path that does not exist: `" (did you mean …?)"`, or `""`.

    Args:
        path: The path received.
        others: Further names beside those in its folder, such as those of presets.

    Example:

    >>> near_path("sngan_mnsit", ["sngan_mnist", "gan_ring"])
    " (did you mean 'sngan_mnist'?)"
    """
    folder, _, name = os.fspath(path).rstrip("/").rpartition("/")
    try:
        there = [each.name for each in pathlib.Path(folder or ".").iterdir()]
    except OSError:  # the folder is not there either, or not to be read
        there = []
    known = {each: os.path.join(folder, each) for each in there} | {each: each for each in others}
    nearest = nearest_name(name, known, cutoff=0.6)
    return "" if nearest is None else f" (did you mean {known[nearest]!r}?)"


def as_question(near: str) -> str:
    """Turns the result of `near_path` from brackets into the end of a sentence.

    Args:
        near: The result of `near_path`.

    Example:

    >>> as_question(" (did you mean 'ring'?)"), as_question("")
    (": did you mean 'ring'?", '')
    """
    return near.replace(" (", ": ", 1).removesuffix(")")
