"""The arrays in a checkpoint's payload: read without trusting what the payload claims."""

import io
import math
import re
import zipfile

import ml_dtypes
import numpy as np

from keras_gan.files.json_fields import SchemaError, cut


def members_of(payload: bytes) -> dict[str, bytes]:
    """The files in a payload, by name without `.npy`.

    Raises:
        SchemaError: For anything but an archive of uncompressed files.
    """
    found = {}
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive:
            if sum(info.file_size for info in archive.infolist()) > len(payload):
                raise SchemaError("its arrays claim to be larger than it is")
            for info in archive.infolist():
                name = info.filename.removesuffix(".npy")
                if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
                    raise SchemaError(f"its {cut(name)} is compressed or encrypted")
                if name in found:
                    raise SchemaError(f"it has two arrays {cut(name)}")
                found[name] = archive.read(info)
    except SchemaError:
        raise
    except Exception as error:  # the parser may raise anything on a damaged archive
        raise SchemaError(f"it is not an archive of arrays ({error})") from error
    return found


def values_in(members: dict[str, bytes], variables: list[list]) -> list[np.ndarray]:
    """The values of the variables that a header lists.

    Args:
        members: The files in a payload.
        variables: The field `variables` of the header.

    Raises:
        SchemaError: For missing or further arrays, another shape or type, NaN or infinities.
    """
    listed = [f"variable_{i}" for i in range(len(variables))]
    missing = [name for name in listed if name not in members]
    foreign = sorted(set(members) - {"header", *listed})
    if missing or foreign:
        wrong = (
            f"has no {missing[0]}" if missing else f"has {cut(foreign[0])}, which it does not list"
        )
        raise SchemaError(f"its header lists {len(listed)} variables, and it {wrong}")
    values = []
    for name, (_, called, shape, dtype) in zip(listed, variables, strict=True):
        value, type_ = array_in(members[name], name), _dtype_of(dtype)
        stored = np.dtype(f"uint{8 * type_.itemsize}") if type_.kind == "V" else type_
        if list(value.shape) != shape or value.dtype != stored:
            raise SchemaError(
                f"{name}, {cut(called)}, must be {tuple(shape)} {stored}, but is {value.shape} "
                f"{value.dtype}"
            )
        if is_broken(value.view(type_) if type_.kind == "V" else value):
            raise SchemaError(f"{name}, {cut(called)}, holds NaN or an infinity")
        values.append(value)
    return values


def _dtype_of(name: str) -> np.dtype:
    """The type of a name, including those of `ml_dtypes`.

    Raises:
        SchemaError: If it is not a type of numbers.
    """
    try:
        if re.fullmatch(r"b?float\d\w*|u?int\d+|bool|complex\d+", name):
            return np.dtype(getattr(ml_dtypes, name, name))
    except TypeError:
        pass
    raise SchemaError(f"it has variables of the unknown type {cut(name)}")


def is_broken(value: np.ndarray) -> bool:
    """Whether an array of a floating-point type has NaN or infinite entries."""
    if value.dtype.kind == "V":
        value = value.astype("float32")
    return value.dtype.kind == "f" and not np.isfinite(value).all()


def array_in(content: bytes, name: str) -> np.ndarray:
    """The array in a `.npy` file, whose header is compared with the number of bytes first.

    Args:
        content: All bytes of the file.
        name: The name of the array in errors.

    Raises:
        SchemaError: For a header that cannot be read, Python objects, or a different number of
            bytes.
    """
    file = io.BytesIO(content)
    try:
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError("its version is unknown")
        shape, in_columns, dtype = np.lib.format.read_array_header_1_0(file, max_header_size=10_000)
    except Exception as error:  # the parser may raise anything on a damaged header
        raise SchemaError(f"its array {cut(name)} has no header that can be read") from error
    size, there = math.prod(shape) * dtype.itemsize, len(content) - file.tell()
    if dtype.hasobject or size != there or any(length < 0 for length in shape):
        raise SchemaError(f"its array {cut(name)} has {there} bytes instead of {size}")
    if not size:
        return np.zeros(shape, dtype)
    flat = np.frombuffer(content, dtype, offset=file.tell())
    return flat.reshape(shape, order="F" if in_columns else "C")
