"""The backend that Keras will use, and one sentence if this library cannot run on it."""

import os
import sys

from keras_gan.backend.lazy import PutOff

SUPPORTED = ("tensorflow", "jax")


def asked_for() -> str:
    """Returns the backend that the environment or Keras's settings file names, installed or not."""
    given = os.environ.get("KERAS_BACKEND")
    if given:
        return given
    import json

    home = os.environ.get("KERAS_HOME") or os.path.expanduser(os.path.join("~", ".keras"))
    try:
        with open(os.path.join(home, "keras.json")) as file:
            return json.load(file)["backend"]
    except (OSError, ValueError, KeyError, TypeError):
        return SUPPORTED[0]


def check_asked_for() -> None:
    """Refuses another backend before Keras is imported, which may not even have it.

    Raises:
        ImportError: Says what to set.
    """
    if "keras" not in sys.modules and asked_for() not in SUPPORTED:
        raise _unsupported(asked_for())


def import_keras() -> None:
    """Imports Keras and checks that this library runs on its backend.

    Raises:
        ImportError: If it does not; the message says what to set or to install.
    """
    check_asked_for()
    try:
        import keras
    except ModuleNotFoundError as error:
        missing = (error.name or "").split(".")[0]
        if missing == "tensorflow":
            raise ModuleNotFoundError(
                "Keras computes with TensorFlow by default, which is not installed: "
                "pip install tensorflow, or, with JAX, set KERAS_BACKEND=jax before Keras is "
                "imported.",
                name=error.name,
            ) from None
        if missing in ("jax", "jaxlib"):
            raise ModuleNotFoundError(
                "KERAS_BACKEND or keras.json selects JAX, which is not installed: pip install jax, "
                "or set KERAS_BACKEND=tensorflow.",
                name=error.name,
            ) from None
        raise
    if keras.backend.backend() not in SUPPORTED:
        raise _unsupported(keras.backend.backend())


def _unsupported(backend: str) -> ImportError:
    """Returns the error for another backend; the caller raises it."""
    return ImportError(
        f"keras_gan runs on Keras's backends 'tensorflow' and 'jax'; the present one is "
        f"{backend!r}: set KERAS_BACKEND=tensorflow or KERAS_BACKEND=jax before Keras is imported."
    )


def is_command_line() -> bool:
    """Whether this process is `keras-gan` or `python -m keras_gan`."""
    program = os.path.basename((sys.argv or [""])[0])
    if program in ("keras-gan", "keras-gan.exe", "keras-gan-script.py"):
        return True
    given = list(sys.orig_argv)
    module = given[given.index("-m") + 1] if "-m" in given[:-1] else ""
    return program == "-m" and module.split(".")[0] == "keras_gan"


REST = PutOff("keras_gan", is_due=is_command_line())  # what its help does without
