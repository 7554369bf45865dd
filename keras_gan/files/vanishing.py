"""Folders that may vanish while a training writes in them."""

import contextlib
import os
import pathlib
import tempfile


class FolderLostError(OSError):
    """A folder that vanished while it was written in."""


class TrainingStoppedError(FolderLostError):
    """A training that stopped because a folder vanished.

    Args:
        story: What is gone, and where the state is.
        remedy: How to go on; nothing where the state could not be saved.
        rescued: The fresh folder that was made for the state, if one was.
    """

    def __init__(self, story: str, remedy: str = "", rescued: pathlib.Path | None = None):
        super().__init__(f"{story}: {remedy}." if remedy else f"{story}.")
        self.story, self.rescued = story, rescued


class Place:
    """A folder that is recognised by its identity on the disk, not by its name alone.

    Args:
        path: The folder. One that is not there yet is noted when it first is.

    Example:

    >>> path = pathlib.Path(tempfile.mkdtemp()) / "run"
    >>> path.mkdir()
    >>> place = Place(path)
    >>> path.rmdir()
    >>> path.mkdir()
    >>> place.is_gone()
    True
    """

    def __init__(self, path: str | os.PathLike):
        self.path = pathlib.Path(path).absolute()
        self.descriptor = self.identity = None
        self.parents = {folder: _identity_of(folder) for folder in self.path.parents}
        self.note()

    def note(self) -> None:
        """Remembers the folder, once it is there.

        It is held open, for a system gives the number of a removed folder to the next one.
        """
        if self.identity is None and self.path.is_dir():
            if hasattr(os, "O_DIRECTORY"):
                with contextlib.suppress(OSError):  # one that may be written in, but not listed
                    self.descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
            self.identity = _identity_of(self.path)

    def is_gone(self) -> bool:
        """Whether the folder was there and is gone, or another one is in its place."""
        self.note()
        return self.identity is not None and _identity_of(self.path) != self.identity

    def close(self) -> None:
        """Forgets the folder."""
        if self.descriptor is not None:
            os.close(self.descriptor)
        self.descriptor = self.identity = None

    def outermost(self) -> pathlib.Path:
        """The outermost folder that is gone: this one, or one around it."""
        lost = [
            folder
            for folder, earlier in self.parents.items()
            if earlier is not None and _identity_of(folder) != earlier
        ]
        return lost[-1] if lost else self.path

    def beside(self) -> pathlib.Path:
        """A fresh folder `….rescued` beside what is gone, or, failing that, a temporary one."""
        lost = self.outermost()
        for number in ("", *(f"-{n}" for n in range(2, 100))):
            folder = lost.with_name(f"{lost.name}.rescued{number}")
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            except OSError:
                break
            return folder
        return pathlib.Path(tempfile.mkdtemp(prefix=f"{lost.name}.rescued-"))


def _identity_of(path: pathlib.Path) -> tuple[int, int] | None:
    """What tells a folder from all others; `None` where there is none, or it cannot be reached."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
