"""Loading what this library saved, and nothing else."""

import os
import zipfile

import keras

from keras_gan.games.adversarial import AdversarialModel


def load_model(path: str | os.PathLike) -> AdversarialModel:
    """Loads a game that `gan.save("….keras")` wrote, with both optimizers and all random states.

    `keras.saving.load_model` does the same for a file known to be good.

    Args:
        path: A `.keras` file.

    Raises:
        ValueError: For a file that is missing, is no `.keras` file, is damaged, or holds a model
            that is not an `AdversarialModel`.

    Example:

    >>> load_model("nowhere.keras")
    Traceback (most recent call last):
    ...
    ValueError: There is no file nowhere.keras: save a game with gan.save("gan.keras") first.
    """
    path = os.fspath(path)
    if not os.path.isfile(path):
        raise ValueError(f'There is no file {path}: save a game with gan.save("gan.keras") first.')
    if not path.endswith(".keras") or not zipfile.is_zipfile(path):
        raise ValueError(
            f"{path} is not a .keras file: expected what gan.save('gan.keras') wrote, "
            f"received something else or a damaged copy."
        )
    try:
        model = keras.saving.load_model(path)
    except Exception as error:
        raise ValueError(
            f"{path} could not be loaded as a game of keras_gan: {first_line(error)}"
        ) from error
    if not isinstance(model, AdversarialModel):
        raise ValueError(
            f"{path} holds a {type(model).__name__}, not a game of keras_gan: load it with "
            f"keras.saving.load_model."
        )
    return model


def first_line(error: Exception) -> str:
    """The first line of an error's message, or its type's name where it has none."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
