"""NumPy files, whose headers are compared with their sizes before the arrays are read."""

from __future__ import annotations

import io
import math
import os
import pathlib
import struct
import zipfile
from typing import BinaryIO

import numpy as np

from keras_gan.files.archives import members_of
from keras_gan.files.limits import WHILE_HELD, check_memory, check_size
from keras_gan.files.regular_files import NoPlainFileError, check_kind
from keras_gan.texts import one_line, shortened

AT_ONCE = 2**24  # bytes per read
LONGEST_HEADER = 10_000  # bytes of shape and type, as NumPy allows
NO_ARRAY = "it is not a NumPy file, or it holds Python objects"


def array_in_file(path: str | os.PathLike) -> np.ndarray:
    """Reads the array in a `.npy` file, or the only one or `samples` in a `.npz` file.

    Args:
        path: The file.

    Raises:
        ValueError: For anything else, Python objects, a header that claims more than the file has,
            or more than both `max_bytes` and ten times the file. The message starts with "it …".
        OSError: If it cannot be read.
    """
    with _regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if file.read(2) != b"PK":
            file.seek(0)
            return _array(file, size)
    (found,) = arrays_in_file(path, ("samples",), or_only=True).values()
    return found


def arrays_in_file(
    path: str | os.PathLike, names: tuple[str, ...], or_only: bool = False
) -> dict[str, np.ndarray]:
    """Reads those arrays of a `.npz` file that have one of these names.

    Args:
        path: The file.
        names: The names.
        or_only: Whether the only array of a file is read whatever its name. Defaults to `False`.

    Returns:
        The arrays by name, in the order of the names; at least one.

    Raises:
        ValueError: As `array_in_file`, and for a file that has none of them.
        OSError: If it cannot be read.
    """
    with _regular(path) as file:
        members = {name.removesuffix(".npy"): info for name, info in members_of(file).items()}
        chosen = [name for name in names if name in members]
        if not chosen and or_only and len(members) == 1:
            chosen = list(members)
        if not chosen:
            listed = [name[:80] for name in list(members)[:5]] + ["…"] * (len(members) > 5)
            wanted = " or ".join(map(repr, names))
            raise ValueError(f"it holds {listed or 'no arrays'}, and none named {wanted}")
        found = {}
        with zipfile.ZipFile(file) as archive:
            for name in chosen:
                with _opened(archive, members[name]) as member:
                    found[name] = _array(member, members[name].file_size)
        return found


def _regular(path: str | os.PathLike) -> BinaryIO:
    """A regular file, open for reading."""
    path = pathlib.Path(path)
    try:
        check_kind(os.stat(path).st_mode)
    except NoPlainFileError as error:
        raise ValueError(str(error)) from error
    return open(path, "rb")


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    try:
        return archive.open(info)
    except Exception as error:  # zipfile raises many types
        raise ValueError(f"it is damaged ({one_line(error)})") from error


def _array(file: BinaryIO, size: int) -> np.ndarray:
    """Reads the array in an open file of known size, from its start."""
    shape, in_columns, dtype = _header(file)
    promised, there = math.prod(shape) * dtype.itemsize, size - file.tell()
    if dtype.hasobject or not dtype.itemsize:
        raise ValueError(NO_ARRAY)
    if any(length < 0 for length in shape) or promised > there:
        raise ValueError(
            f"its header claims an array {_shown(shape)} of {dtype}, {promised:,} bytes, but it "
            f"has {there:,} bytes: it was cut short or changed"
        )
    check_size("its array", promised, size)
    if not promised:
        return np.zeros(shape, dtype)
    check_memory("a data set of its array", (1 + WHILE_HELD) * promised)
    flat = np.empty(promised, np.uint8)
    view, place = memoryview(flat), 0
    while place < promised:
        count = _read_into(file, view[place : place + AT_ONCE])
        if not count:
            raise ValueError("it ends early")
        place += count
    _read_into(file, memoryview(bytearray(1)))  # at its end, an archive compares the checksum
    return flat.view(dtype).reshape(shape, order="F" if in_columns else "C")


def _read(file: BinaryIO, count: int) -> bytes:
    buffer = bytearray(count)
    return bytes(buffer[: _read_into(file, memoryview(buffer))])


def _read_into(file: BinaryIO, view: memoryview) -> int:
    try:
        return file.readinto(view)
    except Exception as error:  # zlib and zipfile each have errors of their own
        raise ValueError(f"it is damaged ({one_line(error)})") from error


def _header(file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype]:
    """The shape, whether the order is Fortran's, and the type."""
    start = _read(file, 12)
    if len(start) < 12 or start[:6] != b"\x93NUMPY" or start[6] not in (1, 2, 3):
        raise ValueError(NO_ARRAY)
    form, place = ("<H", 10) if start[6] == 1 else ("<I", 12)
    (length,) = struct.unpack_from(form, start, 8)
    if length > LONGEST_HEADER:
        raise ValueError(
            f"its header has {length:,} bytes, but may have at most {LONGEST_HEADER:,}"
        )
    file.seek(place)
    text = _read(file, length)
    file.seek(place + length)
    if start[6] == 3:  # like version 2, but another encoding of field names, which are refused
        start = start[:6] + b"\x02" + start[7:]
    reader = np.lib.format.read_array_header_1_0
    if start[6] != 1:
        reader = np.lib.format.read_array_header_2_0
    try:
        found = reader(io.BytesIO(start[8:place] + text), max_header_size=LONGEST_HEADER)
    except Exception as error:  # the parser may raise anything
        raise ValueError(NO_ARRAY) from error
    return found


def _shown(shape: tuple) -> str:
    return shortened(repr(shape), 60)


def pair_in_file(path: str | os.PathLike) -> tuple[np.ndarray, np.ndarray]:
    """Reads the arrays `x` and `y` of a `.npz` file, or the only two in it, in their order.

    Args:
        path: The file.

    Raises:
        ValueError: As `array_in_file`, and for other numbers of arrays. The message starts with
            "it …".
        OSError: If it cannot be read.
    """
    try:
        check_kind(os.stat(path).st_mode)
    except NoPlainFileError as error:
        raise ValueError(str(error)) from error
    with open(path, "rb") as file:
        if file.read(2) != b"PK":
            raise ValueError("it is not a .npz file, which holds the arrays x and y")
        members = {name.removesuffix(".npy"): info for name, info in members_of(file).items()}
        names = ["x", "y"] if {"x", "y"} <= set(members) else list(members)
        if len(names) != 2:
            listed = [name[:80] for name in names[:5]] + ["…"] * (len(names) > 5)
            raise ValueError(f"it holds {listed or 'no arrays'}, and none named 'x' and 'y'")
        with zipfile.ZipFile(file) as archive:
            found = []
            for name in names:
                with _opened(archive, members[name]) as member:
                    found.append(_array(member, members[name].file_size))
    return tuple(found)
