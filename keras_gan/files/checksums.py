"""Files with a checksum, which detects every changed bit."""

import hashlib
import os

from keras_gan.files.regular_files import check_kind, content_of

SEAL = b"keras_gan seal 1"


class DamagedFileError(ValueError):
    """A sealed file whose content has changed."""


def sealed(payload: bytes) -> bytes:
    """A payload followed by its seal: 16 bytes that mark the format, and the SHA-256."""
    return payload + SEAL + hashlib.sha256(payload).digest()


def unsealed(content: bytes) -> bytes:
    """The payload of a sealed file.

    Args:
        content: All bytes of the file.

    Raises:
        DamagedFileError: If they differ from what `sealed` returned.

    Example:

    >>> unsealed(sealed(b"weights"))
    b'weights'
    >>> unsealed(sealed(b"weights")[:-1])
    Traceback (most recent call last):
    ...
    keras_gan.files.checksums.DamagedFileError: it is cut off, or was never a checkpoint
    """
    payload, seal, digest = content[:-48], content[-48:-32], content[-32:]
    if seal != SEAL:
        raise DamagedFileError("it is cut off, or was never a checkpoint")
    if hashlib.sha256(payload).digest() != digest:
        raise DamagedFileError("its checksum is wrong")
    return payload


def unsealed_file(path: str | os.PathLike) -> bytes:
    """The payload of a sealed file; of another file, only the end is read.

    Args:
        path: The file.

    Raises:
        DamagedFileError: As `unsealed`.
        NoPlainFileError: If it is not a regular file.
        OSError: If it cannot be read.
    """
    if os.path.islink(path) and not os.path.exists(path):
        raise DamagedFileError("it is a link to nothing")
    check_kind(os.stat(path).st_mode)
    with open(path, "rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - 48))
        if file.read(16) != SEAL:
            raise DamagedFileError("it is cut off, or was never a checkpoint")
    return unsealed(content_of(path))
