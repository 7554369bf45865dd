"""Whether a game can be loaded again once it is saved, before it is trained."""

import contextlib
import random
import re
import warnings
from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from keras_gan.networks import registry

REGISTER = "@keras.saving.register_keras_serializable()"
CODE = "__lambda__"


def check_apart(networks: dict[str, keras.Model]) -> None:
    """Refuses networks that share a variable: their game would not load, and two might move it.

    Args:
        networks: All of a game by role.

    Raises:
        ValueError: Names the layer, both networks and the remedy.
    """
    owners = {}
    for role, network in networks.items():
        for variable in network.variables:
            other = owners.setdefault(id(variable), role)
            if other != role:
                holders = [
                    layer
                    for layer in network._flatten_layers(include_self=False)
                    if any(each is variable for each in layer.variables)
                ]
                shared = f"layer {holders[-1].name!r}" if holders else f"weight {variable.path!r}"
                raise ValueError(
                    f"The {other} and the {role} share the {shared}, and a saved game of such "
                    f"networks cannot be loaded: build one for each, by a call of its own."
                )


def check_registered(game: keras.Model) -> None:
    """Refuses a game of a class that loading would not find.

    Raises:
        ValueError: Names the class and the remedy.
    """
    kind = type(game)
    if keras.saving.get_registered_object(keras.saving.get_registered_name(kind)) is None:
        raise ValueError(
            f"The class {kind.__name__} is not registered, so its saved games could not be loaded: "
            f"decorate it with {REGISTER}."
        )


def check_loads(part: str, thing) -> None:
    """Refuses a part of a game that could not be loaded again.

    Its config is what a file holds. What in it is not of Keras or this library is made again from
    it, as loading would.

    Args:
        part: What it is to the game, such as `"discriminator"`.
        thing: Whatever Keras serializes: a network, an objective, an optimizer.

    Raises:
        ValueError: Names the object and the remedy.

    Warns:
        UserWarning: Of a Python lambda, which loads only where the user lets files run code.
    """
    if isinstance(thing, keras.Model) and registry.is_ours(thing):
        return
    with _untouched():
        try:
            config = keras.saving.serialize_keras_object(thing)
        except Exception as error:
            raise ValueError(
                f"The {part} could not be saved ({_in_short(error)}): {_remedy_of(thing, error)}."
            ) from error
        layers = thing._flatten_layers() if isinstance(thing, keras.Model) else []
        by_name = {layer.name: layer for layer in layers}
        lambdas = [
            holder for holder in _foreign_parts(config) if not _is_made_again(part, holder, by_name)
        ]
        for layer in by_name.values():
            _check_activation(part, layer)
    for holder in lambdas:
        warnings.warn(
            f"{_label_of(holder)!r} of the {part} holds a Python lambda, with which a saved game "
            f"loads only after keras.config.enable_unsafe_deserialization(): give it a function "
            f"under {REGISTER} instead.",
            stacklevel=5,
        )


def _foreign_parts(config) -> Iterator[dict]:
    """The layers and other objects in a config that are, or hold, what is not of Keras or ours."""
    if isinstance(config, (list, tuple)):
        for each in config:
            yield from _foreign_parts(each)
    elif isinstance(config, dict):
        inner = config.get("config")
        holds_layers = isinstance(inner, dict) and ("layers" in inner or "network" in inner)
        if "class_name" not in config or (holds_layers and not _is_foreign(config)):
            yield from _foreign_parts(list(config.values()))
        elif any(map(_is_foreign, _nodes(config))):
            yield config


def _nodes(config) -> Iterator[dict]:
    """All dicts in a config, itself among them."""
    if isinstance(config, dict):
        yield config
    for each in config.values() if isinstance(config, dict) else config:
        if isinstance(each, (dict, list, tuple)):
            yield from _nodes(each)


def _is_foreign(config: dict) -> bool:
    """Whether a config is of a class or function that is not of Keras or this library."""
    if "class_name" not in config:  # what Keras makes of a lambda as activation
        return set(config) == {"value"} and isinstance(config["value"], (list, tuple))
    if config["class_name"] in ("function", CODE):
        return not str(config["config"]).startswith("keras_gan>")
    package = (config.get("module") or "").split(".")[0]
    return "registered_name" in config and package not in ("keras", "keras_gan")


