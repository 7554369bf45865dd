"""The user's own folder of presets, named by an environment variable."""

import os
import pathlib

from keras_gan.zoo import fetching
from keras_gan.zoo.names import NAME


def own_zoo() -> pathlib.Path | None:
    """The folder that `KERAS_GAN_ZOO` names, whose presets load by name; `None` if it is not set.

    Raises:
        ValueError: If it is not a folder.
    """
    given = os.environ.get(fetching.VARIABLE)
    if not given:
        return None
    if not os.path.isdir(given):
        raise ValueError(f"{fetching.VARIABLE} names {given!r}, which is not a folder.")
    return pathlib.Path(given)


def folders_in(zoo: pathlib.Path | None) -> dict[str, pathlib.Path]:
    """The presets in a folder, by name.

    A folder with an invalid name loads only by its path.

    Args:
        zoo: The folder, or `None`.
    """
    folders = [] if zoo is None else sorted(path.parent for path in zoo.glob("*/checksums"))
    return {folder.name: folder for folder in folders if NAME.fullmatch(folder.name)}
