"""Files of models that are whole or not there."""

import contextlib
import errno
import math
import os
import shutil
from collections.abc import Iterator

import keras
import numpy as np

from keras_gan.files.sealed import replacing

OF_ARRAY = 1024  # bytes that an array takes in HDF5 beside its numbers, names and groups included


class WholeFiles(keras.Model):
    """A model whose `save` and `save_weights` leave an earlier file as it is where they fail.

    Keras writes over the earlier file from the start, and a full disk then leaves neither.
    """

    def save(self, filepath, overwrite: bool = True, zipped=None, **kwargs) -> None:
        """As `keras.Model.save`; a `.keras` file is written beside and renamed.

        Raises:
            OSError: Where the disk is full or refuses, with the file's earlier content untouched.
        """
        with _beside(self, filepath, overwrite, ".keras") as (path, overwrite):
            super().save(path, overwrite=overwrite, zipped=zipped, **kwargs)

    def save_weights(self, filepath, overwrite: bool = True, **kwargs) -> None:
        """As `keras.Model.save_weights`; a `.weights.h5` file is written beside and renamed.

        Raises:
            OSError: Where the disk is full or refuses, with the file's earlier content untouched.
        """
        with _beside(self, filepath, overwrite, ".weights.h5") as (path, overwrite):
            super().save_weights(path, overwrite=overwrite, **kwargs)


@contextlib.contextmanager
def _beside(model, filepath, overwrite: bool, ending: str) -> Iterator[tuple]:
    """The path to write to, and whether what is there may be replaced, as Keras is to be told."""
    path = os.fspath(filepath) if isinstance(filepath, str | os.PathLike) else None
    replaceable = overwrite or (path is not None and not os.path.lexists(path))
    own = path is not None and path.endswith(ending) and "://" not in path and replaceable
    if not own or os.path.isdir(path):  # where Keras asks, refuses, or writes elsewhere
        yield filepath, overwrite
        return
    path = os.path.realpath(path)  # a link stays one
    with replacing(path, ending) as partial:
        _check_room(model, path)
        yield partial, True


def _check_room(model: keras.Model, path: str) -> None:
    """Refuses a disk that has no room for a model's weights and optimizer.

    HDF5 would go on to the end, and complain of every array by itself, past all exceptions.
    """
    optimizer = getattr(model, "optimizer", None)
    variables = [*model.variables, *(optimizer.variables if optimizer is not None else [])]
    size = sum(math.prod(v.shape) * np.dtype(_stored(v)).itemsize for v in variables)
    if shutil.disk_usage(os.path.dirname(path) or ".").free < size + OF_ARRAY * len(variables):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _stored(variable) -> str:
    """The type in which HDF5 holds a variable: HDF5 does not know bfloat16 and the like."""
    dtype = keras.backend.standardize_dtype(variable.dtype)
    return "float32" if dtype == "bfloat16" else dtype
