"""A folder of checkpoints: the newest whole one counts, the last few are kept."""

import os
import pathlib
import re
import warnings

import keras

from keras_gan import hosts
from keras_gan.checkpoints.sealed import (
    PARTIAL,
    DamagedFileError,
    sealed,
    unsealed,
    write_atomically,
)
from keras_gan.checkpoints.state import Progress, pack, restore


class CheckpointFolder:
    """The files `step_00001500.checkpoint` of one run, and `best.checkpoint`.

    Each holds all state of the game at that step with a checksum. A file is whole or not there.

    Args:
        path: The folder; made when the first file is written.
        keep: How many of the newest are kept.

    Example:

    >>> import keras_gan as kg, tempfile
    >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    >>> gan.compile()
    >>> folder = CheckpointFolder(tempfile.mkdtemp(), keep=2)
    >>> for step in (10, 20, 30):
    ...     folder.save(gan, Progress(step=step))
    >>> [path.name for path in folder.files()]
    ['step_00000020.checkpoint', 'step_00000030.checkpoint']
    >>> folder.resume(gan).step
    30
    """

    def __init__(self, path: str | os.PathLike, keep: int = 3):
        self.path = pathlib.Path(path)
        self.keep = keep

    def prepare(self) -> bytes:
        """Makes the folder, and makes sure that files can be written in it; returns nothing.

        Raises:
            ValueError: If it is a file, or nothing can be written there.
        """
        probe = self.path / f"probe{PARTIAL}"
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise ValueError(
                f"Checkpoints cannot be written in {self.path} ({error.strerror}): name a folder "
                f"that can be made or written to."
            ) from error
        return b""

    @property
    def best(self) -> pathlib.Path:
        """The checkpoint of the best score."""
        return self.path / "best.checkpoint"

    def files(self) -> list[pathlib.Path]:
        """The checkpoints by step, the newest last."""
        numbered = {
            int(match[1]): path
            for path in self.path.glob("step_*.checkpoint")
            if (match := re.fullmatch(r"step_(\d+)\.checkpoint", path.name))
        }
        return [numbered[step] for step in sorted(numbered)]

    def save(self, model: keras.Model, progress: Progress, is_best: bool = False) -> None:
        """Writes one checkpoint, and then removes those that are too old.

        Args:
            model: A compiled `AdversarialModel`.
            progress: Where the run stands.
            is_best: Whether it is to be `best.checkpoint` too.

        Raises:
            FloatingPointError: If a variable holds NaN or an infinity; nothing is written then.
            OSError: If the disk is full; the earlier checkpoints are intact.
        """
        content = sealed(pack(model, progress))
        if not hosts.is_first():
            return
        self.path.mkdir(parents=True, exist_ok=True)
        if is_best:  # before the step's own: after a kill in between it is simply written again
            write_atomically(self.best, content)
        write_atomically(self.path / f"step_{progress.step:08d}.checkpoint", content)
        for old in self.files()[: -self.keep]:
            old.unlink(missing_ok=True)

    def resume(self, model: keras.Model) -> Progress | None:
        """Restores the newest checkpoint that is whole; returns `None` where there is none at all.

        Where several processes train together, all take the one that the first reads.

        Damaged ones that are newer are reported by a warning and renamed to `….damaged`. What a
        kill left half written is removed.

        Raises:
            ValueError: If there are checkpoints but none is whole, or it is of another game.
        """
        content = hosts.of_first(self.newest)
        name, _, payload = content.partition(b"\n")
        return restore(model, payload, name.decode()) if content else None

    def newest(self) -> bytes:
        """The path of the newest checkpoint that is whole, a new line, and what it holds.

        Nothing where there is none at all.

        Raises:
            ValueError: If there are checkpoints but none is whole.
        """
        for partial in self.path.glob(f"*{PARTIAL}"):
            partial.unlink(missing_ok=True)
        damaged = {}
        for path in reversed(self.files()):
            try:
                payload = unsealed(path.read_bytes())
            except DamagedFileError as error:
                damaged[path] = error
                continue
            for bad, error in damaged.items():
                bad.replace(bad.with_name(f"{bad.name}.damaged"))
                warnings.warn(
                    f"The checkpoint {bad} is damaged: {error}. It is renamed to "
                    f"{bad.name}.damaged, and training goes on from {path.name}.",
                    stacklevel=2,
                )
            return f"{path}\n".encode() + payload
        if damaged:
            raise ValueError(
                f"None of the {len(damaged)} checkpoints in {self.path} is whole; of the newest, "
                f"{next(iter(damaged)).name}, {next(iter(damaged.values()))}. Remove the folder to "
                f"begin anew."
            )
        return b""

    def load_best(self, model: keras.Model) -> None:
        """Gives a game the state of the best score.

        Raises:
            ValueError: If there is no `best.checkpoint`, it is damaged, or it is of another game.
        """
        restore(model, hosts.of_first(self.best_payload), str(self.best))

    def best_payload(self) -> bytes:
        """What `best.checkpoint` holds.

        Raises:
            ValueError: If it is not there, or damaged.
        """
        if not self.best.exists():
            raise ValueError(
                f"There is no {self.best}: give Checkpoint a monitor, the name of a logged score."
            )
        try:
            return unsealed(self.best.read_bytes())
        except DamagedFileError as error:
            raise ValueError(f"The checkpoint {self.best} is damaged: {error}.") from error
