"""What is looked at before a preset's files are parsed: names, kinds, sizes, checksums."""

import hashlib
import os
import pathlib
import re
import stat

from keras_gan.files.json_fields import deeper, value_of
from keras_gan.texts import one_line

MEGABYTE = 1_000_000
LIMITS = {  # bytes of each file of a preset, and there are no others
    "config.json": 100_000,
    "model.weights.h5": 1_000 * MEGABYTE,
    "card.json": MEGABYTE,
    "card.md": MEGABYTE,
    "samples.png": 20 * MEGABYTE,
    "checksums": 10_000,
}
NEEDED = ("config.json", "model.weights.h5", "checksums")
DEEPEST = 20  # of values in values in a JSON file
LINE = re.compile(r"([0-9a-f]{64})  ([^\s/\\]+)")


class UntrustedPresetError(ValueError):
    """A preset that was refused before anything was made of its files.

    Args:
        message: What a user reads.
        reason: What is wrong with the preset, the middle of the message.
    """

    def __init__(self, message: str, reason: str = ""):
        super().__init__(message)
        self.reason = reason


def read(folder: str | os.PathLike, expected: str | None = None) -> dict[str, bytes]:
    """The files of a preset, each read once, once all of them are known to be what they should be.

    A preset is a folder of plain files of known names and limited sizes; `checksums` has the
    SHA-256 of each of the others, in the format of `sha256sum`. What is hashed are the very bytes
    that are returned.

    Args:
        folder: The folder.
        expected: The SHA-256 of its `checksums`, where that is known from elsewhere.

    Returns:
        The content of each file by its name.

    Raises:
        UntrustedPresetError: For anything else, with the file and the reason.
    """
    folder = pathlib.Path(folder)
    try:
        names = sorted(entry.name for entry in os.scandir(folder))
    except OSError as error:
        raise UntrustedPresetError(
            f"There is no preset in {folder}: {error.strerror or error}."
        ) from error
    for name in names:
        if name not in LIMITS:
            raise refusal(folder, f"it holds {name[:80]!r}, which is no file of a preset")
    for name in NEEDED:
        if name not in names:
            raise refusal(folder, f"it has no {name}")
    content = {name: bytes_of(folder, name) for name in names}
    found = hashlib.sha256(content["checksums"]).hexdigest()
    if expected is not None and found != expected:
        raise refusal(
            folder, "its checksums are not those that this version of keras_gan has on record"
        )
    sums = parsed(folder, content["checksums"])
    if set(sums) != set(names) - {"checksums"}:
        wrong = sorted(set(sums) ^ (set(names) - {"checksums"}))
        raise refusal(folder, f"its checksums and its files differ in {', '.join(wrong)[:200]}")
    for name, digest in sums.items():
        if hashlib.sha256(content[name]).hexdigest() != digest:
            raise refusal(folder, f"{name} has not the checksum on record, so it is damaged")
    return content


def bytes_of(folder: pathlib.Path, name: str) -> bytes:
    """All bytes of one file, which is a plain one of at most its limit."""
    path, limit = folder / name, LIMITS[name]
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise refusal(folder, f"{name} is no plain file")
            if found.st_size > limit:
                raise refusal(folder, f"{name} is larger than the {limit:,} bytes it may have")
            with open(descriptor, "rb", closefd=False) as file:
                return file.read(found.st_size)
        finally:
            os.close(descriptor)
    except OSError as error:
        kind = "a link" if path.is_symlink() else f"not to be read ({error.strerror})"
        raise refusal(folder, f"{name} is {kind}") from error


def parsed(folder: pathlib.Path, checksums: bytes) -> dict[str, str]:
    """The digests by file name."""
    sums = {}
    text = text_of(folder, "checksums", checksums)
    if not text.endswith("\n"):
        raise refusal(folder, "checksums ends within a line")
    for line in text[:-1].split("\n"):  # splitlines() would take other characters for ends, too
        match = LINE.fullmatch(line)
        if match is None or match[2] not in LIMITS or match[2] in sums:
            raise refusal(folder, f"checksums has the line {line[:100]!r}")
        sums[match[2]] = match[1]
    return sums


def object_in(folder: str | os.PathLike, name: str, content: bytes) -> dict:
    """The JSON object in a file.

    Args:
        folder: The preset's folder, for the message.
        name: The file's name, for the message.
        content: Its bytes.

    Raises:
        UntrustedPresetError: If it is no JSON object, or JSON with NaN, infinities, names that come
            twice, numbers of thousands of digits or values in values more than 20 deep.
    """
    text = text_of(folder, name, content)
    try:
        found = value_of(text)
    except (ValueError, RecursionError) as error:
        raise refusal(folder, f"{name} is no JSON: {error}") from error
    if deeper(found, DEEPEST):
        raise refusal(folder, f"{name} has values in values more than {DEEPEST} deep")
    if not isinstance(found, dict):
        raise refusal(folder, f"{name} holds a {type(found).__name__}, no JSON object")
    return found


def text_of(folder: str | os.PathLike, name: str, content: bytes) -> str:
    """A file as UTF-8 text.

    Raises:
        UntrustedPresetError: If it is none.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise refusal(folder, f"{name} is no UTF-8 text") from error


def checksums(content: dict[str, bytes]) -> bytes:
    """The file `checksums` of a preset with these other files.

    Args:
        content: The bytes of each by name.

    Example:

    >>> len(checksums({"config.json": b"{}"}).split()[0])
    64
    """
    return "".join(
        f"{hashlib.sha256(content[name]).hexdigest()}  {name}\n" for name in sorted(content)
    ).encode()


def refusal(folder: str | os.PathLike, reason: str) -> UntrustedPresetError:
    """The error for a preset that is not what it should be; the caller raises it."""
    reason = one_line(reason)[:300].rstrip(".")
    return UntrustedPresetError(
        f"The preset in {one_line(os.fspath(folder))} was refused and nothing in it was used: "
        f"{reason}. Fetch it again from somebody you trust; if it is your own, write it again with "
        f"save_to_preset.",
        reason,
    )
