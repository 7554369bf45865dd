"""Limits for files from outside: their size in memory, and the memory that is free.

A file can claim any size in a few bytes: an image its width, an archive the length of its members.
The claimed size is read first and compared with two limits, which a user can raise, and with the
memory that this process can still take.
"""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import pathlib
from collections.abc import Iterator

from keras_gan.arguments import whole

EXPANSION = 10  # a file may always grow by this factor: Keras and NumPy store plain bytes
WHILE_HELD = 3  # an array's memory in TensorFlow, in units of its bytes: sizes are rounded up
PART_OF_TEXT = 64  # JSON may have max_bytes / 64, since Python objects take much more memory


@dataclasses.dataclass(frozen=True)
class Limits:
    """How large a file from outside may be in memory.

    Args:
        max_pixels: The most pixels of one image, width times height. Defaults to 64 Mi.
        max_bytes: The most bytes of one file; ten times its size on disk is always allowed.
            Defaults to 1 GiB.
    """

    max_pixels: int = 64 * 2**20
    max_bytes: int = 2**30

    def of_file(self, stored: int) -> int:
        """The most bytes that a file may take in memory.

        Args:
            stored: Its size on disk, in bytes.
        """
        return max(self.max_bytes, EXPANSION * stored)

    @property
    def of_text(self) -> int:
        """The most bytes that a JSON file may have."""
        return self.max_bytes // PART_OF_TEXT


_PRESENT = contextvars.ContextVar("limits")


def present() -> Limits:
    """The limits that apply in this thread."""
    return _PRESENT.get(Limits())


@contextlib.contextmanager
def limited(max_pixels: int | None = None, max_bytes: int | None = None) -> Iterator[Limits]:
    """A scope with other limits.

    Args:
        max_pixels: The most pixels of one image; `None` keeps the present limit.
        max_bytes: The most bytes of one file in memory; `None` keeps the present limit.

    Raises:
        ValueError: For anything but positive integers.

    Example:

    >>> with limited(max_pixels=10) as limits:
    ...     limits.max_pixels, limits.max_bytes
    (10, 1073741824)
    """
    given = {"max_pixels": max_pixels, "max_bytes": max_bytes}
    changes = {name: whole(name, value) for name, value in given.items() if value is not None}
    token = _PRESENT.set(dataclasses.replace(present(), **changes))
    try:
        yield present()
    finally:
        _PRESENT.reset(token)


def how_to_raise(name: str, needed: int) -> str:
    """The end of an error message: how to raise the limit.

    Args:
        name: `"max_pixels"` or `"max_bytes"`.
        needed: The value that would suffice.

    >>> how_to_raise("max_bytes", 10)
    'pass max_bytes=10 (at the command line --max-bytes 10) if you trust it'
    """
    flag = f"--{name.replace('_', '-')}"
    return f"pass {name}={needed} (at the command line {flag} {needed}) if you trust it"


def check_size(what: str, size: int, stored: int) -> None:
    """Refuses content that would take more memory than a file of its size may.

    Args:
        what: What it is, the start of the message.
        size: The bytes in memory that the file claims.
        stored: The bytes of the file.

    Raises:
        ValueError: If it exceeds the limit or the free memory.
    """
    if size > present().of_file(stored):
        raise ValueError(
            f"{what} would take {in_words(size)} in memory, but a file of {in_words(stored)} may "
            f"take only {in_words(present().of_file(stored))}: {how_to_raise('max_bytes', size)}."
        )
    check_memory(what, size)


def check_text(what: str, size: int) -> None:
    """Refuses a JSON file that is larger than any that a program writes.

    Args:
        what: What it is, the start of the message.
        size: Its bytes.

    Raises:
        ValueError: If it exceeds the limit.
    """
    most = present().of_text
    if size > most:
        raise ValueError(
            f"{what} has {in_words(size)}, but a JSON file may have only {in_words(most)}: "
            f"{how_to_raise('max_bytes', PART_OF_TEXT * size)}."
        )


def check_memory(what: str, needed: int, remedy: str = "") -> None:
    """Refuses what would not fit into free memory, before any memory is taken.

    Args:
        what: What it is, the start of the message.
        needed: The bytes that it takes.
        remedy: What to do, the end of the message. Defaults to more memory.

    Raises:
        ValueError: If it exceeds the free memory.
    """
    there = free_memory()
    if there is not None and needed > there:
        remedy = remedy or "free some, or use a machine with more"
        raise ValueError(
            f"{what} would take {in_words(needed)} of memory, but only {in_words(max(there, 0))} "
            f"are free: {remedy.rstrip('.')}."
        )


def free_memory() -> int | None:
    """The bytes of memory that this process can still take; `None` if unknown."""
    found = [_free_on_machine(), _free_in_group(), _free_of_addresses()]
    return min((each for each in found if each is not None), default=None)


def _free_on_machine() -> int | None:
    try:
        lines = pathlib.Path("/proc/meminfo").read_text().splitlines()
        stated = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if ":" in line}
        return stated["MemAvailable"] + stated.get("SwapFree", 0)
    except (OSError, KeyError, ValueError, IndexError):
        return None


def _free_in_group() -> int | None:
    """The bytes that this process's container can still take; cached files do not count as used."""
    group = pathlib.Path("/sys/fs/cgroup")
    try:
        most = int((group / "memory.max").read_text())
        stated = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        used = int((group / "memory.current").read_text()) - int(stated.get("file", 0))
        return most - max(used, 0)
    except (OSError, ValueError):  # "max" is not a number
        return None


def _free_of_addresses() -> int | None:
    try:
        import resource

        most = resource.getrlimit(resource.RLIMIT_AS)[0]
        if most == resource.RLIM_INFINITY:
            return None
        pages = int(pathlib.Path("/proc/self/statm").read_text().split()[0])
        return most - pages * resource.getpagesize()
    except (ImportError, OSError, ValueError):
        return None


def in_words(count: int) -> str:
    """A number of bytes with a unit.

    >>> in_words(3_900_000_000), in_words(12)
    ('3.9 GB', '12 bytes')
    """
    if count >= 10**18:
        return "more than 1,000 PB"
    for power, unit in ((15, "PB"), (12, "TB"), (9, "GB"), (6, "MB"), (3, "kB")):
        if count >= 10**power:
            return f"{count / 10**power:,.3g} {unit}"
    return f"{count} bytes"
