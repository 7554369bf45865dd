"""Files that appear whole or not at all, and that notice when a bit of them has changed."""

import contextlib
import errno
import hashlib
import itertools
import json
import os
import pathlib
import re
import secrets
from collections.abc import Iterator

from keras_gan.files.locking import is_alive
from keras_gan.files.regular_files import check_kind, content_of

SEAL = b"keras_gan seal 1"
PARTIAL = ".partial"
TOKEN = secrets.token_hex(4)  # tells this program from another to which its number came
COUNT = itertools.count()


class DamagedFileError(ValueError):
    """A sealed file whose content is not what was written."""


def write_atomically(path: str | os.PathLike, content: bytes) -> None:
    """Writes a file so that a reader finds the old content or the new one, whatever happens.

    The content goes to a temporary name beside it, which no other program uses, is flushed to the
    disk, and is renamed; then the folder is flushed too. After a crash `<name>.….partial` may lie
    about, which nobody reads.

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
    write_together(path.parent, {path.name: content})


def write_together(folder: str | os.PathLike, content: dict[str, bytes]) -> None:
    """Writes several files of a folder as `write_atomically` does: all of them, or none.

    All lie beside their places before the first is renamed, so that a full disk changes nothing.
    Between the renames a reader finds some old and some new.

    Args:
        folder: It is there.
        content: By the names of the files, the one that vouches for the others last.

    Raises:
        OSError: Where the disk is full or refuses, with earlier content untouched.
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
    """The error to raise where a file of so many bytes could not be written, in one sentence."""
    return OSError(error.errno, f"{path} could not be written ({_remedy(error, size)}")


def _remedy(error: OSError, size: int | None) -> str:
    """The end of a sentence on what could not be written: why, and what is to be done."""
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"{error.strerror}): its folder is gone. Make it again, or choose another"
    if error.errno in (errno.EISDIR, errno.ENOTEMPTY, errno.EEXIST):
        return f"{error.strerror}): a folder has its name. Remove that, or choose another name"
    needs = "" if size is None else f"; it needs {size / 1e6:.3g} MB"
    return f"{error.strerror}{needs}): make room and run again. What was written before is intact"


@contextlib.contextmanager
def replacing(path: str | os.PathLike, ending: str | None = None) -> Iterator[pathlib.Path]:
    """A temporary name of the same ending for somebody else's writer; it is renamed at the end.

    Args:
        path: The file that is then there, with its earlier content until then.
        ending: That of the name. Defaults to what follows its last dot.

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
    """What distinguishes a temporary name: process, program and a number."""
    return f"{os.getpid()}-{TOKEN}-{next(COUNT)}"


def remove_stale(folder: pathlib.Path, pattern: str = "*") -> None:
    """Removes what programs that are dead have left half written.

    Args:
        folder: A folder whose lock the caller holds.
        pattern: Which files it is about, as in `pathlib.Path.glob`.
    """
    for path in folder.glob(f"{pattern}{PARTIAL}*"):
        mark = re.search(r"\.(\d+)-([0-9a-f]{8})-\d+\.partial", path.name)
        is_own = mark is not None and mark[2] == TOKEN
        others = mark is not None and int(mark[1]) != os.getpid() and is_alive(int(mark[1]))
        if not is_own and not others:
            with contextlib.suppress(OSError):
                path.unlink()


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


def _sync_folder(folder: pathlib.Path) -> None:
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
    keras_gan.files.sealed.DamagedFileError: it is cut off, or was never a checkpoint
    """
    payload, seal, digest = content[:-48], content[-48:-32], content[-32:]
    if seal != SEAL:
        raise DamagedFileError("it is cut off, or was never a checkpoint")
    if hashlib.sha256(payload).digest() != digest:
        raise DamagedFileError("its checksum is wrong")
    return payload


def unsealed_file(path: str | os.PathLike) -> bytes:
    """The payload of a sealed file, of which no more than the seal is read where that is wrong.

    Raises:
        DamagedFileError: As `unsealed`.
        NoPlainFileError: If it is a folder, a pipe or the like.
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
