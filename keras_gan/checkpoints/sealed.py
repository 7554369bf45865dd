"""Files that appear whole or not at all, and that notice when a bit of them has changed."""

import contextlib
import hashlib
import json
import os
import pathlib

SEAL = b"keras_gan seal 1"
PARTIAL = ".partial"


class DamagedFileError(ValueError):
    """A sealed file whose content is not what was written."""


def write_atomically(path: str | os.PathLike, content: bytes) -> None:
    """Writes a file so that a reader finds the old content or the new one, whatever happens.

    The content goes to a temporary name beside it, is flushed to the disk, and is renamed; then the
    folder is flushed too. After a crash `<name>.partial` may lie about, which nobody reads.

    Args:
        path: The file; its folder is there.
        content: All of it.

    Raises:
        OSError: Where the disk is full or refuses, with the file's earlier content untouched.

    Example:

    >>> import tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "notes.txt"
    >>> write_atomically(path, b"whole")
    >>> path.read_bytes()
    b'whole'
    """
    path = pathlib.Path(path)
    partial = path.with_name(path.name + PARTIAL)
    try:
        with open(partial, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
        sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise OSError(
            error.errno,
            f"{path} could not be written ({error.strerror}; it needs {len(content) / 1e6:.3g} "
            f"MB): make room and run again. What was written before is intact",
        ) from error


def write_json(path: str | os.PathLike, content: dict) -> None:
    """Writes a JSON file that people can read, whole or not at all.

    Args:
        path: The file; its folder is there.
        content: What it will hold.

    Raises:
        OSError: As `write_atomically`.
    """
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    write_atomically(path, text.encode())


def sync_folder(folder: pathlib.Path) -> None:
    """Makes sure that a folder's names are on the disk, where the system can do that."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sealed(payload: bytes) -> bytes:
    """A payload followed by its seal: 16 bytes that say what it is, and its SHA-256."""
    return payload + SEAL + hashlib.sha256(payload).digest()


def unsealed(content: bytes) -> bytes:
    """The payload of a sealed file.

    Args:
        content: All bytes of the file.

    Raises:
        DamagedFileError: If they are not what `sealed` returned.

    Example:

    >>> unsealed(sealed(b"weights"))
    b'weights'
    >>> unsealed(sealed(b"weights")[:-1])
    Traceback (most recent call last):
    ...
    keras_gan.checkpoints.sealed.DamagedFileError: it is cut off, or was never a checkpoint
    """
    payload, seal, digest = content[:-48], content[-48:-32], content[-32:]
    if seal != SEAL:
        raise DamagedFileError("it is cut off, or was never a checkpoint")
    if hashlib.sha256(payload).digest() != digest:
        raise DamagedFileError("its checksum is wrong")
    return payload
