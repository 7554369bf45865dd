"""Errors about names: what was received, the nearest known one, and all that are known."""

import difflib
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
    nearest = difflib.get_close_matches(str(name).lower(), known, n=1, cutoff=0.5)
    hint = f": did you mean {nearest[0]!r}?" if nearest else "."
    return ValueError(f"Unknown {kind} {name!r}{hint} Known: {listing}.")
