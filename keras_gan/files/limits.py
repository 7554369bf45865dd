"""How large a file from outside may become, and the memory that there is for it.

A file can state any size in a few bytes: an image its width, an archive the length of its members.
What it states is read first, and compared with two limits that a user can raise, and with the
memory that this process can still have, which nobody can.
"""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import pathlib
from collections.abc import Iterator

from keras_gan.arguments import whole

EXPANSION = 10  # by which a file may grow in memory in any case: Keras and NumPy store plain bytes
WHILE_HELD = 3  # times its bytes takes an array in TensorFlow, which rounds up to powers of two
PART_OF_TEXT = 64  # of `max_bytes` is what JSON may have, of which objects take so much more


@dataclasses.dataclass(frozen=True)
class Limits:
    """What a file from outside may be in memory.

    Args:
        max_pixels: Of one image, width times height.
        max_bytes: Of one file, where that is more than ten times its size on the disk.
    """

    max_pixels: int = 64 * 2**20
    max_bytes: int = 2**30

    def of_file(self, stored: int) -> int:
        """The bytes that a file of so many stored ones may become."""
        return max(self.max_bytes, EXPANSION * stored)

    @property
    def of_text(self) -> int:
        """The bytes that a file of JSON may have."""
        return self.max_bytes // PART_OF_TEXT


_PRESENT = contextvars.ContextVar("limits")


def present() -> Limits:
    """The limits that hold now, in this thread."""
    return _PRESENT.get(Limits())


@contextlib.contextmanager
def limited(max_pixels: int | None = None, max_bytes: int | None = None) -> Iterator[Limits]:
    """A scope in which other limits hold; `None` leaves one as it is.

    Args:
        max_pixels: Of one image.
        max_bytes: Of one file in memory.

    Raises:
        ValueError: For anything but positive whole numbers.

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
    """The end of a refusal: what lifts the limit.

    >>> how_to_raise("max_bytes", 10)
    'pass max_bytes=10 (at the command line --max-bytes 10) if you trust it'
    """
    flag = f"--{name.replace('_', '-')}"
    return f"pass {name}={needed} (at the command line {flag} {needed}) if you trust it"


def check_size(what: str, size: int, stored: int) -> None:
    """Refuses what would be larger in memory than a file of its size may be.

    Args:
        what: What it is, the beginning of the message.
        size: The bytes that it states.
        stored: The bytes of the file.

    Raises:
        ValueError: See above; and if there is not the memory for it.
    """
    if size > present().of_file(stored):
        raise ValueError(
            f"{what} would take {in_words(size)} in memory, and a file of {in_words(stored)} may "
            f"take {in_words(present().of_file(stored))}: {how_to_raise('max_bytes', size)}."
        )
    check_memory(what, size)


def check_text(what: str, size: int) -> None:
    """Refuses a file of JSON that is larger than any that a program writes.

    Raises:
        ValueError: See above.
    """
    most = present().of_text
    if size > most:
        raise ValueError(
            f"{what} has {in_words(size)}, more than the {in_words(most)} that a file of JSON may "
            f"have: {how_to_raise('max_bytes', PART_OF_TEXT * size)}."
        )


def check_memory(what: str, needed: int, remedy: str = "") -> None:
    """Refuses what this process has not the memory for, before any of it is taken.

    Args:
        what: What it is, the beginning of the message.
        needed: The bytes that it takes.
        remedy: What to do, the end of the message. Defaults to more memory.

    Raises:
        ValueError: See above.
    """
    there = free_memory()
    if there is not None and needed > there:
        remedy = remedy or "free some, or take a machine with more"
        raise ValueError(
            f"{what} would take {in_words(needed)} of memory, and {in_words(max(there, 0))} are "
            f"free: {remedy.rstrip('.')}."
        )


def free_memory() -> int | None:
    """The bytes of memory that this process can still take; `None` where nothing tells."""
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
    """What the container that this process runs in leaves to it; files that are cached give way."""
    group = pathlib.Path("/sys/fs/cgroup")
    try:
        most = int((group / "memory.max").read_text())
        stated = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        used = int((group / "memory.current").read_text()) - int(stated.get("file", 0))
        return most - max(used, 0)
    except (OSError, ValueError):  # "max" is no number
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
    """A number of bytes for people.

    >>> in_words(3_900_000_000), in_words(12)
    ('3.9 GB', '12 bytes')
    """
    for power, unit in ((15, "PB"), (12, "TB"), (9, "GB"), (6, "MB"), (3, "kB")):
        if count >= 10**power:
            return f"{count / 10**power:,.3g} {unit}" if count < 10**18 else f"{count:.2g} bytes"
    return f"{count} bytes"
