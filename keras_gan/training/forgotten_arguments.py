"""Arguments that a class of one's own leaves out of its config, so that loading forgets them."""

import inspect
from collections.abc import Iterator

import keras

REGISTERED = ("name", "dtype", "trainable", "seed", "self", "kwargs", "args")  # not the class's own
PLAIN = (bool, int, float, str, tuple)


def check_remembered(part: str, thing) -> None:
    """Refuses objects of one's own whose copy, made from their config, has other arguments.

    Only arguments count that the object keeps as attributes of their names, as numbers and texts.

    Args:
        part: Its role in the model, such as `"objective"`.
        thing: A network, a list of objects, or an object, known to be made again from its config.

    Raises:
        ValueError: Names the class, the argument and the remedy.
    """
    for each in _own_objects(thing):
        config = keras.saving.serialize_keras_object(each)
        made = keras.saving.deserialize_keras_object(config)
        for name in inspect.signature(type(each).__init__).parameters:
            before, after = getattr(each, name, None), getattr(made, name, None)
            if name not in REGISTERED and isinstance(before, PLAIN) and before != after:
                raise ValueError(
                    f"The {part} could not be loaded from a saved model, because the "
                    f"{type(each).__name__} in it, rebuilt from its config, has {name}={after!r} "
                    f"instead of {before!r}: let its get_config return all arguments of its "
                    f"constructor, {name!r} too."
                )


def _own_objects(thing) -> Iterator:
    """The objects of classes from outside Keras and this library: layers of a network, or parts."""
    if isinstance(thing, keras.Model):
        parts = thing._flatten_layers(include_self=False)
    else:
        parts = thing if isinstance(thing, (list, tuple)) else [thing]
    for each in parts:
        module = type(each).__module__.split(".")[0]
        if module not in ("keras", "keras_gan") and hasattr(each, "get_config"):
            yield each
