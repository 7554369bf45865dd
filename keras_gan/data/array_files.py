"""Files of arrays as data sets: NumPy's, those of OpenAI's evaluations, and HDF5."""

import pathlib

import numpy as np

from keras_gan.arguments import near_path
from keras_gan.files.arrays import array_in_file, arrays_in_file
from keras_gan.files.limits import WHILE_HELD, check_memory

NUMPY, HDF5 = (".npz", ".npy"), (".h5", ".hdf5")
IMAGES = ("samples", "images", "imgs", "arr_0")  # ours, others', BigGAN's, OpenAI's
LABELS = {"arr_0": ("arr_1",)}  # of the images of this name; others have `labels`
NAMES = (*IMAGES, "labels", "arr_1")
CHANNELS = (1, 3, 4)


def is_array_file(name: str) -> bool:
    """Whether a name is that of a file of arrays, which need not exist."""
    return name.endswith((*NUMPY, *HDF5)) and not pathlib.Path(name).is_dir()


def array_in(path: str | pathlib.Path) -> np.ndarray | tuple[np.ndarray, np.ndarray]:
    """The samples in a file, or the pair of samples and labels.

    A `.npy` file has one array. In a `.npz` file, samples are the only array, or the one named
    `samples`, `images`, `imgs` or `arr_0`; labels are `labels`, or `arr_1` beside `arr_0`. So are
    the data sets of an HDF5 file (`.h5`, `.hdf5`); images `(n, channels, height, width)` there, as
    BigGAN's, become `(n, height, width, channels)`.

    Args:
        path: The file.

    Raises:
        ValueError: For a file that is missing, of another format, or with several arrays of other
            names.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise ValueError(f"There is no file {path}{near_path(path)}.")
    try:
        if path.suffix in HDF5:
            return _in_hdf5(path)
        with path.open("rb") as file:
            is_archive = file.read(2) == b"PK"
        if not is_archive:
            return array_in_file(path)
        return _paired(arrays_in_file(path, NAMES, or_only=True))
    except (ValueError, OSError) as error:
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise ValueError(f"{path} has no array of samples: {reason}.") from error


def _paired(arrays: dict[str, np.ndarray]):
    names = [name for name in IMAGES if name in arrays] or list(arrays)[:1]
    if names[0] in ("labels", "arr_1"):
        wanted = " or ".join(map(repr, IMAGES))
        raise ValueError(f"it holds labels, and no array named {wanted}")
    x = arrays[names[0]]
    for name in LABELS.get(names[0], ("labels",)):
        y = arrays.get(name)
        if y is not None and y.shape[:1] == x.shape[:1] and y.dtype.kind in "iu":
            return x, y
    return x


def _in_hdf5(path: pathlib.Path):
    import h5py

    try:
        with h5py.File(path, "r") as file:
            names = [name for name in NAMES if _is_array(file, name)]
            if not any(name in IMAGES for name in names):
                listed = [name[:80] for name in list(file)[:5]]
                raise ValueError(f"it holds {listed or 'nothing'}, and no data set named 'images'")
            for name in names:
                check_memory(f"its {name}", (1 + WHILE_HELD) * file[name].nbytes)
            found = _paired({name: file[name][()] for name in names})
    except (OSError, RuntimeError, KeyError) as error:
        raise ValueError(f"it is no HDF5 file that can be read ({error})") from error
    x, *y = found if isinstance(found, tuple) else (found,)
    if x.ndim == 4 and x.shape[1] in CHANNELS and x.shape[3] not in CHANNELS:
        x = np.ascontiguousarray(np.moveaxis(x, 1, -1))
    return (x, *y) if y else x


def _is_array(file, name: str) -> bool:
    """Whether an HDF5 file itself, and no other to which it links, has a data set of this name."""
    import h5py

    link = file.get(name, getlink=True) if name in file else None
    return isinstance(link, h5py.HardLink) and isinstance(file[name], h5py.Dataset)
