"""A preset's weights, in Keras's format, compared with a file that Keras writes before loading."""

import io
import os
import pathlib
import tempfile

import keras
import numpy as np

from keras_gan.backend.finite import broken_weights
from keras_gan.training.serialization import without_random_states
from keras_gan.zoo import hdf5
from keras_gan.zoo.trust import refusal


def written(model: keras.Model) -> bytes:
    """A model's weights as `keras.Model.save_weights` writes them.

    Args:
        model: A built model.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "model.weights.h5"
        with without_random_states():
            model.save_weights(path)
        return path.read_bytes()


def compact(content: bytes) -> bytes:
    """The same arrays in a file without the space that HDF5 leaves behind when a file grows.

    Args:
        content: The bytes of a `model.weights.h5`.

    Returns:
        The bytes of the new file, or the same ones if it would not be smaller.
    """
    import h5py

    packed = io.BytesIO()
    with h5py.File(io.BytesIO(content)) as file, h5py.File(packed, "w", libver="earliest") as copy:
        for name in file:
            file.copy(name, copy)
        copy.attrs.update(file.attrs)
    return min(packed.getvalue(), content, key=len)


def arrays_in(content: bytes, folder: str | os.PathLike) -> dict[str, hdf5.Stored]:
    """The arrays of a file by their paths; their numbers are not read yet.

    Args:
        content: The bytes of a `model.weights.h5`.
        folder: The preset's folder, for the message.

    Raises:
        UntrustedPresetError: If it contains anything else.
    """
    try:
        return hdf5.arrays_in(content)
    except hdf5.NotPlainError as error:
        raise refusal(folder, f"model.weights.h5 {error}") from error


def load(model: keras.Model, content: bytes, folder: str | os.PathLike) -> None:
    """Loads a model's weights from a file that has exactly the arrays that Keras would write.

    The names, shapes and types of all arrays are compared before any numbers are read, and these
    must be finite. The HDF5 library never opens the file: its numbers replace those in a file that
    Keras writes for the model, and Keras loads that file.

    Args:
        model: A built model.
        content: The bytes of a `model.weights.h5`.
        folder: The preset's folder, for the message.

    Raises:
        UntrustedPresetError: For any other file; the model does not change.
    """
    own = written(model)
    expected, broken = hdf5.arrays_in(own), None
    found = arrays_in(content, folder)
    for path in sorted(expected.keys() | found.keys()):
        if path not in found or path not in expected:
            verb = "lacks" if path not in found else "has"
            raise refusal(
                folder, f"model.weights.h5 {verb} the array {path[:100]!r}: its network differs"
            )
        one, other = found[path], expected[path]
        if (one.shape, one.dtype) != (other.shape, other.dtype):
            raise refusal(
                folder,
                f"in model.weights.h5 the array {path!r} is {one.dtype} of shape {one.shape}, but "
                f"in its network {other.dtype} of shape {other.shape}",
            )
        if not np.isfinite(one.numbers(content)).all() and broken is None:
            broken = path
    before, own = model.get_weights(), bytearray(own)
    for path, array in expected.items():
        own[array.start : array.start + array.size] = found[path].numbers(content).tobytes()
    with tempfile.TemporaryDirectory() as temporary:
        path = pathlib.Path(temporary) / "model.weights.h5"
        path.write_bytes(own)
        with without_random_states():
            model.load_weights(path)
    if broken is not None:
        name = next(broken_weights([model]), "a state of it")
        model.set_weights(before)
        reason = f"in model.weights.h5 the array {broken!r} is not finite, {name}"
        raise refusal(folder, reason)
