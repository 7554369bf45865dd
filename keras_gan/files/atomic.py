"""Atomic writes: files that are written completely or not at all."""

import contextlib
import errno
import itertools
import json
import os
import pathlib
import re
import secrets
from collections.abc import Iterator

from keras_gan.files.lock_record import is_alive

PARTIAL = ".partial"
TOKEN = secrets.token_hex(4)  # distinguishes this program from a later one with its number
COUNT = itertools.count()


def write_atomically(path: str | os.PathLike, content: bytes) -> None:
    """Writes a file so that a reader always finds the old or the new content.

    The content goes to a unique temporary file in the same folder, is flushed to the disk, and is
    renamed; then the folder is flushed, too. After a crash a file `<name>.….partial` may remain,
    which nobody reads.

    Args:
        path: The file, in an existing folder.
        content: The whole content.

    Raises:
        OSError: If the disk is full or not writable; the earlier content remains.

    Example:

    >>> import tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "notes.txt"
    >>> write_atomically(path, b"whole")
    >>> path.read_bytes()
    b'whole'
    """
    path = pathlib.Path(path)
    write_together(path.parent, {path.name: content})


def write_together(folder: str | os.PathLike, content: dict[str, bytes]) -> None:
    """Writes several files of a folder as `write_atomically` does: all of them, or none.

    All temporary files are complete before the first is renamed, so a full disk changes nothing.
    Between the renames a reader may find some old and some new files.

    Args:
        folder: An existing folder.
        content: The content by the names of the files, the file of checksums last.

    Raises:
        OSError: If the disk is full or not writable; the earlier content remains.
    """
    folder = pathlib.Path(folder)
    partials = {name: folder / f"{name}.{_own_mark()}{PARTIAL}" for name in content}
    try:
        for name, partial in partials.items():
            _write(partial, content[name])
        for name, partial in partials.items():
            os.replace(partial, folder / name)
    except OSError as error:
        for partial in partials.values():
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
        raise _unwritable(folder / name, error, len(content[name])) from error
    _sync_folder(folder)


def _write(path: pathlib.Path, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _unwritable(path: str | os.PathLike, error: OSError, size: int | None = None) -> OSError:
    """The error for a file that could not be written, in one sentence."""
    return OSError(error.errno, f"{path} could not be written ({_remedy(error, size)}")


def _remedy(error: OSError, size: int | None) -> str:
    """The end of a sentence about a file that could not be written: the cause and the remedy."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"{error.strerror}): its folder does not exist. Make it, or choose another"
    if error.errno in (errno.EISDIR, errno.ENOTEMPTY, errno.EEXIST):
        return f"{error.strerror}): a folder has this name. Remove it, or choose another name"
    needs = "" if size is None else f"; it needs {size / 1e6:.3g} MB"
    return f"{error.strerror}{needs}): make room and run again. Earlier files are intact"


@contextlib.contextmanager
def replacing(path: str | os.PathLike, ending: str | None = None) -> Iterator[pathlib.Path]:
    """A scope with a temporary path for another library's writer, renamed to `path` at the end.

    Args:
        path: The file, which keeps its earlier content until the end.
        ending: The suffix of the temporary path. Defaults to `None`: the suffix of `path`.

    Raises:
        OSError: As `write_atomically`.

    Example:

    >>> import tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "picture.png"
    >>> with replacing(path) as partial:
    ...     _ = partial.write_bytes(b"whole")
    >>> path.read_bytes()
    b'whole'
    """
    path = pathlib.Path(path)
    ending = path.suffix if ending is None else ending
    stem = path.name[: len(path.name) - len(ending)]
    partial = path.with_name(f"{stem}.{_own_mark()}{PARTIAL}{ending}")
    try:
        yield partial
        os.replace(partial, path)
    except OSError as error:
        if error.errno is None:
            raise
        raise _unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def _own_mark() -> str:
    """The unique part of a temporary name: process, token and counter."""
    return f"{os.getpid()}-{TOKEN}-{next(COUNT)}"


def remove_stale(folder: pathlib.Path, pattern: str = "*") -> None:
    """Removes temporary files that dead programs have left.

    Args:
        folder: A folder whose lock the caller holds.
        pattern: Which files to consider, as in `pathlib.Path.glob`. Defaults to all.
    """
    for path in folder.glob(f"{pattern}{PARTIAL}*"):
        mark = re.search(r"\.(\d+)-([0-9a-f]{8})-\d+\.partial", path.name)
        is_own = mark is not None and mark[2] == TOKEN
        others = mark is not None and int(mark[1]) != os.getpid() and is_alive(int(mark[1]))
        if not is_own and not others:
            with contextlib.suppress(OSError):
                path.unlink()


def write_json(path: str | os.PathLike, content: dict) -> None:
    """Writes an indented JSON file, completely or not at all.

    Args:
        path: The file, in an existing folder.
        content: The object.

    Raises:
        OSError: As `write_atomically`.
    """
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    write_atomically(path, text.encode())


def _sync_folder(folder: pathlib.Path) -> None:
    """Flushes a folder's names to the disk, if the system supports it."""
    if hasattr(os, "O_DIRECTORY"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
