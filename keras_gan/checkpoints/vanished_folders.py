"""Stops a training if one of its folders vanishes, and saves its state elsewhere."""

import contextlib
import pathlib
import time
from collections.abc import Iterator

import keras

from keras_gan.files.locking import FolderInUseError
from keras_gan.files.vanishing import FolderLostError, Place, TrainingStoppedError
from keras_gan.parallel import processes

INTERVAL = 1.0  # seconds between checks within an epoch
STOCK = {  # the folders to which Keras's callbacks write
    keras.callbacks.TensorBoard: lambda callback: callback.log_dir,
    keras.callbacks.CSVLogger: lambda callback: pathlib.Path(callback.filename).parent,
    keras.callbacks.ModelCheckpoint: lambda callback: _fixed_part(callback.filepath),
    keras.callbacks.BackupAndRestore: lambda callback: callback.backup_dir,
}


class Guard(keras.callbacks.Callback):
    """Checks the folders of all other callbacks before these write to them.

    A callback of yours is included if it has an attribute `writes_in`, a list of folders.

    Args:
        callbacks: The other callbacks, which come after this one.
    """

    def __init__(self, callbacks: list):
        super().__init__()
        self.locks = [each.lock for each in callbacks if getattr(each, "lock", None) is not None]
        self.folders = [folder for each in callbacks for folder in _folders_of(each)]
        self.places, self.looked = {}, 0.0

    def on_train_begin(self, logs=None):
        """Identifies the folders that exist; others are identified once they do."""
        self.places = {folder: Place(folder) for folder in self.folders}

    def on_epoch_end(self, epoch, logs=None):
        """Checks the folders.

        Raises:
            FolderLostError: If one of them vanished.
            FolderInUseError: If a lock was removed, and another program has taken it.
        """
        for lock in self.locks:
            lock.confirm()
        gone = self.gone()
        if gone is not None:
            raise FolderLostError(f"{gone.outermost()} is gone")
        self.looked = time.monotonic()

    def gone(self) -> Place | None:
        """The outermost folder that vanished; `None` if all are there."""
        lost = [place for place in self.places.values() if place.is_gone()]
        return min(lost, key=lambda place: len(place.path.parts), default=None)

    def close(self) -> None:
        """Forgets the folders."""
        for place in self.places.values():
            place.close()


class _BatchGuard(Guard):
    """A guard of callbacks that also write within an epoch."""

    def on_train_batch_begin(self, batch, logs=None):
        """Checks the folders at most once a second, between two steps."""
        if time.monotonic() - self.looked > INTERVAL:
            self.on_epoch_end(batch)


@contextlib.contextmanager
def guarded(model: keras.Model, callbacks) -> Iterator[Guard | None]:
    """A scope in which the folders of callbacks are checked; at its end, their locks are released.

    Args:
        model: The model.
        callbacks: The callbacks of `fit`.

    Yields:
        A callback that must come before all others; `None` if they write no files, or if another
        process writes them.

    Raises:
        TrainingStoppedError: If one of the folders vanished; it says where the state was saved.
    """
    owner = getattr(callbacks, "callbacks", callbacks)  # of a CallbackList
    others = keras.tree.flatten(owner) if owner else []
    if not any(map(_folders_of, others)) or not processes.is_first():
        yield None
        return
    guard = (_BatchGuard if any(map(_can_rescue, others)) else Guard)(others)
    try:
        yield guard
    except Exception as error:
        place = guard.gone()
        if place is not None:
            problem = (
                f"{place.outermost()} is gone: it was removed, renamed, replaced or unmounted "
                f"while training wrote to it."
            )
        elif isinstance(error, FolderInUseError) and guard.looked:  # during training
            place, problem = Place(error.folder), f"The lock of a folder was removed. {error}"
        else:
            raise
        raise _stopped(model, others, guard, place, problem) from error
    finally:
        guard.close()
        if isinstance(owner, list) and guard in owner:
            owner.remove(guard)
        for callback in others:
            if hasattr(callback, "writes_in") and hasattr(callback, "release"):
                callback.release()


def _can_rescue(callback) -> bool:
    """Whether a callback can write all state of a training to any folder."""
    return hasattr(callback, "rescue")


def _stopped(
    model: keras.Model, callbacks: list, guard: Guard, place: Place, problem: str
) -> TrainingStoppedError:
    """Saves the state of a training, in its own checkpoints if their folder still exists.

    Args:
        model: The model.
        callbacks: The callbacks of `fit`.
        guard: The guard of their folders.
        place: The folder that vanished.
        problem: A sentence about it.

    Returns:
        The error that says where the state is.
    """
    for callback in filter(_can_rescue, callbacks):
        folder = _folders_of(callback)[0]
        if not guard.places[folder].is_gone() and folder != place.path:
            try:
                callback.rescue()
            except (OSError, ValueError, FloatingPointError):
                continue
            story = f"{problem} Training stopped, and its state is in {folder}"
            return TrainingStoppedError(story, callback.how_to_go_on.rstrip("."))
    return saved_elsewhere(model, callbacks, place, problem)


def saved_elsewhere(
    model: keras.Model, callbacks: list, place: Place, problem: str
) -> TrainingStoppedError:
    """Saves the model, and a checkpoint if `fit` has a Checkpoint, in a new folder.

    Args:
        model: The model.
        callbacks: The callbacks of `fit`.
        place: The folder that vanished.
        problem: A sentence about it.

    Returns:
        The error that says where the state is.
    """
    savers = [("checkpoints", each.rescue) for each in filter(_can_rescue, callbacks)]
    savers.append(("model.keras", lambda folder: model.save(folder / "model.keras")))
    saved, failed = [], ""
    try:
        folder = place.beside()
    except OSError as error:
        savers, failed = [], f" ({error})"
    for name, save in savers:
        try:
            save(folder)
            saved.append(name)
        except Exception as error:  # the other may still be written
            failed = f" ({name} could not be written: {error})"
    if not saved:
        return TrainingStoppedError(f"{problem} Training stopped; nothing could be saved{failed}")
    remedy = {
        "checkpoints": f"Checkpoint({str(folder / 'checkpoints')!r}) continues from there",
        "model.keras": f"kg.load_model({str(folder / 'model.keras')!r}) loads the game",
    }[saved[0]]
    story = f"{problem} Training stopped, and its state is in {folder}{failed}"
    return TrainingStoppedError(story, remedy, folder)


def _folders_of(callback: keras.callbacks.Callback) -> list[pathlib.Path]:
    """The folders to which a callback writes, as far as that is known."""
    if hasattr(callback, "writes_in"):
        return [pathlib.Path(folder).absolute() for folder in callback.writes_in]
    return [
        pathlib.Path(folder_of(callback)).absolute()
        for kind, folder_of in STOCK.items()
        if isinstance(callback, kind)
    ]


def _fixed_part(path) -> pathlib.Path:
    """The folder of a path, up to the first placeholder such as `{epoch}`."""
    path = pathlib.Path(path)
    return next((p for p in path.parents if "{" not in str(p)), path.parent)
