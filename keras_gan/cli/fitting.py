"""What every run of `keras-gan train` does, for any model."""

import contextlib
import shlex
import sys
from collections.abc import Iterator

from keras_gan.backend.interruption import LeftAtOnceError
from keras_gan.cli.run_folder import RunFolder
from keras_gan.cli.settings import Settings
from keras_gan.files.atomic import replacing
from keras_gan.texts import one_line

WRITTEN = ("samples.png", "samples.gif", "model.keras", "metrics.json")  # at the end of a run


def fit(
    gan, endless, settings: Settings, folder: RunFolder, pictures, first: tuple | list = ()
) -> bool:
    """Trains with pictures, logs and checkpoints, and continues from the newest checkpoint.

    Args:
        gan: The model.
        endless: Its data, repeated without end.
        settings: The run's settings.
        folder: The run's folder.
        pictures: The callback that draws samples.
        first: Further callbacks, which run before all others.

    Returns:
        Whether training was completed.
    """
    from keras_gan.callbacks import Health, TensorBoard
    from keras_gan.cli.checkpoint import RunCheckpoint
    from keras_gan.cli.estimate import Estimate
    from keras_gan.cli.history_file import HistoryFile
    from keras_gan.cli.timing import Timing

    folder.checkpoint = checkpoint = RunCheckpoint(folder, settings)
    history = HistoryFile(folder / "history.csv", folder.lock)
    board = TensorBoard(str(folder / "logs"), update_freq=settings.log_steps or "epoch")
    callbacks = [*first, Health(), pictures, board, history]
    callbacks += [checkpoint, Timing(folder / "timing.json"), Estimate()]
    try:
        gan.fit(
            endless,
            epochs=settings.epochs,
            steps_per_epoch=settings.steps_per_epoch,
            verbose=1 if sys.stdout.isatty() else 2,
            callbacks=callbacks,
        )
    except LeftAtOnceError:  # as promised, without saving
        _end_bar()
        raise
    except KeyboardInterrupt:
        _end_bar()
        pictures.on_train_end()
        return False
    except Exception:
        _end_bar()
        raise
    return True


def _end_bar() -> None:
    """Ends the line of a terminal in which Keras's progress bar stood when training broke off."""
    if sys.stdout.isatty():
        print(flush=True)


@contextlib.contextmanager
def rescued(gan, settings: Settings, folder: RunFolder) -> Iterator[None]:
    """A scope that saves the state beside the run's folder if the folder vanishes.

    Args:
        gan: The model.
        settings: The run's settings.
        folder: The run's folder.

    Raises:
        TrainingStoppedError: If the folder vanished; the message says how to continue.
    """
    from keras_gan.checkpoints.vanished_folders import saved_elsewhere
    from keras_gan.files.vanishing import TrainingStoppedError

    try:
        with _told_of_divergence(folder):
            yield
        folder.lock.confirm()
    except Exception as error:
        place, told = folder.lock.place, isinstance(error, TrainingStoppedError)
        if not told and not place.is_gone():
            raise
        callbacks = [] if folder.checkpoint is None else [folder.checkpoint]
        problem = f"The folder {folder.path} is gone."
        end = error if told else saved_elsewhere(gan, callbacks, place, problem)
        if end.rescued is None:
            raise end from None
        folder.write_config(settings, end.rescued)
        remedy = f"keras-gan train --resume {end.rescued} continues from there"
        raise TrainingStoppedError(end.story, remedy, end.rescued) from error


class DivergedError(FloatingPointError):
    """A run that reached NaN; the message says where the last good state is."""


@contextlib.contextmanager
def _told_of_divergence(folder: RunFolder) -> Iterator[None]:
    """A scope in which the error of a diverging run names its last finite checkpoint.

    Args:
        folder: The run's folder.

    Raises:
        DivergedError: If the run diverges.
    """
    from keras_gan.backend.finite import NotFiniteSamplesError

    try:
        yield
    except (FloatingPointError, NotFiniteSamplesError) as error:
        told = "" if isinstance(error, FloatingPointError) else "Training diverged: "
        files = sorted((folder / "checkpoints").glob("step_*.checkpoint"))
        kept = "There is no earlier checkpoint."
        if files:
            kept = f"The last finite checkpoint is {files[-1]}."
        raise DivergedError(f"{told}{error} {kept}") from error


def save(gan, picture, folder: RunFolder) -> None:
    """Writes the model, the last picture and the GIF of all pictures."""
    with replacing(folder / "model.keras") as path:
        gan.save(path)
    with replacing(folder / "samples.png") as path:
        picture.save(path)
    gif = folder / "samples" / "samples.gif"
    if gif.exists():
        gif.replace(folder / "samples.gif")


def interrupted(folder: RunFolder) -> int:
    """Says what an interrupted run has written, and returns the exit code."""
    path = one_line(folder.path)
    has = "the present model and pictures" if (folder / "model.keras").exists() else "checkpoints"
    print(
        f"interrupted: {path} has {has}, but no scores; keras-gan train --resume "
        f"{shlex.quote(path)} continues"
    )
    return 130
