"""The folder that a training run leaves behind."""

import glob
import pathlib
import platform
import shutil

from keras_gan.checkpoints import CheckpointFolder
from keras_gan.cli.run_schema import FILES, FOLDERS, VERSION, check_kinds, timing_in
from keras_gan.cli.settings import Settings
from keras_gan.cli.settings_file import from_file
from keras_gan.files.locking import FolderLock
from keras_gan.files.sealed import remove_stale, write_json

CONTENTS = (*FILES, *FOLDERS)


class RunFolder:
    """A run's folder and the names in it.

    Who trains in it holds its lock, from the moment that the folder is there until the program
    ends; who only reads does not ask for it.

    Args:
        path: The folder; made if it is not there.
        overwrite: Whether an earlier run in it may be removed. Files of other names stay.

    Raises:
        ValueError: If it is a file, holds something and may not be overwritten, or another program
            trains in it.
    """

    checkpoint = None  # the callback of the training, once there is one
    override: tuple[str, ...] = ()  # what may differ from its checkpoints

    def __init__(self, path: str, overwrite: bool):
        self.path, self.overwrite = pathlib.Path(path), overwrite
        self.lock = FolderLock(path)
        if self.path.exists() and not self.path.is_dir():
            raise ValueError(f"--out {path} is a file; choose a folder.")
        if self.path.exists():
            self.hold()

    def hold(self) -> None:
        """Takes the folder's lock, and makes sure that a run may begin in it.

        Raises:
            FolderInUseError: If another program trains in it.
            ValueError: If it is not empty and may not be overwritten, or cannot be written in.
        """
        locked(self.lock)
        names = {entry.name for entry in self.path.iterdir()} - {self.lock.path.name}
        if names and not self.overwrite:
            self.lock.release()
            raise ValueError(
                f"The folder {self.path} is not empty: go on with the run in it by keras-gan train "
                f"--resume {self.path}, choose another with --out, or pass --overwrite to replace "
                f"it."
            )

    @classmethod
    def of_run(cls, path: str, lock: bool = True) -> tuple["RunFolder", Settings]:
        """The folder of a run that began before, and the run's settings.

        Args:
            path: The folder.
            lock: Whether nobody else may train in it from now on.

        Raises:
            FolderInUseError: If another program trains in it.
            ValueError: If there is no run in it, or what is there cannot belong to one.
        """
        folder = cls.__new__(cls)
        folder.path, folder.overwrite = pathlib.Path(path), False
        folder.lock = FolderLock(path)
        if not (folder / "config.json").is_file():
            raise ValueError(
                f"{path} is no run folder, for it has no config.json: keras-gan train --out {path} "
                f"begins a run there, with --overwrite if the folder is not empty."
            )
        if lock:
            locked(folder.lock)
            for name in FILES:
                remove_stale(folder.path, glob.escape(pathlib.Path(name).stem))
        check_kinds(folder.path)
        timing_in(folder.path)
        return folder, Settings(**from_file(folder / "config.json"))

    def prepare(self) -> None:
        """Makes the folder, holds it, and removes the earlier run.

        Raises:
            ValueError: As `hold`, for somebody may have been faster.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(
                f"The folder {self.path} cannot be made ({error.strerror}): choose another."
            ) from error
        self.hold()
        if self.overwrite and (self.path / "checkpoints").is_dir():
            with CheckpointFolder(self.path / "checkpoints").held():  # by a fit in Python, else
                pass
        for name in CONTENTS if self.overwrite else ():
            old = self.path / name
            if old.is_dir() and not old.is_symlink():
                shutil.rmtree(old)
            else:
                old.unlink(missing_ok=True)

    def __truediv__(self, name: str) -> pathlib.Path:
        return self.path / name

    def write_config(self, settings: Settings, folder: pathlib.Path | None = None) -> None:
        """Writes `config.json`: all settings and the versions they ran with.

        Args:
            settings: The run's.
            folder: Another folder for it.
        """
        found = {"versions": versions(), "version": VERSION}
        content = settings.as_dict() | found
        write_json((folder or self.path) / "config.json", content)

    def write_json(self, name: str, content: dict) -> None:
        """Writes a JSON file, whole or not at all."""
        write_json(self.path / name, content)


def locked(lock: FolderLock) -> None:
    """Takes the lock of a run folder.

    Raises:
        FolderInUseError: If another program trains in it.
        ValueError: If it cannot be written in.
    """
    try:
        lock.acquire()
    except OSError as error:
        raise ValueError(
            f"The folder {lock.shown} cannot be written in ({error.strerror}): choose another."
        ) from error


def versions() -> dict[str, str]:
    """The versions that a run depends on."""
    from importlib import metadata

    import keras

    backend = keras.backend.backend()
    names = {"keras_gan": "keras-gan"} | {name: name for name in ("keras", backend, "numpy")}
    found = {name: metadata.version(package) for name, package in names.items()}
    return found | {"python": platform.python_version()}


def default_path(settings: Settings) -> str:
    """`runs/<recipe>_<dataset>`."""
    name = settings.dataset
    name = pathlib.Path(name).stem if pathlib.Path(name).exists() else name.replace("/", "_")
    return f"runs/{settings.recipe}_{name}"
