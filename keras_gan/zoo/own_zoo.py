"""The folder of presets of one's own, which the environment names."""

import os
import pathlib

from keras_gan.zoo import fetching
from keras_gan.zoo.names import NAME


def own_zoo() -> pathlib.Path | None:
    """The folder that `KERAS_GAN_ZOO` names, where presets of one's own have names, too.

    Raises:
        ValueError: If it is none.
    """
    given = os.environ.get(fetching.VARIABLE)
    if not given:
        return None
    if not os.path.isdir(given):
        raise ValueError(f"{fetching.VARIABLE} names {given!r}, which is no folder.")
    return pathlib.Path(given)


def folders_in(zoo: pathlib.Path | None) -> dict[str, pathlib.Path]:
    """The presets there by name.

    A folder whose name no preset may have loads by its path alone.
    """
    folders = [] if zoo is None else sorted(path.parent for path in zoo.glob("*/checksums"))
    return {folder.name: folder for folder in folders if NAME.fullmatch(folder.name)}
