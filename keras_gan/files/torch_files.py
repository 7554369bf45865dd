"""Arrays in files of `torch.save`, read without PyTorch and without executing what is in them."""

from __future__ import annotations

import io
import math
import os
import pathlib
import struct
import sys
from typing import Any, BinaryIO

import numpy as np

from keras_gan.files import pickles
from keras_gan.files.archives import members_of, opened_member
from keras_gan.files.limits import check_size, check_text
from keras_gan.files.regular_files import NoPlainFileError, check_kind

MAGIC = 0x1950A86A20F9469CFC6C  # the first pickle of a file of PyTorch before 1.6
TYPES = {  # of PyTorch's storages
    "FloatStorage": "f4",
    "DoubleStorage": "f8",
    "HalfStorage": "f2",
    "LongStorage": "i8",
    "IntStorage": "i4",
    "ShortStorage": "i2",
    "CharStorage": "i1",
    "ByteStorage": "u1",
    "BoolStorage": "?",
}


def arrays_in_torch_file(path: str | os.PathLike) -> dict[str, np.ndarray]:
    """The arrays of a state dictionary that `torch.save` wrote, by name.

    Both formats are read: that of PyTorch since 1.6, an archive, and the one before it.

    Args:
        path: The file.

    Raises:
        ValueError: If it holds anything but named arrays, is damaged, or is too large. The message
            starts with "it …".
        OSError: If it cannot be read.
    """
    path = pathlib.Path(path)
    try:
        check_kind(os.stat(path).st_mode)
    except NoPlainFileError as error:
        raise ValueError(str(error)) from error
    with open(path, "rb") as file:
        start = file.read(4)
        file.seek(0)
        return _of_archive(file) if start == b"PK\x03\x04" else _of_stream(file)


def _of_archive(file: BinaryIO) -> dict[str, np.ndarray]:
    members = members_of(file)
    found = [name for name in members if name == "data.pkl" or name.endswith("/data.pkl")]
    if len(found) != 1:
        raise ValueError("it is an archive, but none that torch.save writes")
    if any("/code/" in name for name in members):
        raise ValueError("it is a TorchScript program, not a state dictionary: save that of it")
    root = found[0].removesuffix("data.pkl")
    check_text("its list of arrays", members[found[0]].file_size)
    tree = pickles.read(opened_member(file, members[found[0]]))
    order = sys.byteorder
    if f"{root}byteorder" in members:
        order = opened_member(file, members[f"{root}byteorder"]).read(6).decode("ascii", "replace")
    blocks = {}

    def block(key: str, _: int, size: int) -> bytes:
        if key not in blocks:
            info = members.get(f"{root}data/{key}")
            if info is None or info.file_size < size:
                raise ValueError(f"it is damaged (its array {key} is missing or cut short)")
            blocks[key] = opened_member(file, info).read()
        return blocks[key]

    return _arrays(tree, block, "<" if order != "big" else ">")


def _of_stream(file: BinaryIO) -> dict[str, np.ndarray]:
    size = os.fstat(file.fileno()).st_size
    check_size("it", size, size)
    content = io.BytesIO(file.read())
    try:
        magic = pickles.read(content)
    except ValueError as error:
        raise ValueError("it is no file of torch.save") from error
    if magic != MAGIC:
        raise ValueError("it is no file of torch.save")
    pickles.read(content)  # the version of the protocol
    system = pickles.read(content)
    little = not isinstance(system, dict) or system.get("little_endian", True) is not False
    tree, keys = pickles.read(content), pickles.read(content)
    widths = {}
    for stored in _storages(tree):
        widths[stored[0]] = stored[1].itemsize
    blocks = {}
    for key in keys:
        head = content.read(8)
        if key not in widths or len(head) < 8:
            raise ValueError("it is damaged (its arrays are not those of its list)")
        (count,) = struct.unpack("<q" if little else ">q", head)
        promised = count * widths[key]
        if not 0 <= promised <= size - content.tell():
            raise ValueError("it is damaged (an array of it is cut short)")
        blocks[key] = content.read(promised)
    return _arrays(tree, lambda key, _, __: blocks[key], "<" if little else ">")


def _storages(tree: Any) -> list[tuple[str, np.dtype]]:
    """The key and type of the numbers of every array."""
    return [_storage(call)[:2] for call in _calls(tree).values()]


def _calls(tree: Any) -> dict[str, pickles.Call]:
    """The calls that would make the arrays, by name."""
    is_ordered = isinstance(tree, pickles.Call) and _text(tree.function) == (
        "collections.OrderedDict"
    )
    pairs = tree.items if is_ordered else tree
    if not isinstance(pairs, dict):
        raise ValueError("it holds no dictionary of arrays")
    if "state_dict" in pairs and len(pairs) == 1:
        return _calls(pairs["state_dict"])
    found = {}
    for name, value in pairs.items():
        if isinstance(value, pickles.Call) and _text(value.function).endswith("_rebuild_parameter"):
            value = value.arguments[0]
        is_tensor = isinstance(value, pickles.Call) and _text(value.function) == (
            "torch._utils._rebuild_tensor_v2"
        )
        if not isinstance(name, str) or not is_tensor or len(value.arguments) < 4:
            raise ValueError(f"it holds, as {str(name)[:60]!r}, something that is no array")
        found[name] = value
    return found


def _text(function: Any) -> str:
    return function.text if isinstance(function, pickles.Name) else ""


def _storage(call: pickles.Call) -> tuple[str, np.dtype, int]:
    """The key of the numbers of an array, their type and how many there are."""
    stored = call.arguments[0]
    parts = stored.key if isinstance(stored, pickles.Stored) else ()
    if not isinstance(parts, tuple) or len(parts) < 5 or parts[0] != "storage":
        raise ValueError("it is damaged (an array of it has no numbers)")
    kind = _text(parts[1]).removeprefix("torch.")
    if kind not in TYPES:
        raise ValueError(f"it has numbers of the type {kind[:40]!r}, which are not read")
    if not isinstance(parts[2], str) or type(parts[4]) is not int or parts[4] < 0:
        raise ValueError("it is damaged (an array of it has no numbers)")
    return parts[2], np.dtype(TYPES[kind]), parts[4]


def _arrays(tree: Any, block, order: str) -> dict[str, np.ndarray]:
    return {name: _array(call, block, order) for name, call in _calls(tree).items()}


def _array(call: pickles.Call, block, order: str) -> np.ndarray:
    key, dtype, count = _storage(call)
    offset, shape, strides = call.arguments[1:4]
    whole = [offset, *shape, *strides]
    if any(type(each) is not int or each < 0 for each in whole) or len(shape) != len(strides):
        raise ValueError("it is damaged (an array of it has no shape)")
    last = offset + sum((n - 1) * step for n, step in zip(shape, strides, strict=True))
    numbers = np.frombuffer(block(key, count, count * dtype.itemsize), dtype.newbyteorder(order))
    if (math.prod(shape) and last >= len(numbers)) or math.prod(shape) > max(1, len(numbers)):
        raise ValueError("it is damaged (an array of it is larger than its numbers)")
    if not math.prod(shape):
        return np.zeros(shape, dtype)
    steps = [step * dtype.itemsize for step in strides]
    view = np.lib.stride_tricks.as_strided(numbers[offset:], shape, steps, writeable=False)
    return np.array(view, dtype, order="C")
