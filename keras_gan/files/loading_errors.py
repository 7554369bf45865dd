"""Why a `.keras` file could not be loaded, and the remedy, in one or two sentences."""

import json
import re
import zipfile
import zlib
from collections.abc import Iterator

import keras

from keras_gan.texts import one_line

WRAPPED = "Exception encountered:"  # Keras's words around the true cause
FAMILY = ("keras", "keras_cv", "keras_hub", "keras_nlp")  # Keras finds their classes by itself
LONGEST = 300  # characters of somebody else's message


def why_not_loaded(path: str, error: Exception, custom_objects: dict | None = None) -> str:
    """The cause of an error of `keras.saving.load_model`, with the remedy.

    Args:
        path: The file.
        error: What Keras raised.
        custom_objects: The custom objects passed to Keras. Defaults to none.
    """
    damage = _damage_of(path)
    if damage is not None:
        return f"{damage}: the file was cut short or changed; copy it again or use an older one"
    cause = _innermost(error)
    missing = _missing_names(path, custom_objects or {})
    if any(name.split(">")[-1] in str(cause) for name in missing):
        return _of_missing(path, missing)
    if "safe_mode" in str(cause):
        return (
            f"it contains Python code (a Lambda layer or a lambda); if you trust the file, allow "
            f'the code with kg.load_model("{path}", safe_mode=False)'
        )
    if isinstance(cause, KeyError) and cause.args and str(cause.args[0]).isidentifier():
        return f"config.json in it has no {cause.args[0]!r}{_of_newer_keras(path)}"
    return f"{said(cause)}{_of_newer_keras(path)}"


def _of_missing(path: str, missing: list[str]) -> str:
    """The sentence about classes and functions in the file that are not registered."""
    ours = [name for name in missing if name.startswith("keras_gan>")]
    if ours:
        names = ", ".join(one_line(name.split(">")[1]) for name in ours)
        return (
            f"it needs {names}, which this version of keras_gan does not have: install the version "
            f"that saved the file, or a newer one"
        )
    plural = len(missing) > 1
    names = ", ".join(repr(name) for name in missing)
    objects = one_line(", ".join(f'"{name}": {name.split(">")[-1]}' for name in missing))
    return (
        f"{names} {'are' if plural else 'is'} not registered: import the module that registers "
        f"{'them' if plural else 'it'} with @keras.saving.register_keras_serializable(), or pass "
        f'kg.load_model("{path}", custom_objects={{{objects}}})'
    )


def _innermost(error: Exception) -> Exception:
    """The original error within those that Keras wraps around each other."""
    while WRAPPED in str(error):
        inner = error.__cause__ or error.__context__
        if inner is None:
            break
        error = inner
    return error


def said(error: Exception) -> str:
    """An error's message as one line of limited length, without a final full stop.

    Args:
        error: Any exception.

    Example:

    >>> said(KeyError("There is no item"))
    'There is no item'
    >>> said(ValueError("Of two objects:\\n\\n  the first.\\n"))
    'Of two objects: the first'
    """
    message = error.args[0] if isinstance(error, KeyError) and error.args else error
    text = one_line(str(message).split("Full object config:")[0])
    if len(text) > LONGEST:
        text = f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
    return text.rstrip(".: ") or type(error).__name__


def _damage_of(path: str) -> str | None:
    """Which part of a file is missing or damaged; `None` if all parts are intact."""
    try:
        with zipfile.ZipFile(path) as archive:
            names, broken = archive.namelist(), archive.testzip()
            if broken is not None:
                return f"{one_line(broken)} in it is damaged"
            if "config.json" not in names:
                return "it lacks config.json"
            weights = [name for name in names if name.startswith("model.weights.")]
            if not weights:
                return "it lacks model.weights.h5"
            json.loads(archive.read("config.json"))
            if weights == ["model.weights.h5"] and not _is_hdf5(archive.open(weights[0])):
                return "model.weights.h5 in it is damaged"
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        return f"it is damaged ({said(error)})"
    except ValueError as error:
        return f"config.json in it is damaged ({said(error)})"
    return None


def _is_hdf5(file) -> bool:
    """Whether an open file is an intact HDF5 file."""
    import h5py

    try:
        h5py.File(file, "r").close()
    except OSError:
        return False
    return True


def _config_in(path: str) -> dict:
    """The content of an intact file's `config.json`."""
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("config.json"))


def _missing_names(path: str, custom_objects: dict) -> list[str]:
    """The registered names in a file that Keras cannot find."""
    return [
        name
        for name in dict.fromkeys(_names_in(_config_in(path)))
        if keras.saving.get_registered_object(name, custom_objects=custom_objects) is None
        and name.split(">")[-1] not in custom_objects
    ]


def in_full(path: str, custom_objects: dict | None) -> dict | None:
    """Custom objects, also under the file's full names for them, `"package>name"`.

    Args:
        path: A `.keras` file.
        custom_objects: By name, with or without the package; or `None`.
    """
    if not custom_objects or _damage_of(path) is not None:
        return custom_objects
    full = {name: custom_objects.get(name.split(">")[-1]) for name in _names_in(_config_in(path))}
    return {name: each for name, each in full.items() if each is not None} | custom_objects


def _names_in(config) -> Iterator[str]:
    """The names in a config under which Keras looks up objects that are not its own."""
    if isinstance(config, dict):
        module, name = config.get("module") or "", config.get("class_name")
        if name == "function" and module == "builtins":
            if isinstance(config.get("config"), str) and not _is_keras_function(config["config"]):
                yield config["config"]
        elif (
            isinstance(name, str)
            and "config" in config
            and not name.startswith("__")
            and module.split(".")[0] not in FAMILY
        ):
            yield config.get("registered_name") or name
    inner = config.values() if isinstance(config, dict) else config
    for each in inner if isinstance(config, (dict, list)) else ():
        yield from _names_in(each)


def _is_keras_function(name: str) -> bool:
    """Whether Keras has a function of this name."""
    return any(hasattr(module, name) for module in (keras.activations, keras.losses, keras.metrics))


def _of_newer_keras(path: str) -> str:
    """A further clause if a newer Keras saved the file; otherwise nothing."""
    try:
        with zipfile.ZipFile(path) as archive:
            saved = json.loads(archive.read("metadata.json"))["keras_version"]
        newer = _numbers_of(saved) > _numbers_of(keras.__version__)
    except (KeyError, ValueError, TypeError):
        return ""
    if not newer:
        return ""
    return (
        f"; Keras {one_line(saved)} saved it, but {keras.__version__} is installed: pip install "
        f"-U keras"
    )


def _numbers_of(version: str) -> list[int]:
    """The numbers in a version, for comparison.

    >>> _numbers_of("3.15.1") < _numbers_of("4.0")
    True
    """
    return [int(number) for number in re.findall(r"\d+", version)[:3]]
