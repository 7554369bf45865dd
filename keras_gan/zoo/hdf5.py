"""A reader of the part of HDF5 in which Keras stores weights, which trusts no byte of it.

The HDF5 library was not made for hostile files: bytes of a few kilobytes can keep it busy, take its
memory or crash the process. What is read here is all that h5py writes by default: groups in symbol
tables, and arrays of numbers in one piece. Everything else is an error, each address is followed
once at most, and all steps are counted, so that nothing is endless.

Reference: The HDF Group, HDF5 File Format Specification, version 3.0.
"""

import dataclasses
import math
import struct
from collections.abc import Iterator

import h5py
import numpy as np

SIGNATURE = b"\x89HDF\r\n\x1a\n"
BEGINNING = SIGNATURE + bytes((0, 0, 0, 0, 0, 8, 8, 0))  # versions, and numbers of eight bytes
NUMBERS = ("<f2", "<f4", "<f8", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8")
DTYPES = {  # by the message that stands for them, which fills words of eight bytes
    message + bytes(-len(message) % 8): np.dtype(name)
    for name, message in (
        (name, h5py.h5t.py_create(np.dtype(name)).encode()[2:]) for name in NUMBERS
    )
}
EMPTY, DATASPACE, DATATYPE, OLD_FILL, FILL, LAYOUT = 0, 1, 3, 4, 5, 8
ATTRIBUTE, CONTINUATION, SYMBOL_TABLE, MODIFIED = 0x0C, 0x10, 0x11, 0x12
OF_GROUPS = {EMPTY, ATTRIBUTE, CONTINUATION, SYMBOL_TABLE, MODIFIED}
OF_ARRAYS = {EMPTY, DATASPACE, DATATYPE, OLD_FILL, FILL, LAYOUT, CONTINUATION, MODIFIED}
MOST_STEPS = 200_000  # of which an array takes some 20: twice the arrays that a network may have
DEEPEST = 50
LONGEST_NAME = 255


class NotPlainError(Exception):
    """Something in an HDF5 file that Keras does not write."""


@dataclasses.dataclass(frozen=True)
class Stored:
    """An array in a file, whose numbers were not looked at yet.

    Args:
        shape: Its shape.
        dtype: The type of its numbers.
        start: Where they start in the file.
    """

    shape: tuple[int, ...]
    dtype: np.dtype
    start: int

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return math.prod(self.shape) * self.dtype.itemsize

    def numbers(self, content: bytes) -> np.ndarray:
        """The array itself, a view of the file."""
        count = math.prod(self.shape)
        return np.frombuffer(content, self.dtype, count, self.start).reshape(self.shape)


def arrays_in(content: bytes) -> dict[str, Stored]:
    """The arrays of an HDF5 file by their paths, if it holds groups, plain arrays and nothing else.

    Args:
        content: The bytes of the file.

    Raises:
        NotPlainError: For anything else.

    Example:

    >>> import io
    >>> with h5py.File(file := io.BytesIO(), "w") as opened:
    ...     opened["layers/0"] = np.eye(2, dtype="float32")
    >>> arrays_in(file.getvalue())["/layers/0"].shape
    (2, 2)
    """
    if not content.startswith(BEGINNING):
        raise NotPlainError("is no HDF5 file as Keras writes it")
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
            raise NotPlainError("does not have the length that it states")
        self.walk(root, "", 0)
        return self.found

    def walk(self, address: int, path: str, depth: int) -> None:
        """Notes the array at an address, or all those of the group there."""
        if depth > DEEPEST:
            raise NotPlainError("has groups in groups deeper than any network")
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
            raise NotPlainError(f"holds {path[:100]!r}, which is no group and no plain array")

    def messages(self, address: int) -> list[tuple[int, int, int]]:
        """Kind, start and size of each message in the header of an object."""
        self.visit(address)
        version, _, _, _, length = self.unpack("<BBHII", address)
        if version != 1:
            raise NotPlainError("has an object of another version of HDF5")
        found, blocks = [], [(address + 16, length)]
        for start, length in blocks:  # to which a continuation adds another
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
                raise NotPlainError(f"has a member of the name {name!r}")
            found[name] = member
            self.step()
        return found

    def entries(self, address: int, parent: int | None) -> Iterator[int]:
        """Where the entries of a group start, below a node of its tree of that level."""
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
        """The array of these messages."""
        version, rank, _ = self.unpack("<BBB", space)
        number_type = DTYPES.get(self.content[dtype[0] : sum(dtype)])
        layout_version, kind, start, stored = self.unpack("<BBQQ", layout)
        if (version, layout_version, kind) != (1, 3, 1) or number_type is None or rank > 32:
            raise NotPlainError(f"holds {path[:100]!r}, which is no plain array of numbers")
        shape = self.unpack(f"<{rank}Q", space + 8)
        array = Stored(shape, number_type, start)
        if array.size != stored or start + stored > len(self.content):
            raise NotPlainError(f"holds {path[:100]!r}, whose numbers are not in the file")
        return array

    def visit(self, address: int) -> None:
        """Notes an address, which is followed once."""
        if address in self.seen:
            raise NotPlainError("holds an object twice")
        self.seen.add(address)
        self.step()

    def step(self) -> None:
        """Counts a step, of which a file has so many."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise NotPlainError("holds more than any network has")

    def unpack(self, form: str, start: int) -> tuple:
        """The numbers at a place in the file."""
        if start + struct.calcsize(form) > len(self.content):
            raise NotPlainError("ends before all of it is there")
        return struct.unpack_from(form, self.content, start)
