"""The folder of a training run."""

import glob
import pathlib
import platform
import shutil

from keras_gan.cli.config_file import from_file
from keras_gan.cli.run_schema import FILES, FOLDERS, VERSION, check_kinds, timing_in
from keras_gan.cli.settings import Settings
from keras_gan.files.atomic import remove_stale, write_json
from keras_gan.files.locking import FolderLock

CONTENTS = (*FILES, *FOLDERS)


class RunFolder:
    """A run's folder and the names in it.

    A program that trains in it holds its lock until the program ends; a program that only reads
    needs no lock.

    Args:
        path: The folder; it is made if missing.
        overwrite: Whether an earlier run in it may be removed. Files with other names stay.

    Raises:
        ValueError: If it is a file, is not empty and may not be overwritten, or another program
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
        """Takes the folder's lock, and checks that a run may start in it.

        Raises:
            FolderInUseError: If another program trains in it.
            ValueError: If it is not empty and may not be overwritten, or is not writable.
        """
        _locked(self.lock)
        names = {entry.name for entry in self.path.iterdir()} - {self.lock.path.name}
        if names and not self.overwrite:
            self.lock.release()
            raise ValueError(
                f"The folder {self.path} is not empty: continue the run in it with keras-gan train "
                f"--resume {self.path}, choose another folder with --out, or replace the run with "
                f"--overwrite."
            )

    @classmethod
    def of_run(cls, path: str, lock: bool = True) -> tuple["RunFolder", Settings]:
        """The folder and the settings of an existing run.

        Args:
            path: The folder.
            lock: Whether to take its lock, so that no other program trains in it. Defaults to
                `True`.

        Raises:
            FolderInUseError: If another program trains in it.
            ValueError: If there is no run in it, or what is there cannot belong to one.
        """
        folder = cls.__new__(cls)
        folder.path, folder.overwrite = pathlib.Path(path), False
        folder.lock = FolderLock(path)
        if not (folder / "config.json").is_file():
            raise ValueError(
                f"{path} is not a run folder, since it has no config.json: start a run there with "
                f"keras-gan train --out {path}, and --overwrite if the folder is not empty."
            )
        if lock:
            _locked(folder.lock)
            for name in FILES:
                remove_stale(folder.path, glob.escape(pathlib.Path(name).stem))
        check_kinds(folder.path)
        timing_in(folder.path)
        return folder, Settings(**from_file(folder / "config.json"))

    def prepare(self) -> None:
        """Makes the folder, takes its lock, and removes the earlier run.

        Raises:
            ValueError: As `hold`, since another program may have been faster.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(
                f"The folder {self.path} cannot be made ({error.strerror}): choose another."
            ) from error
        self.hold()
        if self.overwrite and (self.path / "checkpoints").is_dir():
            from keras_gan.checkpoints import CheckpointFolder

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
        """Writes `config.json`: all settings, and the versions of the libraries.

        Args:
            settings: The run's settings.
            folder: Another folder for the file. Defaults to `None`, the run's own.
        """
        found = {"versions": _versions(), "version": VERSION}
        content = settings.as_dict() | found
        write_json((folder or self.path) / "config.json", content)

    def write_json(self, name: str, content: dict) -> None:
        """Writes a JSON file, whole or not at all."""
        write_json(self.path / name, content)


def _locked(lock: FolderLock) -> None:
    """Takes the lock of a run folder.

    Args:
        lock: The lock.

    Raises:
        FolderInUseError: If another program trains in it.
        ValueError: If it is not writable.
    """
    try:
        lock.acquire()
    except OSError as error:
        raise ValueError(
            f"The folder {lock.shown} is not writable ({error.strerror}): choose another."
        ) from error


def _versions() -> dict[str, str]:
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
