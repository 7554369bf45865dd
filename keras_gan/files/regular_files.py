"""Reads only regular files, since opening a pipe or a device may never end."""

import os
import pathlib
import stat

from keras_gan.files.limits import check_memory


class NoPlainFileError(ValueError):
    """A path that does not lead to a regular file of allowed size."""


def content_of(path: str | os.PathLike, most: int | None = None) -> bytes:
    """All bytes of a regular file.

    Args:
        path: The file, or a link to one.
        most: The most bytes that it may have. Defaults to `None`: any number.

    Raises:
        NoPlainFileError: For a folder, a named pipe, a device or a socket, and for a file that is
            too large or does not fit into memory.
        OSError: If it does not exist or cannot be read.

    Example:

    >>> content_of(os.curdir)
    Traceback (most recent call last):
    ...
    keras_gan.files.regular_files.NoPlainFileError: it is a folder, not a file
    """
    check_kind(os.stat(path).st_mode)  # a folder cannot be opened everywhere
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    with open(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        check_kind(found.st_mode)
        if most is not None and found.st_size > most:
            raise NoPlainFileError(f"it has {found.st_size:,} bytes, more than {most:,}")
        try:
            check_memory("it", found.st_size)
        except ValueError as error:
            raise NoPlainFileError(str(error).rstrip(".")) from error
        return file.read()


def check_kind(mode: int) -> None:
    """Refuses everything but regular files.

    Args:
        mode: The mode of the file, as `os.stat` returns it.

    Raises:
        NoPlainFileError: Says what it is.
    """
    if stat.S_ISREG(mode):
        return
    kinds = {
        stat.S_ISDIR: "a folder",
        stat.S_ISFIFO: "a named pipe",
        stat.S_ISSOCK: "a socket",
    }
    kind = next((name for is_kind, name in kinds.items() if is_kind(mode)), "a device")
    raise NoPlainFileError(f"it is {kind}, not a file")


def problem_of_kind(path: pathlib.Path, folder: bool = False) -> str | None:
    """Why there can be no file, or folder, at a path; `None` if there can.

    Args:
        path: The path.
        folder: Whether a folder is wanted instead of a file. Defaults to `False`.
    """
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return "it is a link to nothing" if folder and os.path.islink(path) else None
    except OSError as error:
        return f"it cannot be reached ({error.strerror})"
    if folder:
        return None if stat.S_ISDIR(mode) else "it is not a folder"
    try:
        check_kind(mode)
    except NoPlainFileError as error:
        return str(error)
    return None
