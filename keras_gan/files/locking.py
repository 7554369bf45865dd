"""A folder that one program at a time writes in."""

import atexit
import contextlib
import datetime
import errno
import json
import os
import pathlib
import platform
import shlex
import stat
import sys
import time
import warnings
import weakref

from keras_gan.files.vanishing import FolderLostError, Place
from keras_gan.texts import one_line, shortened

PATIENCE = 1.0  # seconds within which a program that only looks at a lock frees it
LONGEST = 65536  # bytes of a record that are read
HELD = weakref.WeakSet()  # the locks of this process


class FolderInUseError(ValueError):
    """A folder in which another program is writing.

    Args:
        message: Who.
        folder: The folder.
    """

    def __init__(self, message: str, folder: pathlib.Path | None = None):
        super().__init__(message)
        self.folder = folder


class FolderLock:
    """An exclusive lock on a folder, which the system frees when its process ends or is killed.

    The lock is that of the operating system on the file `.<kind>.lock` in the folder (`flock`; on
    Windows `LockFileEx`), so that a file left behind by a kill locks nothing. The file says who
    holds it: process, host, command, and since when. On release it is removed. A forked child holds
    nothing. Where the file system does not support locks there is a warning, and only a
    holder on the same host is noticed.

    Args:
        folder: A folder that is there.
        kind: What is written in it. Locks of different kinds do not exclude each other.

    Example:

    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> with FolderLock(folder):
    ...     FolderLock(folder).acquire()
    Traceback (most recent call last):
    ...
    keras_gan.files.locking.FolderInUseError: ... is in use: this same process writes in it...
    >>> os.listdir(folder)
    []
    """

    descriptor = place = None  # until it is held

    def __init__(self, folder: str | os.PathLike, kind: str = "run"):
        self.folder = pathlib.Path(folder).absolute()
        self.path = self.folder / f".{kind}.lock"
        self.shown = os.fspath(folder)

    def acquire(self) -> "FolderLock":
        """Takes the lock, if this object does not hold it.

        Raises:
            FolderInUseError: If somebody else holds it; the message says who.
            OSError: If a file cannot be made in the folder, or does not stay there.
        """
        if self.descriptor is not None:
            return self
        end = time.monotonic() + PATIENCE
        while True:
            descriptor = opened(self.path)
            try:
                taken = self.locked(descriptor)
                if taken and is_at(descriptor, self.path):  # else its holder has just removed it
                    _write_record(descriptor)
                    self.descriptor, self.place = descriptor, Place(self.folder)
                    HELD.add(self)
                    return self
            finally:
                if self.descriptor != descriptor:
                    os.close(descriptor)
            if time.monotonic() > end:
                raise self.unsteady() if taken else self.in_use()
            time.sleep(0 if taken else PATIENCE / 20)

    def locked(self, descriptor: int) -> bool:
        """Whether the open file is now locked by it."""
        import filelock  # which takes its time, and few programs need it

        try:
            return filelock.lock_descriptor(descriptor, blocking=False)
        except OSError as error:
            holder = record(self.path)
            if holder.get("host") == platform.node() and self.is_held_by(holder.get("process")):
                return False
            warnings.warn(
                f"The file system of {self.shown} does not support locks ({error.strerror}): make "
                f"sure that no other program writes there.",
                stacklevel=4,
            )
            return True

    def is_held_by(self, process: int | None) -> bool:
        """Whether a process of this host holds the lock, by its number alone.

        In a container every run may have the number 1: of this process it is known what it holds.
        """
        if process == os.getpid():
            held = [lock.descriptor for lock in list(HELD)]
            return any(each is not None and is_at(each, self.path) for each in held)
        return is_alive(process)

    def release(self) -> None:
        """Gives the lock up, if it is held, and removes its file."""
        if self.descriptor is None:
            return
        descriptor, self.descriptor = self.descriptor, None
        HELD.discard(self)
        self.place.close()
        ours = is_at(descriptor, self.path)
        if os.name == "nt":  # where an open file cannot be removed
            os.close(descriptor)
        if ours:
            with contextlib.suppress(OSError):
                self.path.unlink()
        if os.name != "nt":
            os.close(descriptor)

    def confirm(self) -> None:
        """Makes sure that a held lock still protects the folder; its file may have been removed.

        Raises:
            FolderLostError: If the folder is gone.
            FolderInUseError: If its file was removed, and somebody else has the lock since.
            OSError: As `acquire`.
        """
        if self.descriptor is None:
            return
        if self.place.is_gone():
            raise FolderLostError(f"{self.shown} is gone")
        if not is_at(self.descriptor, self.path):
            self.release()
            self.acquire()

    def in_use(self) -> FolderInUseError:
        """The error that says who holds the lock; the caller raises it."""
        holder = record(self.path)
        if not holder:
            who = "another program writes in it"
        elif (holder["process"], holder["host"]) == (os.getpid(), platform.node()):
            who = f"this same process writes in it since {holder['since']}"
        else:
            who = (
                f"process {holder['process']} on {holder['host']} writes in it since "
                f"{holder['since']} ({holder['command']})"
            )
        return FolderInUseError(
            f"{self.shown} is in use: {who}. Wait until that ends, or choose another folder.",
            self.folder,
        )

    def unsteady(self) -> OSError:
        """The error of a file that is locked, but is not the one at its path."""
        return OSError(
            errno.ESTALE,
            "it was locked and is another file each time: something replaces it, or its file "
            "system does not tell files apart",
            os.fspath(self.path),
        )

    def __enter__(self) -> "FolderLock":
        return self.acquire()

    def __exit__(self, *_) -> None:
        self.release()

    def __del__(self):
        self.release()


