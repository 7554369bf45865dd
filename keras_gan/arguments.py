"""What a user passes: numbers within bounds, and names from a table."""

import difflib
import math
import numbers
import os
import pathlib
from collections.abc import Iterable


def amount(name: str, value, *, above=None, least=None, below=None) -> float:
    """The value, once it is known to be a finite number within its bounds.

    Args:
        name: The argument's name, for the message.
        value: What was received.
        above: The number must be greater than this.
        least: The number must be at least this.
        below: The number must be smaller than this.

    Raises:
        ValueError: For anything else; the message says what is allowed.

    Example:

    >>> amount("clip", 0.01, above=0)
    0.01
    >>> amount("clip", "a", above=0)
    Traceback (most recent call last):
    ...
    ValueError: clip must be a number greater than 0; received 'a'.
    """
    bounds = {"greater than": above, "at least": least, "less than": below}
    wanted = " and ".join(f" {text} {bound}" for text, bound in bounds.items() if bound is not None)
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    fits = (
        is_number
        and math.isfinite(value)
        and (above is None or value > above)
        and (least is None or value >= least)
        and (below is None or value < below)
    )
    if not fits:
        raise ValueError(f"{name} must be a number{wanted}; received {value!r}.")
    return float(value)


def whole(name: str, value, *, least: int = 1) -> int:
    """The value, once it is known to be a whole number.

    Args:
        name: The argument's name, for the message.
        value: What was received.
        least: The smallest number allowed. Defaults to 1.

    Raises:
        ValueError: For anything else; the message says what is allowed.

    Example:

    >>> import numpy as np
    >>> whole("every", np.int64(3))
    3
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}; received {value!r}.")
    return int(value)


def unknown_name(kind: str, name: object, known: Iterable[str]) -> ValueError:
    """The error for a name that is not in a table; the caller raises it.

    Args:
        kind: What the name stands for, e.g. `"objective"`.
        name: What was received.
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
    """The known name that is most like another one, upper and lower case aside, or `None`.

    Args:
        name: What was received.
        known: The names that are allowed.
        cutoff: How alike they must be, from 0 to 1.

    Example:

    >>> nearest_name("Ring", ["ring", "grid"])
    'ring'
    """
    by_lower = {each.lower(): each for each in sorted(known)}
    nearest = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[nearest[0]] if nearest else None


def near_path(path: str | os.PathLike, others: Iterable[str] = ()) -> str:
    """The hint on a path that leads nowhere: `" (did you mean …?)"`, or `""`.

    Args:
        path: What was received.
        others: Names besides those in its folder, such as those of presets.

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
    """What `near_path` returned, as the end of a sentence instead of in brackets.

    >>> as_question(" (did you mean 'ring'?)"), as_question("")
    (": did you mean 'ring'?", '')
    """
    return near.replace(" (", ": ", 1).removesuffix(")")
