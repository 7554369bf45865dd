"""Errors about names: what was received, the nearest known one, and all that are known."""

import difflib
import os
import pathlib
from collections.abc import Iterable


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
