"""What every run of `keras-gan train` does, whatever its game."""

import sys

from keras_gan.cli.run_folder import RunFolder
from keras_gan.cli.settings import Settings


def fit(
    gan, endless, settings: Settings, folder: RunFolder, pictures, first: tuple | list = ()
) -> bool:
    """Trains with pictures, logs and checkpoints, from the newest one on if there are some.

    Args:
        gan: The game.
        endless: Its data, repeated.
        settings: The run's.
        folder: Where everything goes.
        pictures: The callback that draws.
        first: Further callbacks, which come before all others.

    Returns:
        Whether it came to its end.
    """
    from keras_gan.callbacks import Checkpoint, Health, TensorBoard
    from keras_gan.cli.history_file import HistoryFile
    from keras_gan.cli.timing import Timing

    checkpoint = Checkpoint(folder / "checkpoints", every=settings.checkpoint_steps)
    checkpoint.how_to_go_on = f"keras-gan train --resume {folder.path} goes on."
    history = HistoryFile(folder / "history.csv")
    callbacks = [*first, Health(), pictures, TensorBoard(str(folder / "logs")), history]
    callbacks += [checkpoint, Timing(folder / "timing.json")]
    try:
        gan.fit(
            endless,
            epochs=settings.epochs,
            steps_per_epoch=settings.steps_per_epoch,
            verbose=1 if sys.stdout.isatty() else 2,
            callbacks=callbacks,
        )
    except KeyboardInterrupt:
        pictures.on_train_end()
        return False
    return True


def save(gan, picture, folder: RunFolder) -> None:
    """Writes the model and the last picture, and brings the GIF beside it."""
    gan.save(folder / "partial.keras")
    (folder / "partial.keras").replace(folder / "model.keras")
    picture.save(folder / "samples.png")
    gif = folder / "samples" / "samples.gif"
    if gif.exists():
        gif.rename(folder / "samples.gif")


def interrupted(folder: RunFolder) -> int:
    """Says what there is of a run that did not come to its end; returns the exit code."""
    print(
        f"interrupted: {folder.path} has the model and the pictures as they are, no scores; "
        f"keras-gan train --resume {folder.path} goes on"
    )
    return 130
