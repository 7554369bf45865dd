"""The folder that a training run leaves behind."""

import dataclasses
import pathlib
import platform
import shutil

from keras_gan.checkpoints.sealed import write_json
from keras_gan.cli.settings import Settings, from_file

CONTENTS = (
    "config.json",
    "checkpoints",
    "model.keras",
    "history.csv",
    "samples",
    "samples.gif",
    "samples.png",
    "logs",
    "evaluation",
    "metrics.json",
    "timing.json",
)


class RunFolder:
    """A run's folder and the names in it.

    Args:
        path: The folder; made if it is not there.
        overwrite: Whether an earlier run in it may be removed. Files of other names stay.

    Raises:
        ValueError: If it is a file, or holds something and may not be overwritten.
    """

    def __init__(self, path: str, overwrite: bool):
        self.path = pathlib.Path(path)
        if self.path.exists() and not self.path.is_dir():
            raise ValueError(f"--out {path} is a file; choose a folder.")
        if self.path.exists() and any(self.path.iterdir()) and not overwrite:
            raise ValueError(
                f"The folder {path} is not empty: go on with the run in it by keras-gan train "
                f"--resume {path}, choose another with --out, or pass --overwrite to replace it."
            )
        self.overwrite = overwrite

    @classmethod
    def of_run(cls, path: str) -> tuple["RunFolder", Settings]:
        """The folder of a run that began before, and the run's settings.

        Raises:
            ValueError: If there is no run in it.
        """
        folder = cls.__new__(cls)
        folder.path, folder.overwrite = pathlib.Path(path), False
        if not (folder / "config.json").is_file():
            raise ValueError(
                f"{path} is no run folder, for it has no config.json: keras-gan train --out {path} "
                f"begins a run there, with --overwrite if the folder is not empty."
            )
        return folder, Settings(**from_file(folder / "config.json"))

    def prepare(self) -> None:
        """Makes the folder and removes the earlier run."""
        self.path.mkdir(parents=True, exist_ok=True)
        for name in CONTENTS if self.overwrite else ():
            old = self.path / name
            if old.is_dir():
                shutil.rmtree(old)
            else:
                old.unlink(missing_ok=True)

    def __truediv__(self, name: str) -> pathlib.Path:
        return self.path / name

    def write_config(self, settings: Settings) -> None:
        """Writes `config.json`: all settings and the versions they ran with."""
        self.write_json("config.json", dataclasses.asdict(settings) | {"versions": versions()})

    def write_json(self, name: str, content: dict) -> None:
        """Writes a JSON file, whole or not at all."""
        write_json(self.path / name, content)


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
