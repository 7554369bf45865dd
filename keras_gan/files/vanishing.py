"""Folders that may vanish while a training writes to them."""

import contextlib
import os
import pathlib
import tempfile


class FolderLostError(OSError):
    """A folder that vanished while a program wrote to it."""


class TrainingStoppedError(FolderLostError):
    """A training that stopped because a folder vanished.

    Args:
        story: What vanished, and where the state is.
        remedy: How to continue. Defaults to `""`, if the state could not be saved.
        rescued: The new folder that holds the state. Defaults to `None`.
    """

    def __init__(self, story: str, remedy: str = "", rescued: pathlib.Path | None = None):
        super().__init__(f"{story}: {remedy}." if remedy else f"{story}.")
        self.story, self.rescued = story, rescued


class Place:
    """A folder that is identified by its number on disk, not only by its name.

    Args:
        path: The folder. If it does not exist yet, it is identified once it does.

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
        """Identifies the folder, if it exists.

        It is kept open, since the system reuses the number of a removed folder.
        """
        if self.identity is None and self.path.is_dir():
            if hasattr(os, "O_DIRECTORY"):
                with contextlib.suppress(OSError):  # it may be writable but not readable
                    self.descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
            self.identity = _identity_of(self.path)

    def is_gone(self) -> bool:
        """Whether the folder was removed, or replaced by another."""
        self.note()
        return self.identity is not None and _identity_of(self.path) != self.identity

    def close(self) -> None:
        """Closes the folder."""
        if self.descriptor is not None:
            os.close(self.descriptor)
        self.descriptor = self.identity = None

    def outermost(self) -> pathlib.Path:
        """The outermost removed folder: this one, or one that contained it."""
        lost = [
            folder
            for folder, earlier in self.parents.items()
            if earlier is not None and _identity_of(folder) != earlier
        ]
        return lost[-1] if lost else self.path

    def beside(self) -> pathlib.Path:
        """Makes a new folder `….rescued` beside the removed one, or else a temporary folder."""
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
    """The device and number of a folder; `None` if it cannot be reached."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