def opened(path: pathlib.Path) -> int:
    """A descriptor of the lock's file, which is made if it is not there."""
    flags = os.O_RDWR | os.O_CREAT
    for name in ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_NOINHERIT", "O_BINARY"):
        flags |= getattr(os, name, 0)
    descriptor = os.open(path, flags, 0o666)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "it is not a plain file", os.fspath(path))
    return descriptor


def is_at(descriptor: int, path: pathlib.Path) -> bool:
    """Whether an open file is the one at a path."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except OSError:
        return False


def _write_record(descriptor: int) -> None:
    """Notes this process in its lock's file, from the second byte on: Windows locks the first."""
    content = {
        "process": os.getpid(),
        "host": platform.node(),
        "command": command(),
        "since": datetime.datetime.now().astimezone().isoformat(" ", timespec="seconds"),
    }
    with contextlib.suppress(OSError):  # on a full disk the lock holds without it
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, b"\n" + json.dumps(content).encode() + b"\n")


def record(path: pathlib.Path) -> dict:
    """Who holds a lock, by what its file says; empty where that cannot be read."""
    try:
        with open(path, "rb", buffering=0) as file:
            file.seek(1)
            found = json.loads(file.read(LONGEST))
        texts = {name: _printable(str(found[name])) for name in ("host", "command", "since")}
        return {"process": int(found["process"]), **texts}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}


def command() -> str:
    """The command line of this process, shortened."""
    words = [*sys.orig_argv] or [*sys.argv]
    words[:2] = [word if "\n" in word else os.path.basename(word) for word in words[:2]]
    return _printable(shlex.join(words))


def _printable(text: str) -> str:
    """A text as one short line, without what a terminal would obey."""
    return shortened(one_line(text), 200)


def is_alive(process: int | None) -> bool:
    """Whether a process of this host runs, as far as that can be asked."""
    if os.name == "nt" or not isinstance(process, int) or process <= 0:  # 0 would mean a group
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def let_go() -> None:
    """Closes, in a forked child, what its parent has locked: a child may outlive it."""
    for lock in list(HELD):
        with contextlib.suppress(OSError):
            os.close(lock.descriptor)
        lock.descriptor = None
    HELD.clear()


@atexit.register
def _release_all() -> None:
    """Removes the files of the locks that are held when a program ends."""
    for lock in list(HELD):
        lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=let_go)