def _is_made_again(part: str, config: dict, by_name: dict) -> bool:
    """Whether loading makes the object of a config again; `False` if only where lambdas may run.

    Raises:
        ValueError: If it does not.
    """
    foreign = list(filter(_is_foreign, _nodes(config)))
    for each in foreign:
        name = name_of(each)
        if name is not None and keras.saving.get_registered_object(name) is None:
            kind = "function" if each["class_name"] == "function" else "class"
            raise ValueError(
                f"The {kind} {name!r} of the {part} is not registered, so a saved game could not "
                f"be loaded: decorate it with {REGISTER}."
            )
    lambdas = [each for each in foreign if name_of(each) is None]
    try:
        made = keras.saving.deserialize_keras_object(config)
    except Exception as error:
        if not lambdas:
            raise ValueError(
                f"The {part} could not be loaded from a saved game, for {_label_of(config)!r} "
                f"cannot be made again from its config ({_in_short(error)}): let its get_config "
                f"return what its constructor takes, **options for super().__init__ among it."
            ) from error
        with contextlib.suppress(Exception):
            keras.saving.deserialize_keras_object(config, safe_mode=False)
            return False
        raise ValueError(
            f"The {part} could not be loaded from a saved game, for {_label_of(config)!r} holds a "
            f"Python lambda: give it a function under {REGISTER} instead."
        ) from error
    present = by_name.get(_label_of(config))
    if isinstance(made, keras.layers.Layer) and made.built and present is not None:
        shapes = [[tuple(w.shape) for w in layer.weights] for layer in (made, present)]
        if shapes[0] != shapes[1]:
            raise ValueError(
                f"The {part} could not be loaded from a saved game, for the layer {present.name!r} "
                f"made again from its config has weights of the shapes {shapes[0]} instead of "
                f"{shapes[1]}: let its get_config return all arguments of its constructor."
            )
    return True


def name_of(config: dict) -> str | None:
    """The name by which loading looks for a class or function; `None` of code."""
    if config.get("class_name") in (None, CODE):
        return None
    return config["config" if config["class_name"] == "function" else "registered_name"]


def _label_of(config: dict) -> str:
    """How a user knows the object of a config: by its own name or its class's."""
    own = config["config"].get("name") if isinstance(config["config"], dict) else None
    return own or config["class_name"]


def _check_activation(part: str, layer) -> None:
    """Refuses an activation in whose place loading would take Keras's, of the same name."""
    from keras_gan.networks.analysis.layer_trials import grid

    function = getattr(layer, "activation", None)
    if not callable(function) or isinstance(function, keras.layers.Layer):
        return
    try:
        loaded = keras.activations.get(keras.activations.serialize(function))
        if loaded is function:
            return
        x = ops.convert_to_tensor(grid(10.0), "float32")
        results = [ops.convert_to_numpy(each(x)) for each in (loaded, function)]
    except Exception:  # of what has no such name, of which the config tells
        return
    if not np.allclose(*results, atol=1e-3, equal_nan=True):  # of a root or logarithm below 0
        raise ValueError(
            f"The {part}'s layer {layer.name!r} has an activation {function.__name__!r} of yours, "
            f"and a saved game would be loaded with Keras's: decorate it with {REGISTER}."
        )


@contextlib.contextmanager
def _untouched() -> Iterator[None]:
    """A scope after which random numbers go on as if nothing had been made in it."""
    states = random.getstate(), np.random.get_state()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*(lambda|serializ)")
            yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


def _remedy_of(thing, error: Exception) -> str:
    """What to do about something that Keras could not serialize."""
    holders = thing._flatten_layers() if isinstance(thing, keras.Model) else [thing]
    held = [value for holder in holders for value in getattr(holder, "__dict__", {}).values()]
    if any(_is_nameless(each) and str(each) in str(error) for each in held):
        return f"put a function in its place, defined by def under {REGISTER}"
    return "give its class a get_config that returns all arguments of its constructor"


def _is_nameless(value) -> bool:
    """Whether a value is called as a function is, but has no name to be found by."""
    return callable(value) and not hasattr(value, "get_config") and not hasattr(value, "__name__")


def _in_short(error: Exception) -> str:
    """The line of an error's message that says the cause, which Keras puts behind its advice."""
    cause = re.split("Exception encountered:|Error encountered during deserial[a-z]+:", str(error))
    lines = cause[-1].strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:160].rstrip(".:, ")
