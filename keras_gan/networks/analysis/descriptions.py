"""Networks and optimizers as plain values, equal in two programs that build them alike."""

import base64
import hashlib
import json
import marshal
import platform

import keras
import numpy as np

PYTHON = ".".join(platform.python_version_tuple()[:2])
LEFT_OUT = {  # what does not affect the rest of a training
    "module",
    "registered_name",
    "build_config",
    "compile_config",
    "shared_object_id",
    "name",
    "seed",  # random states and weights come from the checkpoint
}


def networks_of(model: keras.Model) -> dict[str, dict]:
    """The descriptions of a model's networks, by the name of each network in the model."""
    names = getattr(model, "network_names", ())
    return {name: _of_network(getattr(model, name)) for name in names}


def optimizers_of(model: keras.Model) -> dict[str, dict]:
    """The descriptions of the optimizers, by player, without constant rates, which are state."""
    return {
        player: _without_rate(described(o)) for player, o in model.optimizers_by_player().items()
    }


def versions() -> dict[str, str]:
    """The versions of this library, Keras, the backend and Python."""
    import keras_gan

    name = keras.backend.backend()
    backend = __import__(name).__version__
    return {
        "keras_gan": keras_gan.__version__,
        "keras": keras.__version__,
        "backend": f"{name} {backend}",
        "python": PYTHON,
    }


def _of_network(network: keras.layers.Layer) -> dict:
    """A network's layers, their options and their connections."""
    found = described(network)
    config = found.get("config")
    if isinstance(config, dict) and "layers" in config:
        return found
    layers = network._flatten_layers(include_self=False, recursive=False)
    return {**found, "layers": [_of_network(layer) for layer in layers]}


def described(thing) -> dict:
    """An object's class and options; of a class without a config, its plain public attributes."""
    try:
        config = keras.saving.serialize_keras_object(thing)
    except Exception:  # a user's class without a config
        plain = (bool, int, float, str, type(None))
        options = {k: v for k, v in vars(thing).items() if k[:1] != "_" and isinstance(v, plain)}
        config = {"class_name": type(thing).__name__, "config": options}
    return _plainly(json.loads(json.dumps(config, default=_in_json)))


def _in_json(value):
    """A NumPy or backend value as lists, anything else as the name of its type."""
    try:
        return np.asarray(value).tolist()
    except Exception:
        return type(value).__name__


def _plainly(config):
    """A config without seeds and names; names depend on what else a program has built.

    Layers that others refer to are numbered instead.

    Example:

    >>> one, other = keras.layers.Dense(2, name="a"), keras.layers.Dense(2, name="b")
    >>> described(one) == described(other)
    True
    >>> described(one) == described(keras.layers.Dense(2, activation="relu"))
    False
    """
    numbers = {}

    def number(name):
        return numbers.setdefault(name, len(numbers))

    def referring(value):
        if isinstance(value, list):
            return [referring(each) for each in value]
        return f"layer {number(value)}" if isinstance(value, str) else value

    def visited(value):
        if isinstance(value, list):
            return [visited(each) for each in value]
        if not isinstance(value, dict):
            return value
        if str(value.get("class_name")).endswith("DTypePolicy"):
            return value["config"]["name"]
        if value.get("class_name") == "__lambda__":
            return {f"lambda in Python {PYTHON}": _of_code(value["config"])}
        if isinstance(value.get("name"), str):
            number(value["name"])
        return {
            key: referring(each)
            if key in ("keras_history", "input_layers", "output_layers")
            else visited(each)
            for key, each in value.items()
            if key not in LEFT_OUT
        }

    return visited(config)


def _of_code(config: dict) -> str:
    """A digest of what a lambda does, wherever it stands in its file.

    Each minor version of Python compiles it to different code.
    """
    try:
        code = marshal.loads(base64.b64decode(config["code"]))
        content = repr((plain_code(code), config.get("defaults"), config.get("closure")))
    except Exception:
        content = json.dumps(config, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def plain_code(value):
    """A code object, or one of its constants, as plain values that do not depend on its file."""
    if hasattr(value, "co_code"):
        constants = [plain_code(each) for each in value.co_consts]
        return value.co_code, constants, value.co_names, value.co_freevars
    if isinstance(value, frozenset):
        return sorted(map(repr, value))
    return [plain_code(each) for each in value] if isinstance(value, tuple) else value


def _without_rate(config):
    """An optimizer's config without constant learning rates."""
    if not isinstance(config, dict):
        return config
    return {
        key: _without_rate(value)
        for key, value in config.items()
        if key != "learning_rate" or isinstance(value, dict)
    }
