"""Saves models in files that are written completely or not at all."""

import contextlib
import errno
import math
import os
import shutil
from collections.abc import Iterator

import keras
import numpy as np

from keras_gan.files.atomic import replacing

OF_ARRAY = 1024  # bytes of an array in HDF5 besides its numbers, with names and groups


class WholeFiles(keras.Model):
    """A model whose `save` and `save_weights` keep the earlier file if they fail.

    Keras overwrites the earlier file from the start, so that a full disk leaves neither of the two.
    """

    def save(self, filepath, overwrite: bool = True, zipped=None, **kwargs) -> None:
        """As `keras.Model.save`; a `.keras` file is written under another name, then renamed.

        Raises:
            OSError: If the disk is full or not writable; the file keeps its earlier content.
        """
        with _beside(self, filepath, overwrite, ".keras") as (path, overwrite):
            super().save(path, overwrite=overwrite, zipped=zipped, **kwargs)

    def save_weights(self, filepath, overwrite: bool = True, **kwargs) -> None:
        """As `keras.Model.save_weights`; a `.weights.h5` file is written first, then renamed.

        Raises:
            OSError: If the disk is full or not writable; the file keeps its earlier content.
        """
        with _beside(self, filepath, overwrite, ".weights.h5") as (path, overwrite):
            super().save_weights(path, overwrite=overwrite, **kwargs)


@contextlib.contextmanager
def _beside(model, filepath, overwrite: bool, ending: str) -> Iterator[tuple]:
    """A scope with Keras's arguments: the path to write to, and whether it may be overwritten."""
    path = os.fspath(filepath) if isinstance(filepath, str | os.PathLike) else None
    replaceable = overwrite or (path is not None and not os.path.lexists(path))
    own = path is not None and path.endswith(ending) and "://" not in path and replaceable
    if not own or os.path.isdir(path):  # Keras asks, refuses, or writes elsewhere
        yield filepath, overwrite
        return
    path = os.path.realpath(path)  # a link stays one
    with replacing(path, ending) as partial:
        _check_room(model, path)
        yield partial, True


def _check_room(model: keras.Model, path: str) -> None:
    """Refuses a disk without room for a model's weights and optimizer.

    HDF5 would continue to the end and print one complaint per array, which no exception handler
    catches.
    """
    optimizer = getattr(model, "optimizer", None)
    variables = [*model.variables, *(optimizer.variables if optimizer is not None else [])]
    size = sum(math.prod(v.shape) * np.dtype(_stored(v)).itemsize for v in variables)
    if shutil.disk_usage(os.path.dirname(path) or ".").free < size + OF_ARRAY * len(variables):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _stored(variable) -> str:
    """The type in which HDF5 stores a variable: HDF5 does not have bfloat16."""
    dtype = keras.backend.standardize_dtype(variable.dtype)
    return "float32" if dtype == "bfloat16" else dtype
