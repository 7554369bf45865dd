"""Locks on folders, so that only one program at a time writes to each."""

import atexit
import contextlib
import errno
import os
import pathlib
import platform
import stat
import time
import warnings
import weakref

from keras_gan.files.lock_record import is_alive, record, write_record
from keras_gan.files.vanishing import FolderLostError, Place

PATIENCE = 1.0  # seconds within which a program that only looks at a lock frees it
HELD = weakref.WeakSet()  # the locks of this process


class FolderInUseError(ValueError):
    """A folder to which another program is writing.

    Args:
        message: Says which program.
        folder: The folder. Defaults to `None`.
    """

    def __init__(self, message: str, folder: pathlib.Path | None = None):
        super().__init__(message)
        self.folder = folder


class FolderLock:
    """An exclusive lock on a folder, which the system frees when its process ends or is killed.

    The operating system locks the file `.<kind>.lock` in the folder (`flock`; on Windows
    `LockFileEx`), so a file that a killed program left behind locks nothing. The file records the
    holder: process, host, command and time. Release removes it. A forked child holds no lock. If
    the file system does not support locks, there is a warning, and only holders on the same host
    are detected.

    Args:
        folder: An existing folder.
        kind: What is written to it. Locks of different kinds do not exclude each other. Defaults to
            `"run"`.

    Example:

    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> with FolderLock(folder):
    ...     FolderLock(folder).acquire()
    Traceback (most recent call last):
    ...
    keras_gan.files.locking.FolderInUseError: ... is in use: this same process has been writing...
    >>> os.listdir(folder)
    []
    """

    descriptor = place = None  # until it is held

    def __init__(self, folder: str | os.PathLike, kind: str = "run"):
        self.folder = pathlib.Path(folder).absolute()
        self.path = self.folder / f".{kind}.lock"
        self.shown = os.fspath(folder)

    def acquire(self) -> "FolderLock":
        """Takes the lock, unless this object holds it already.

        Raises:
            FolderInUseError: If another program holds it; the message says which.
            OSError: If the lock's file cannot be made, or keeps vanishing.
        """
        if self.descriptor is not None:
            return self
        end = time.monotonic() + PATIENCE
        while True:
            descriptor = opened(self.path)
            try:
                taken = self.locked(descriptor)
                if taken and is_at(descriptor, self.path):  # else its holder has just removed it
                    write_record(descriptor)
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
        """Tries to lock the open file; returns whether that worked."""
        import filelock  # a slow import, which few programs need

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
        """Whether a process of this host holds the lock, judged by its number.

        In a container every program may have number 1; of this process we know the locks.
        """
        if process == os.getpid():
            held = [lock.descriptor for lock in list(HELD)]
            return any(each is not None and is_at(each, self.path) for each in held)
        return is_alive(process)

    def release(self) -> None:
        """Releases the lock, if it is held, and removes its file."""
        if self.descriptor is None:
            return
        descriptor, self.descriptor = self.descriptor, None
        HELD.discard(self)
        self.place.close()
        ours = is_at(descriptor, self.path)
        if os.name == "nt":  # an open file cannot be removed there
            os.close(descriptor)
        if ours:
            with contextlib.suppress(OSError):
                self.path.unlink()
        if os.name != "nt":
            os.close(descriptor)

    def confirm(self) -> None:
        """Confirms that a held lock still protects the folder, even if its file was removed.

        Raises:
            FolderLostError: If the folder vanished.
            FolderInUseError: If the file was removed, and another program took the lock.
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
            who = "another program writes to it"
        elif (holder["process"], holder["host"]) == (os.getpid(), platform.node()):
            who = f"this same process has been writing to it since {holder['since']}"
        else:
            who = (
                f"process {holder['process']} on {holder['host']} has been writing to it since "
                f"{holder['since']} ({holder['command']})"
            )
        return FolderInUseError(
            f"{self.shown} is in use: {who}. Wait until it ends, or choose another folder.",
            self.folder,
        )

    def unsteady(self) -> OSError:
        """The error for a locked file that is not the one at its path."""
        return OSError(
            errno.ESTALE,
            "after each lock there is another file in its place: something replaces it, or its "
            "file system does not identify files",
            os.fspath(self.path),
        )

    def __enter__(self) -> "FolderLock":
        return self.acquire()

    def __exit__(self, *_) -> None:
        self.release()

    def __del__(self):
        self.release()


def opened(path: pathlib.Path) -> int:
    """Opens the lock's file, and makes it if it does not exist."""
    flags = os.O_RDWR | os.O_CREAT
    for name in ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_NOINHERIT", "O_BINARY"):
        flags |= getattr(os, name, 0)
    descriptor = os.open(path, flags, 0o666)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "it is not a regular file", os.fspath(path))
    return descriptor


def is_at(descriptor: int, path: pathlib.Path) -> bool:
    """Whether an open file is the one at a path."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except OSError:
        return False


def _let_go() -> None:
    """Closes, in a forked child, the files that its parent has locked: a child may outlive it."""
    for lock in list(HELD):
        with contextlib.suppress(OSError):
            os.close(lock.descriptor)
        lock.descriptor = None
    HELD.clear()


@atexit.register
def _release_all() -> None:
    """Removes the files of all held locks when the program ends."""
    for lock in list(HELD):
        lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)
