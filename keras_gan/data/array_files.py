"""Files of arrays as data sets."""

import pathlib

import numpy as np

from keras_gan.arguments import near_path
from keras_gan.files.arrays import array_in_file


def is_array_file(name: str) -> bool:
    """Whether a name is that of a file of arrays, which need not exist."""
    return name.endswith((".npz", ".npy")) and not pathlib.Path(name).is_dir()


def array_in(path: str | pathlib.Path) -> np.ndarray:
    """The array of samples in a `.npy` file, or the only array or `samples` in a `.npz` file.

    Raises:
        ValueError: For a file that is missing, of another format, or with several arrays of other
            names.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise ValueError(f"There is no file {path}{near_path(path)}.")
    try:
        return array_in_file(path)
    except (ValueError, OSError) as error:
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise ValueError(f"{path} has no array of samples: {reason}.") from error
