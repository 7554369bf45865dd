"""Checks of a zip archive's directory, before any member is unpacked."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from typing import BinaryIO

from keras_gan.files.limits import check_size, check_text
from keras_gan.texts import one_line

END, END_64 = b"PK\x05\x06", b"PK\x06\x06"
TAIL = 2**16 + 22 + 20 + 56  # the most bytes at the end of an archive, after its directory
PLAIN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # only these unpack in bounded pieces


def members_of(file: BinaryIO, together: bool = True) -> dict[str, zipfile.ZipInfo]:
    """The members of an archive by name; refuses an archive that is not safe to unpack.

    Args:
        file: The archive, open for reading; its position is restored.
        together: Whether all members will be in memory at once. Defaults to `True`.

    Raises:
        ValueError: If it is not an archive, if a member is encrypted, repeated or compressed by an
            unsupported method, or if the content exceeds both `max_bytes` and ten times its size.
    """
    size = os.fstat(file.fileno()).st_size
    check_text("its list of members", _size_of_directory(file, size))
    try:
        with zipfile.ZipFile(file) as archive:
            listed = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, struct.error) as error:
        raise ValueError(
            f"it is damaged ({one_line(error).rstrip('.') or 'it ends early'})"
        ) from error
    finally:
        file.seek(0)
    found = {}
    for info in listed:
        name = f"{one_line(info.filename[:80])} in it"
        if info.flag_bits & 1:
            raise ValueError(f"{name} is encrypted: unpack it and pack it again without a password")
        if info.compress_type not in PLAIN:
            raise ValueError(
                f"{name} is compressed by method {info.compress_type}, but only 0 (stored) and 8 "
                f"(deflated) are supported: pack it again"
            )
        if info.filename in found:
            raise ValueError(f"it is damaged ({name} occurs twice)")
        check_size(name, info.file_size, min(info.compress_size, size))
        found[info.filename] = info
    if together:
        check_size("what is in it", sum(info.file_size for info in listed), size)
    return found


def _size_of_directory(file: BinaryIO, size: int) -> int:
    """The bytes of the directory, which `zipfile` reads at once; 0 without one."""
    file.seek(max(0, size - TAIL))
    tail = file.read(TAIL)
    file.seek(0)
    place, long = tail.rfind(END), tail.rfind(END_64)
    if place < 0 or len(tail) < place + 22:
        return 0
    (stated,) = struct.unpack_from("<I", tail, place + 12)
    if stated == 0xFFFFFFFF and 0 <= long <= len(tail) - 56:
        (stated,) = struct.unpack_from("<Q", tail, long + 40)
    return min(stated, size)


def opened_member(file: BinaryIO, info: zipfile.ZipInfo) -> BinaryIO:
    """A member as a file with fast random access.

    Args:
        file: The archive, open for reading.
        info: The member, from `members_of`.

    Raises:
        ValueError: If it cannot be unpacked.
    """
    try:
        with zipfile.ZipFile(file) as archive, archive.open(info) as member:
            if info.compress_type == zipfile.ZIP_STORED:
                file.seek(info.header_offset)
                names, extra = struct.unpack("<26xHH", file.read(30))
                start = info.header_offset + 30 + names + extra
                return io.BufferedReader(_Window(file, start, info.file_size))
            return io.BytesIO(member.read())
    except Exception as error:  # zlib, zipfile and struct have their own errors
        raise ValueError(
            f"{one_line(info.filename[:80])} in it is damaged ({one_line(error)})"
        ) from error


class _Window(io.RawIOBase):
    """A part of a file as a file; to seek back, `zipfile` itself would read from the start."""

    def __init__(self, file: BinaryIO, start: int, size: int):
        self.file, self.start, self.size, self.place = file, start, size, 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self.place

    def seek(self, offset, whence=io.SEEK_SET):
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.size}[whence]
        self.place = max(0, base + offset)
        return self.place

    def readinto(self, buffer):
        self.file.seek(self.start + self.place)
        content = self.file.read(max(0, min(len(buffer), self.size - self.place)))
        buffer[: len(content)] = content
        self.place += len(content)
        return len(content)
