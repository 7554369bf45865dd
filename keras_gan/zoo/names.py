"""Names of presets: which a preset may have, and what is said of one that is not there."""

import os
import re

from keras_gan.arguments import as_question, near_path
from keras_gan.texts import one_line

NAME = re.compile(r"\w[\w.-]{0,99}")  # that of its folder


def checked_name(name) -> str:
    """A preset's name, once it is known to be one, with no path in it.

    Raises:
        ValueError: If it is none.

    Example:

    >>> checked_name("wgangp_mnist")
    'wgangp_mnist'
    """
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ValueError(
            f"A preset's name has letters, digits, underscores, hyphens and dots, and begins with "
            f"a letter or a digit; received {one_line(repr(name))[:120]}."
        )
    return name


def nothing_at(given: str, names: list[str]) -> ValueError:
    """The error for a name or path at which there is no folder; the caller raises it."""
    if os.path.lexists(given):
        return ValueError(f"There is no preset folder {one_line(given)}: it is a file.")
    near = near_path(given, [] if os.sep in given else names)
    if os.sep in given:
        return ValueError(f"There is no preset folder {one_line(given)}{near}.")
    known = ", ".join(map(repr, sorted(names)))
    near = as_question(near) or "."
    return ValueError(
        f"Unknown preset {given!r}{near} Known: {known}. A folder of yours loads by its path."
    )
