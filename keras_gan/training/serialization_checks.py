"""Checks, before training, that a model can be saved and loaded again."""

import contextlib
import random
import re
import warnings
from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from keras_gan.networks import registry
from keras_gan.training.foreign_objects import (
    foreign_parts,
    is_foreign,
    label_of,
    name_of,
    nodes_of,
)
from keras_gan.training.forgotten_arguments import check_remembered

REGISTER = "@keras.saving.register_keras_serializable()"


def check_apart(networks: dict[str, keras.Model]) -> None:
    """Refuses networks that share a variable: a saved model could not be loaded.

    Args:
        networks: All networks of a model, by role.

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
                    f"The {other} and the {role} share the {shared}, so a saved model could not be "
                    f"loaded: build a separate one for each network."
                )


def check_registered(model: keras.Model) -> None:
    """Refuses a model whose class is not registered with Keras.

    Args:
        model: A built model.

    Raises:
        ValueError: Names the class and the remedy.
    """
    kind = type(model)
    if keras.saving.get_registered_object(keras.saving.get_registered_name(kind)) is None:
        raise ValueError(
            f"The class {kind.__name__} is not registered, so a saved model could not be loaded: "
            f"decorate it with {REGISTER}."
        )


def check_loads(part: str, thing) -> None:
    """Refuses a part of a model that could not be saved and loaded again.

    It serializes the part, and rebuilds from its config every object that belongs neither to Keras
    nor to this library, just as loading would.

    Args:
        part: Its role in the model, such as `"discriminator"`.
        thing: Anything that Keras serializes: a network, an objective, an optimizer.

    Raises:
        ValueError: Names the object and the remedy.

    Warns:
        UserWarning: For a Python lambda, which loads only if the user allows files to run code.
    """
    if isinstance(thing, keras.Model) and registry.is_ours(thing):
        return
    with _untouched():
        try:
            config = keras.saving.serialize_keras_object(thing)
        except Exception as error:
            raise ValueError(
                f"The {part} cannot be saved ({_in_short(error)}): {_remedy_of(thing, error)}."
            ) from error
        layers = thing._flatten_layers() if isinstance(thing, keras.Model) else []
        by_name = {layer.name: layer for layer in layers}
        lambdas = [
            holder for holder in foreign_parts(config) if not _is_made_again(part, holder, by_name)
        ]
        for layer in by_name.values():
            _check_activation(part, layer)
        if not lambdas:
            check_remembered(part, thing)
    for holder in lambdas:
        warnings.warn(
            f"{label_of(holder)!r} of the {part} contains a Python lambda, so a saved model loads "
            f"only after keras.config.enable_unsafe_deserialization(): use a function decorated "
            f"with {REGISTER} instead.",
            stacklevel=5,
        )


def _is_made_again(part: str, config: dict, by_name: dict) -> bool:
    """Whether an object loads from its config; `False` if only with unsafe deserialization.

    Raises:
        ValueError: If it does not load.
    """
    foreign = list(filter(is_foreign, nodes_of(config)))
    for each in foreign:
        name = name_of(each)
        if name is not None and keras.saving.get_registered_object(name) is None:
            kind = "function" if each["class_name"] == "function" else "class"
            raise ValueError(
                f"The {kind} {name!r} of the {part} is not registered, so a saved model could not "
                f"be loaded: decorate the {kind} with {REGISTER}."
            )
    lambdas = [each for each in foreign if name_of(each) is None]
    try:
        made = keras.saving.deserialize_keras_object(config)
    except Exception as error:
        if not lambdas:
            raise ValueError(
                f"The {part} could not be loaded from a saved model, because {label_of(config)!r} "
                f"cannot be rebuilt from its config ({_in_short(error)}): let its get_config "
                f"return all arguments of its constructor, including those for super().__init__."
            ) from error
        with contextlib.suppress(Exception):
            keras.saving.deserialize_keras_object(config, safe_mode=False)
            return False
        raise ValueError(
            f"The {part} could not be loaded from a saved model, because {label_of(config)!r} "
            f"contains a Python lambda: use a function decorated with {REGISTER} instead."
        ) from error
    present = by_name.get(label_of(config))
    if isinstance(made, keras.layers.Layer) and made.built and present is not None:
        shapes = [[tuple(w.shape) for w in layer.weights] for layer in (made, present)]
        if shapes[0] != shapes[1]:
            raise ValueError(
                f"The {part} could not be loaded from a saved model, because the layer "
                f"{present.name!r}, rebuilt from its config, has weights of shapes {shapes[0]} "
                f"instead of {shapes[1]}: let its get_config return all arguments of its "
                f"constructor."
            )
    return True


def _check_activation(part: str, layer) -> None:
    """Refuses a user's activation that loading would replace by Keras's of the same name."""
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
    except Exception:  # not a Keras name: the check of the config covers it
        return
    if not np.allclose(*results, atol=1e-3, equal_nan=True):  # NaN from a root or log below 0
        raise ValueError(
            f"The {part}'s layer {layer.name!r} has your own activation {function.__name__!r}, "
            f"but a saved model would load with Keras's: decorate yours with {REGISTER}."
        )


@contextlib.contextmanager
def _untouched() -> Iterator[None]:
    """A scope that leaves the global random states unchanged."""
    states = random.getstate(), np.random.get_state()
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*(lambda|serializ)")
            yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


def _remedy_of(thing, error: Exception) -> str:
    """What to do about an object that Keras could not serialize."""
    holders = thing._flatten_layers() if isinstance(thing, keras.Model) else [thing]
    held = [value for holder in holders for value in getattr(holder, "__dict__", {}).values()]
    if any(_is_nameless(each) and str(each) in str(error) for each in held):
        return f"use a function instead, defined with def and decorated with {REGISTER}"
    return "give its class a get_config that returns all arguments of its constructor"


def _is_nameless(value) -> bool:
    """Whether a value is callable but has neither a config nor a name."""
    return callable(value) and not hasattr(value, "get_config") and not hasattr(value, "__name__")


def _in_short(error: Exception) -> str:
    """The line of an error's message that gives the cause, which Keras puts after its advice."""
    cause = re.split("Exception encountered:|Error encountered during deserial[a-z]+:", str(error))
    lines = cause[-1].strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:160].rstrip(".:, ")
