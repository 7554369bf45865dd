"""A safe reader for the part of HDF5 in which Keras stores weights.

The HDF5 library was not made for hostile files: a few kilobytes can keep it busy, exhaust memory or
crash the process. This reader accepts only what h5py writes by default: groups in symbol tables,
and contiguous arrays of numbers. Everything else is an error. It follows each address at most once
and counts all steps, so that it always ends.

Reference: The HDF Group, HDF5 File Format Specification, version 3.0.
"""

import dataclasses
import math
import struct
from collections.abc import Iterator

import h5py
import numpy as np

SIGNATURE = b"\x89HDF\r\n\x1a\n"
BEGINNING = SIGNATURE + bytes((0, 0, 0, 0, 0, 8, 8, 0))  # versions, and eight-byte numbers
NUMBERS = ("<f2", "<f4", "<f8", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8")
DTYPES = {  # by the message for the type, padded to words of eight bytes
    message + bytes(-len(message) % 8): np.dtype(name)
    for name, message in (
        (name, h5py.h5t.py_create(np.dtype(name)).encode()[2:]) for name in NUMBERS
    )
}
EMPTY, DATASPACE, DATATYPE, OLD_FILL, FILL, LAYOUT = 0, 1, 3, 4, 5, 8
ATTRIBUTE, CONTINUATION, SYMBOL_TABLE, MODIFIED = 0x0C, 0x10, 0x11, 0x12
OF_GROUPS = {EMPTY, ATTRIBUTE, CONTINUATION, SYMBOL_TABLE, MODIFIED}
OF_ARRAYS = {EMPTY, DATASPACE, DATATYPE, OLD_FILL, FILL, LAYOUT, CONTINUATION, MODIFIED}
MOST_STEPS = 200_000  # an array takes about 20: twice the arrays that a network may have
DEEPEST = 50
LONGEST_NAME = 255


class NotPlainError(Exception):
    """Something in an HDF5 file that Keras does not write."""


@dataclasses.dataclass(frozen=True)
class Stored:
    """An array in a file, whose numbers have not been read yet.

    Args:
        shape: Its shape.
        dtype: The type of its numbers.
        start: The position in the file where they start.
    """

    shape: tuple[int, ...]
    dtype: np.dtype
    start: int

    @property
    def size(self) -> int:
        """The bytes of its numbers."""
        return math.prod(self.shape) * self.dtype.itemsize

    def numbers(self, content: bytes) -> np.ndarray:
        """The array itself, a view of the file's bytes."""
        count = math.prod(self.shape)
        return np.frombuffer(content, self.dtype, count, self.start).reshape(self.shape)


def arrays_in(content: bytes) -> dict[str, Stored]:
    """The arrays of an HDF5 file by their paths.

    Args:
        content: The bytes of the file.

    Raises:
        NotPlainError: If it holds anything but groups and plain arrays.

    Example:

    >>> import io
    >>> with h5py.File(file := io.BytesIO(), "w") as opened:
    ...     opened["layers/0"] = np.eye(2, dtype="float32")
    >>> arrays_in(file.getvalue())["/layers/0"].shape
    (2, 2)
    """
    if not content.startswith(BEGINNING):
        raise NotPlainError("is not an HDF5 file as Keras writes it")
    return Reader(content).arrays()


class Reader:
    """A walk through one file.

    Args:
        content: The bytes of the file.
    """

    def __init__(self, content: bytes):
        self.content = content
        self.seen: set[int] = set()
        self.steps = 0
        self.found: dict[str, Stored] = {}

    def arrays(self) -> dict[str, Stored]:
        """All arrays by their paths."""
        base, _, end, _, _, root = self.unpack("<6Q", 24)
        if base != 0 or end != len(self.content):
            raise NotPlainError("does not have the length that it claims")
        self.walk(root, "", 0)
        return self.found

    def walk(self, address: int, path: str, depth: int) -> None:
        """Adds the array at an address, or all arrays of the group at that address."""
        if depth > DEEPEST:
            raise NotPlainError("has deeper nested groups than any network")
        messages = self.messages(address)
        kinds = [kind for kind, _, _ in messages]
        if kinds.count(SYMBOL_TABLE) == 1 and OF_GROUPS.issuperset(kinds):
            table = next(start for kind, start, _ in messages if kind == SYMBOL_TABLE)
            for name, member in self.members(*self.unpack("<QQ", table)).items():
                self.walk(member, f"{path}/{name}", depth + 1)
        elif OF_ARRAYS.issuperset(kinds) and all(
            kinds.count(kind) == 1 for kind in (DATASPACE, DATATYPE, LAYOUT)
        ):
            parts = {kind: (start, size) for kind, start, size in messages}
            self.found[path] = self.array(
                path, parts[DATASPACE][0], parts[DATATYPE], parts[LAYOUT][0]
            )
        else:
            raise NotPlainError(f"holds {path[:100]!r}, which is neither a group nor a plain array")

    def messages(self, address: int) -> list[tuple[int, int, int]]:
        """Kind, start and size of each message in the header of an object."""
        self.visit(address)
        version, _, _, _, length = self.unpack("<BBHII", address)
        if version != 1:
            raise NotPlainError("has an object of another version of HDF5")
        found, blocks = [], [(address + 16, length)]
        for start, length in blocks:  # a continuation adds another block
            end = start + length
            while start + 8 <= end:
                kind, size, flags = self.unpack("<HHB", start)
                if flags & 2 or start + 8 + size > end:  # shared with another object, or cut off
                    raise NotPlainError("has an object whose description is shared or cut off")
                if kind == CONTINUATION:
                    blocks.append(self.unpack("<QQ", start + 8))
                    self.visit(blocks[-1][0])
                found.append((kind, start + 8, size))
                start += 8 + size
                self.step()
        return found

    def members(self, tree: int, heap: int) -> dict[str, int]:
        """The addresses of a group's members by name."""
        mark, version, _, size, _, names = self.unpack("<4sB3sQQQ", heap)
        if mark != b"HEAP" or version != 0 or names + size > len(self.content):
            raise NotPlainError("has a group without names")
        found = {}
        for start in self.entries(tree, None):
            offset, member, cached = self.unpack("<QQI", start)
            if cached > 1:
                raise NotPlainError("holds a link")
            first, last = names + offset, names + min(offset + LONGEST_NAME + 1, size)
            end = self.content.find(b"\0", first, last)
            name = self.content[first:end].decode(errors="replace") if end > 0 else ""
            if not name or "/" in name or name in found:
                raise NotPlainError(f"has a member with the name {name!r}")
            found[name] = member
            self.step()
        return found

    def entries(self, address: int, parent: int | None) -> Iterator[int]:
        """The positions of a group's entries below a node of its tree."""
        self.visit(address)
        mark, kind, level, count = self.unpack("<4sBBH", address)
        if mark == b"SNOD" and kind == 1 and parent == 0:
            yield from range(address + 8, address + 8 + 40 * count, 40)
        elif mark == b"TREE" and kind == 0 and (parent is None or level == parent - 1):
            for place in range(address + 32, address + 32 + 16 * count, 16):
                yield from self.entries(*self.unpack("<Q", place), level)
        else:
            raise NotPlainError("has a group whose members cannot be found")

    def array(self, path: str, space: int, dtype: tuple[int, int], layout: int) -> Stored:
        """The array that these messages describe."""
        version, rank, _ = self.unpack("<BBB", space)
        number_type = DTYPES.get(self.content[dtype[0] : sum(dtype)])
        layout_version, kind, start, stored = self.unpack("<BBQQ", layout)
        if (version, layout_version, kind) != (1, 3, 1) or number_type is None or rank > 32:
            raise NotPlainError(f"holds {path[:100]!r}, which is not a plain array of numbers")
        shape = self.unpack(f"<{rank}Q", space + 8)
        array = Stored(shape, number_type, start)
        if array.size != stored or start + stored > len(self.content):
            raise NotPlainError(f"holds {path[:100]!r}, whose numbers are not in the file")
        return array

    def visit(self, address: int) -> None:
        """Marks an address as visited; refuses a second visit."""
        if address in self.seen:
            raise NotPlainError("holds an object twice")
        self.seen.add(address)
        self.step()

    def step(self) -> None:
        """Counts a step; refuses more than any network needs."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise NotPlainError("holds more than any network has")

    def unpack(self, form: str, start: int) -> tuple:
        """The numbers at a place in the file."""
        if start + struct.calcsize(form) > len(self.content):
            raise NotPlainError("ends too early")
        return struct.unpack_from(form, self.content, start)
