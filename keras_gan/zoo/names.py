"""Names of presets: which are valid, and the error for one that does not exist."""

import os
import re

from keras_gan.arguments import as_question, near_path
from keras_gan.texts import one_line

NAME = re.compile(r"\w[\w.-]{0,99}")  # the name of the preset's folder


def checked_name(name) -> str:
    """Returns a preset's name if it is valid; it contains no path.

    Args:
        name: What was received.

    Raises:
        ValueError: If it is invalid.

    Example:

    >>> checked_name("wgangp_mnist")
    'wgangp_mnist'
    """
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ValueError(
            f"A preset's name has letters, digits, underscores, hyphens and dots, and starts with "
            f"a letter or a digit; received {one_line(repr(name))[:120]}."
        )
    return name


def nothing_at(given: str, names: list[str]) -> ValueError:
    """The error for a name or path without a folder; the caller raises it.

    Args:
        given: The name or path.
        names: The names of all known presets.
    """
    if os.path.lexists(given):
        return ValueError(f"{one_line(given)} is a file, not a preset folder.")
    near = near_path(given, [] if os.sep in given else names)
    if os.sep in given:
        return ValueError(f"There is no preset folder {one_line(given)}{near}.")
    known = ", ".join(map(repr, sorted(names)))
    near = as_question(near) or "."
    return ValueError(
        f"Unknown preset {given!r}{near} Known: {known}. Load your own preset by its path."
    )
