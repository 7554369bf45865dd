"""Checks of what a user passes: numbers within bounds, and names from a table."""

import difflib
import math
import numbers
import os
import pathlib
from collections.abc import Iterable

from keras_gan.texts import in_short

LEAST, MOST = 2.0**-126, 2.0**128 - 2.0**104  # that float32 holds in full


def is_finite(value) -> bool:
    """Whether a number is neither NaN nor infinite, nor a whole one beyond all of floating point.

    >>> is_finite(2), is_finite(float("nan")), is_finite(10**400)
    (True, False, False)
    """
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def amount(name: str, value, *, above=None, least=None, below=None, most=None) -> float:
    """Checks that a value is a finite number within bounds, and returns it.

    Args:
        name: The argument's name, for the message.
        value: The value received.
        above: The number must be greater than this.
        least: The number must be at least this.
        below: The number must be smaller than this.
        most: The number must be at most this.

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
    bounds = {"greater than": above, "of at least": least, "less than": below, "at most": most}
    wanted = " and ".join(f"{text} {bound}" for text, bound in bounds.items() if bound is not None)
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    fits = (
        is_number
        and is_finite(value)
        and (above is None or value > above)
        and (least is None or value >= least)
        and (below is None or value < below)
        and (most is None or value <= most)
    )
    if not fits:
        raise ValueError(
            f"{name} must be {f'a number {wanted}'.strip()}; received {in_short(value)}."
        )
    if abs(value) > MOST or (above == 0 and value < LEAST):
        raise ValueError(
            f"{name} must be {f'a number {wanted}'.strip()} that float32 holds, which ends at "
            f"{MOST:.3g} and at {LEAST:.3g}; received {in_short(value)}."
        )
    return float(value)


def whole(name: str, value, *, least: int | None = 1, below: int | None = None) -> int:
    """Checks that a value is a whole number within bounds, and returns it.

    Args:
        name: The argument's name, for the message.
        value: The value received.
        least: The smallest number allowed, or `None` for any. Defaults to 1.
        below: The number must be smaller than this. Defaults to `None`: any number.

    Raises:
        ValueError: For any other value; the message says what is allowed.

    Example:

    >>> import numpy as np
    >>> whole("every", np.int64(3))
    3
    """
    is_whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    fits = is_whole and (least is None or value >= least) and (below is None or value < below)
    if not fits:
        bounds = {"of at least": least, "less than": below}
        wanted = " and ".join(f"{text} {end}" for text, end in bounds.items() if end is not None)
        raise ValueError(
            f"{name} must be {f'a whole number {wanted}'.strip()}; received {in_short(value)}."
        )
    return int(value)


def whole_shape(name: str, value) -> tuple[int, ...]:
    """Checks that a value is the shape of one sample, and returns it.

    Args:
        name: The argument's name, for the message.
        value: The value received.

    Raises:
        ValueError: For anything but a tuple or list of whole numbers of at least 1.

    Example:

    >>> whole_shape("sample_shape", [28, 28, 1])
    (28, 28, 1)
    """
    if not isinstance(value, (tuple, list)) or not value:
        raise ValueError(
            f"{name} must be the shape of one sample, such as (28, 28, 1) or (2,); received "
            f"{in_short(value)}."
        )
    return tuple(whole(name, each) for each in value)


def height_and_width(name: str, value) -> tuple[int, int]:
    """Checks that a value is the size of an image in pixels, and returns it as a pair.

    Args:
        name: The argument's name, for the message.
        value: The value received.

    Raises:
        ValueError: For anything but a whole number of at least 1, or a pair of them.

    Example:

    >>> height_and_width("image_size", 32), height_and_width("image_size", [27, 45])
    ((32, 32), (27, 45))
    """
    pair = value if isinstance(value, (tuple, list)) else (value, value)
    try:
        height, width = (whole(name, each) for each in pair)
    except ValueError as error:
        raise ValueError(
            f"{name} must be a whole number of at least 1, or a pair of them, (height, width); "
            f"received {in_short(value)}."
        ) from error
    return height, width


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
    nearest = nearest_name(in_short(name).strip("'[]"), known)
    hint = "." if nearest is None else f": did you mean {nearest!r}?"
    return ValueError(f"Unknown {kind} {in_short(name)}{hint} Known: {listing}.")


def known_name(kind: str, name, known: Iterable[str]) -> str:
    """Checks that a name is in a table, and returns it.

    Args:
        kind: As in `unknown_name`.
        name: The name received.
        known: The names that are allowed.

    Raises:
        ValueError: For any other, with the nearest.
    """
    if name not in known:
        raise unknown_name(kind, name, known)
    return name


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
    known = {each: each for each in others} | {each: os.path.join(folder, each) for each in there}
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
