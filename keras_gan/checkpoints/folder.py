"""A folder of checkpoints: the newest intact one counts, the last few are kept."""

import contextlib
import os
import pathlib
import warnings
from collections.abc import Iterator

import keras

from keras_gan.checkpoints import comparing
from keras_gan.checkpoints.reading import CheckpointFiles, Found
from keras_gan.checkpoints.state import Progress, describe, pack, restore, take
from keras_gan.files.atomic import remove_stale, write_atomically
from keras_gan.files.checksums import sealed
from keras_gan.files.locking import FolderLock
from keras_gan.parallel import processes
from keras_gan.texts import one_line


class CheckpointFolder(CheckpointFiles):
    """The files `step_00001500.checkpoint` of one run, and `best.checkpoint`.

    Each holds all state of the model at that step, with a checksum, and is written atomically. Only
    one program at a time writes here: `prepare` takes the folder's lock and `release` releases it.
    Without them, each method that writes does both.

    Args:
        path: The folder; it is made when the first file is written.
        keep: How many of the newest checkpoints to keep. Defaults to 3.

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
        super().__init__(path)
        self.keep = keep
        self.lock = FolderLock(self.path, "checkpoints")

    def prepare(self) -> bytes:
        """Makes the folder and takes its lock, which also shows that the folder is writable.

        Returns:
            Empty bytes, as `processes.of_first` needs.

        Raises:
            FolderInUseError: If another program, or another `fit` of this one, writes there.
            ValueError: If it is a file or not writable.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.lock.acquire()
        except OSError as error:
            raise ValueError(
                f"Checkpoints cannot be written to {self.path} ({error.strerror}): name a folder "
                f"that is writable or can be made."
            ) from error
        return b""

    def release(self) -> None:
        """Releases the folder's lock."""
        self.lock.release()

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """A scope in which the folder is locked; an earlier lock stays afterwards."""
        if self.lock.descriptor is not None:
            yield
            return
        self.prepare()
        try:
            yield
        finally:
            self.release()

    def save(self, model: keras.Model, progress: Progress, is_best: bool = False) -> None:
        """Writes one checkpoint, and then removes the oldest.

        Args:
            model: A compiled `AdversarialModel`.
            progress: The run's progress.
            is_best: Whether to write it as `best.checkpoint`, too. Defaults to `False`.

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
            if is_best:  # first: after a kill in between it is simply written again
                write_atomically(self.best, content)
            write_atomically(self.path / f"step_{progress.step:08d}.checkpoint", content)
            for old in self.files()[: -self.keep]:
                if old.is_file():
                    old.unlink(missing_ok=True)

    def resume(self, model: keras.Model) -> Progress | None:
        """Restores the newest intact checkpoint; returns `None` for an empty folder.

        If several processes train together, all use the one that the first reads.

        A warning names newer, damaged ones. If no other program writes here and this one may, they
        are renamed to `….damaged`, and partly written files are removed.

        Args:
            model: A compiled `AdversarialModel`.

        Raises:
            ValueError: If all checkpoints are damaged, or the newest intact one is of another
                model.
        """
        found = self.find()
        if found is not None:
            differences = comparing.model_differences(found.header, describe(model))
            comparing.check(differences, found.source)
        return self.accept(model, found)

    def accept(self, model: keras.Model, found: Found | None) -> Progress | None:
        """Restores a model from a checkpoint that is known to fit, and tidies the folder.

        Args:
            model: A compiled `AdversarialModel`.
            found: What `find` returned.
        """
        if processes.is_first() and self.path.is_dir():
            self.tidy(found)
        return None if found is None else take(model, found.header, found.values)

    def tidy(self, found: Found | None) -> None:
        """Removes partly written files, and renames damaged checkpoints.

        If another program writes here, or the folder is not writable, everything stays.
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
                renamed = f" It is renamed to {_set_aside(bad)}." if is_ours else ""
                warnings.warn(
                    f"The checkpoint {one_line(bad)} is damaged: {one_line(error)}.{renamed} "
                    f"Training continues from {pathlib.Path(found.source).name}.",
                    stacklevel=2,
                )
        self.damaged = {}

    def load_best(self, model: keras.Model) -> None:
        """Restores the state with the best score.

        Args:
            model: A compiled `AdversarialModel`.

        Raises:
            ValueError: If there is no `best.checkpoint`, it is damaged, or it is of another model.
        """
        restore(model, processes.of_first(self.best_payload), str(self.best))


def _set_aside(path: pathlib.Path) -> str:
    """Renames a damaged checkpoint to `….damaged`, or the next free name, and returns the name."""
    names = (f"{path.name}.damaged{number}" for number in ("", *(f"-{n}" for n in range(2, 1000))))
    free = next(name for name in names if not os.path.lexists(path.with_name(name)))
    path.rename(path.with_name(free))
    return free
