"""Loading what this library saved, and nothing else."""

import contextlib
import os
import warnings
import zipfile
from collections.abc import Iterator

import keras

from keras_gan.arguments import near_path
from keras_gan.files.limits import limited
from keras_gan.files.loading_errors import in_full, why_not_loaded
from keras_gan.models.generative_model import GenerativeModel
from keras_gan.networks.weight_limits import making


def load_model(
    path: str | os.PathLike,
    custom_objects: dict | None = None,
    safe_mode: bool = True,
    max_bytes: int | None = None,
) -> GenerativeModel:
    """Loads a model that `model.save("….keras")` wrote, with its optimizers and all random states.

    `keras.saving.load_model` does the same for a file known to be good. Here the sizes that the
    file states are looked at first: of its members, its configuration and its weights.

    Args:
        path: A `.keras` file.
        custom_objects: Your own classes and functions in it by name, such as layers, where no
            imported module registers them with `@keras.saving.register_keras_serializable()`.
            `None`, the default, for none.
        safe_mode: Whether a file with Python code, of a `Lambda` layer, is refused. Defaults to
            `True`; with `False` loading such a file runs what it holds.
        max_bytes: What the file may take in memory, where that is more than ten times its size on
            the disk; its configuration may have a 64th. Defaults to 1 GiB.

    Raises:
        ValueError: For a file that is missing, is no `.keras` file, is damaged, states sizes beyond
            `max_bytes` or the free memory, describes networks larger than the weights that it has,
            needs a class that is not known, or holds a model that is not a `GenerativeModel`.

    Example:

    >>> load_model("nowhere.keras")
    Traceback (most recent call last):
    ...
    ValueError: There is no file nowhere.keras: save a model with model.save("model.keras") first.
    """
    from keras_gan.files.keras_files import weights_allowed

    path = os.fspath(path)
    _check_file(path)
    begun = f"{path} could not be loaded as a model of keras_gan"
    with limited(max_bytes=max_bytes):
        try:
            most_bytes = weights_allowed(path)
        except (ValueError, OSError) as error:
            raise ValueError(f"{begun}: {str(error).rstrip('.')}.") from error
    objects = in_full(path, custom_objects)
    try:
        with making(most_bytes, most_arrays=None), _warnings_of_success():
            model = keras.saving.load_model(path, custom_objects=objects, safe_mode=safe_mode)
    except Exception as error:
        raise ValueError(f"{begun}: {why_not_loaded(path, error, objects)}.") from error
    if not isinstance(model, GenerativeModel):
        raise ValueError(
            f"{path} holds a {type(model).__name__}, not a model of keras_gan: load it with "
            f"keras.saving.load_model."
        )
    return model


@contextlib.contextmanager
def _warnings_of_success() -> Iterator[None]:
    """A scope whose warnings are given at its end, and not at all beside an error that it raises.

    Keras warns of a damaged file's parts before it refuses the file.
    """
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        yield
    for each in found:
        warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)


def _check_file(path: str) -> None:
    """Refuses what is no `.keras` file, before Keras opens it.

    Raises:
        ValueError: With what it is instead, where that can be told.
    """
    if os.path.isdir(path):
        model = os.path.join(path, "model.keras")
        hint = f"load {model}" if os.path.isfile(model) else "name the .keras file in it"
        raise ValueError(f"{path} is a folder, not a .keras file: {hint}.")
    if not os.path.isfile(path):
        raise ValueError(
            f"There is no file {path}{near_path(path)}: save a model with "
            f'model.save("model.keras") first.'
        )
    if not os.access(path, os.R_OK):
        raise ValueError(f"{path} may not be read: its permissions do not allow it.")
    if path.endswith((".h5", ".weights.npz")):
        raise ValueError(
            f"{path} is not a .keras file: weights alone are loaded into a model that is made as "
            f'before, by model.load_weights("{path}").'
        )
    if not path.endswith(".keras") or not zipfile.is_zipfile(path):
        raise ValueError(
            f"{path} is not a .keras file: expected what model.save('model.keras') wrote, "
            f"received something else or a damaged copy."
        )
