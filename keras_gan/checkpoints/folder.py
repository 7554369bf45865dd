"""A folder of checkpoints: the newest whole one counts, the last few are kept."""

import contextlib
import dataclasses
import os
import pathlib
import re
import warnings
from collections.abc import Iterable, Iterator

import keras
import numpy as np

from keras_gan.checkpoints import comparing
from keras_gan.checkpoints.state import Progress, describe, pack, restore, take, unpack
from keras_gan.files.json_fields import NewerVersionError
from keras_gan.files.locking import FolderLock
from keras_gan.files.sealed import remove_stale, sealed, unsealed_file, write_atomically
from keras_gan.parallel import processes
from keras_gan.texts import one_line

NUMBERED = re.compile(r"step_(\d{1,20})\.checkpoint")


@dataclasses.dataclass(frozen=True)
class Found:
    """A checkpoint that has been read.

    Args:
        source: Its path.
        header: What `unpack` returned.
        values: Likewise.
    """

    source: str
    header: dict
    values: list[np.ndarray]


class CheckpointFolder:
    """The files `step_00001500.checkpoint` of one run, and `best.checkpoint`.

    Each holds all state of the game at that step with a checksum. A file is whole or not there.
    One program at a time writes here: `prepare` takes the folder's lock, `release` gives it up, and
    where neither was called each method that writes does both.

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
        self.lock = FolderLock(self.path, "checkpoints")
        self.damaged = {}  # checkpoints newer than the one that was found

    def prepare(self) -> bytes:
        """Makes the folder and takes its lock, which also shows that it can be written in.

        Returns:
            Empty bytes, as `processes.of_first` wants them.

        Raises:
            FolderInUseError: If another program, or another `fit` of this one, writes there.
            ValueError: If it is a file, or nothing can be written there.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.lock.acquire()
        except OSError as error:
            raise ValueError(
                f"Checkpoints cannot be written in {self.path} ({error.strerror}): name a folder "
                f"that can be made or written to."
            ) from error
        return b""

    def release(self) -> None:
        """Gives the folder's lock up."""
        self.lock.release()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """A scope in which the folder is locked; it stays so where it was before."""
        if self.lock.descriptor is not None:
            yield
            return
        self.prepare()
        try:
            yield
        finally:
            self.release()

    @property
    def best(self) -> pathlib.Path:
        """The checkpoint of the best score."""
        return self.path / "best.checkpoint"

    def files(self) -> list[pathlib.Path]:
        """The checkpoints by step, the newest last."""
        numbered = {
            int(match[1]): path
            for path in self.path.glob("step_*.checkpoint")
            if (match := NUMBERED.fullmatch(path.name))
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
            FolderInUseError: If another program writes here.
            FolderLostError: If the folder vanished since it was locked.
            OSError: If the disk is full; the earlier checkpoints are intact.
        """
        content = sealed(pack(model, progress))
        if not processes.is_first():
            return
        with self.held():
            self.lock.confirm()
            if is_best:  # before the step's own: after a kill in between it is simply written again
                write_atomically(self.best, content)
            write_atomically(self.path / f"step_{progress.step:08d}.checkpoint", content)
            for old in self.files()[: -self.keep]:
                if old.is_file():
                    old.unlink(missing_ok=True)

    def resume(self, model: keras.Model) -> Progress | None:
        """Restores the newest checkpoint that is whole; returns `None` for an empty folder.

        Where several processes train together, all take the one that the first reads.

        Damaged ones that are newer are reported by a warning. Where no other program writes here,
        and this one can, they are renamed to `….damaged`, and what a kill left half written is
        removed.

        Raises:
            ValueError: If all checkpoints are damaged, or the newest whole one is of another game.
        """
        found = self.find()
        if found is not None:
            differences = comparing.model_differences(found.header, describe(model))
            comparing.check(differences, found.source)
        return self.accept(model, found)

    def find(self) -> "Found | None":
        """The newest checkpoint that is whole, read but not yet used.

        Raises:
            ValueError: If all checkpoints are damaged.
        """
        content = processes.of_first(self.newest)
        if not content:
            return None
        name, _, payload = content.partition(b"\n")
        return Found(name.decode(), *unpack(payload))

    def accept(self, model: keras.Model, found: "Found | None") -> Progress | None:
        """Gives a game the state of a checkpoint that is known to fit, and tidies the folder up.

        Args:
            model: A compiled `AdversarialModel`.
            found: What `find` returned.
        """
        if processes.is_first() and self.path.is_dir():
            self.tidy(found)
        return None if found is None else take(model, found.header, found.values)

    def tidy(self, found: "Found | None") -> None:
        """Removes what a kill left half written, and renames damaged checkpoints.

        Where another program writes here, or nobody can, everything stays.
        """
        with contextlib.ExitStack() as scope:
            try:
                scope.enter_context(self.held())
            except ValueError:
                is_ours = False
            else:
                is_ours = True
                remove_stale(self.path, "*.checkpoint*")
            for bad, error in self.damaged.items():
                renamed = f"It is renamed to {_set_aside(bad)}, and training" if is_ours else "It"
                warnings.warn(
                    f"The checkpoint {one_line(bad)} is damaged: {one_line(error)}. {renamed} goes "
                    f"on from {pathlib.Path(found.source).name}.",
                    stacklevel=2,
                )
        self.damaged = {}

    def newest(self) -> bytes:
        """The path of the newest checkpoint that is whole, a new line, and what it holds.

        Empty for an empty folder.

        Raises:
            ValueError: If all checkpoints are damaged.
        """
        if not self.path.is_dir():
            return b""
        while True:
            with contextlib.suppress(FileNotFoundError):  # another program has just removed it
                return self.newest_of(reversed(self.files()))

    def newest_of(self, files: Iterable[pathlib.Path]) -> bytes:
        """The first of these checkpoints that is whole, as `newest` returns it."""
        damaged = {}
        for path in files:
            try:
                payload = unsealed_file(path)
                step = unpack(payload)[0]["progress"]["step"]
                if step != int(NUMBERED.fullmatch(path.name)[1]):
                    raise ValueError(f"its name says another step than its content, {step}")
            except NewerVersionError as error:
                raise ValueError(f"The checkpoint {path} cannot be used: {error}.") from error
            except ValueError as error:  # the seal, the kind of file, the schema
                damaged[path] = error
                continue
            self.damaged = damaged
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
        restore(model, processes.of_first(self.best_payload), str(self.best))

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
            payload = unsealed_file(self.best)
            unpack(payload)
        except NewerVersionError as error:
            raise ValueError(f"The checkpoint {self.best} cannot be used: {error}.") from error
        except ValueError as error:
            raise ValueError(f"The checkpoint {self.best} is damaged: {error}.") from error
        return payload


def _set_aside(path: pathlib.Path) -> str:
    """Renames a damaged checkpoint to `….damaged`, or the next name that is free; returns it."""
    names = (f"{path.name}.damaged{number}" for number in ("", *(f"-{n}" for n in range(2, 1000))))
    free = next(name for name in names if not os.path.lexists(path.with_name(name)))
    path.rename(path.with_name(free))
    return free
