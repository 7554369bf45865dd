"""Checks of a preset's files before they are parsed: names, kinds, sizes, checksums."""

import hashlib
import os
import pathlib
import re
import stat

from keras_gan.files.json_fields import deeper, value_of
from keras_gan.texts import one_line

MEGABYTE = 1_000_000
LIMITS = {  # the most bytes of each file of a preset; other files are not allowed
    "config.json": 100_000,
    "model.weights.h5": 1_000 * MEGABYTE,
    "card.json": MEGABYTE,
    "card.md": MEGABYTE,
    "samples.png": 20 * MEGABYTE,
    "checksums": 10_000,
}
BESIDE = ("README.md", ".gitattributes", ".git")  # never read: what a repository of a hub adds
NEEDED = ("config.json", "model.weights.h5", "checksums")
DEEPEST = 20  # levels of nested values in a JSON file
LINE = re.compile(r"([0-9a-f]{64})  ([^\s/\\]+)")


class UntrustedPresetError(ValueError):
    """A preset that was refused before any of its files was used.

    Args:
        message: The message for the user.
        reason: What is wrong with the preset, a part of the message. Defaults to `""`.
    """

    def __init__(self, message: str, reason: str = ""):
        super().__init__(message)
        self.reason = reason


def read(folder: str | os.PathLike, expected: str | None = None) -> dict[str, bytes]:
    """Reads the files of a preset, each once, and checks all of them.

    A preset is a folder of regular files with known names and limited sizes. `checksums` has the
    SHA-256 of every other file, in the format of `sha256sum`. The bytes that are hashed are the
    bytes that are returned. `BESIDE` may lie there, too, and is not read: people edit a model card
    on a hub, and what they write must not make the weights untrusted.

    Args:
        folder: The folder.
        expected: The SHA-256 of its `checksums`, if known. Defaults to `None`.

    Returns:
        The content of each file by its name.

    Raises:
        UntrustedPresetError: Names the file and the reason.
    """
    folder = pathlib.Path(folder)
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.name not in BESIDE)
    except OSError as error:
        raise UntrustedPresetError(
            f"There is no preset in {folder}: {error.strerror or error}."
        ) from error
    for name in names:
        if name not in LIMITS:
            raise refusal(folder, f"it holds {name[:80]!r}, which is not a file of a preset")
    for name in NEEDED:
        if name not in names:
            raise refusal(folder, f"it has no {name}")
    content = {name: bytes_of(folder, name) for name in names}
    found = hashlib.sha256(content["checksums"]).hexdigest()
    if expected is not None and found != expected:
        raise refusal(
            folder, "its checksums differ from those on record in this version of keras_gan"
        )
    sums = parsed(folder, content["checksums"])
    if set(sums) != set(names) - {"checksums"}:
        wrong = sorted(set(sums) ^ (set(names) - {"checksums"}))
        raise refusal(folder, f"its checksums and its files differ in {', '.join(wrong)[:200]}")
    for name, digest in sums.items():
        if hashlib.sha256(content[name]).hexdigest() != digest:
            raise refusal(folder, f"{name} does not have the checksum on record: it is damaged")
    return content


def bytes_of(folder: pathlib.Path, name: str) -> bytes:
    """All bytes of one file; refuses anything but a regular file within its limit."""
    path, limit = folder / name, LIMITS[name]
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags)
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise refusal(folder, f"{name} is not a regular file")
            if found.st_size > limit:
                raise refusal(folder, f"{name} is larger than the {limit:,} bytes it may have")
            with open(descriptor, "rb", closefd=False) as file:
                return file.read(found.st_size)
        finally:
            os.close(descriptor)
    except OSError as error:
        kind = "a link" if path.is_symlink() else f"not readable ({error.strerror})"
        raise refusal(folder, f"{name} is {kind}") from error


def parsed(folder: pathlib.Path, checksums: bytes) -> dict[str, str]:
    """The digests by file name."""
    sums = {}
    text = text_of(folder, "checksums", checksums)
    if not text.endswith("\n"):
        raise refusal(folder, "checksums ends within a line")
    for line in text[:-1].split("\n"):  # splitlines() would also split at other characters
        match = LINE.fullmatch(line)
        if match is None or match[2] not in LIMITS or match[2] in sums:
            raise refusal(folder, f"checksums has the invalid line {line[:100]!r}")
        sums[match[2]] = match[1]
    return sums


def object_in(folder: str | os.PathLike, name: str, content: bytes) -> dict:
    """Parses the JSON object in a file.

    Args:
        folder: The preset's folder, for the message.
        name: The file's name, for the message.
        content: Its bytes.

    Raises:
        UntrustedPresetError: If it is not a JSON object, or contains NaN, infinities, repeated
            names, numbers of thousands of digits, or values nested more than 20 deep.
    """
    text = text_of(folder, name, content)
    try:
        found = value_of(text)
    except (ValueError, RecursionError) as error:
        raise refusal(folder, f"{name} is not JSON: {error}") from error
    if deeper(found, DEEPEST):
        raise refusal(folder, f"{name} has values nested more than {DEEPEST} deep")
    if not isinstance(found, dict):
        raise refusal(folder, f"{name} holds a {type(found).__name__}, not a JSON object")
    return found


def text_of(folder: str | os.PathLike, name: str, content: bytes) -> str:
    """Decodes a file as UTF-8 text.

    Args:
        folder: The preset's folder, for the message.
        name: The file's name, for the message.
        content: Its bytes.

    Raises:
        UntrustedPresetError: If it is not UTF-8.
    """
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise refusal(folder, f"{name} is not UTF-8 text") from error


def checksums(content: dict[str, bytes]) -> bytes:
    """The file `checksums` for the other files of a preset.

    Args:
        content: The bytes of each file by name.

    Example:

    >>> len(checksums({"config.json": b"{}"}).split()[0])
    64
    """
    return "".join(
        f"{hashlib.sha256(content[name]).hexdigest()}  {name}\n" for name in sorted(content)
    ).encode()


def refusal(folder: str | os.PathLike, reason: str) -> UntrustedPresetError:
    """The error for an invalid preset; the caller raises it.

    Args:
        folder: The preset's folder.
        reason: What is wrong with it.
    """
    reason = one_line(reason)[:300].rstrip(".")
    return UntrustedPresetError(
        f"The preset in {one_line(os.fspath(folder))} was refused before any of it was used: "
        f"{reason}. Download it again from a source that you trust; if it is your own, write it "
        f"again with save_to_preset.",
        reason,
    )
