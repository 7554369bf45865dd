"""Where the data of a run are."""

import pathlib

from keras_gan.data.names import is_own


def located(name: str) -> str:
    """A data set's name, or its absolute path if it is a file or folder."""
    is_path = not is_own(name) and pathlib.Path(name).exists()
    return str(pathlib.Path(name).resolve()) if is_path else name
