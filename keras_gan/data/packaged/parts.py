"""Parts of a set by name, such as `emoji/flags`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keras_gan.arguments import as_question, near_path


def chosen(name: str, part: str, known: Sequence[str]) -> np.ndarray:
    """Which classes a part names: one or several, joined by commas.

    Args:
        name: The data set's name, for the message.
        part: Such as `"flags"` or `"flags,objects"`.
        known: The names of all classes.

    Returns:
        Boolean array, one for each class.

    Raises:
        ValueError: For an unknown name.
    """
    wanted = part.split(",")
    for each in wanted:
        if each not in known:
            raise unknown(name, each, known)
    return np.array([each in wanted for each in known], bool)


def unknown(name: str, part: str, known: Sequence[str]) -> ValueError:
    """The error for a part that does not exist."""
    hint = as_question(near_path(part, list(known))) or "."
    return ValueError(f"{name!r} has no part {part!r}{hint} Known: {', '.join(sorted(known))}.")


def unlabelled(name: str, package: str) -> ValueError:
    """The error for labels whose package is missing."""
    return ValueError(
        f"The groups of {name!r} are read from the Debian package {package}, which is not there: "
        f"apt-get install {package}."
    )
