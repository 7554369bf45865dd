"""Where a network comes from: the function that built it and its arguments, instead of code."""

import contextlib
import dataclasses
import functools
import inspect
import math
import numbers
from collections.abc import Callable, MutableMapping

import keras

from keras_gan.arguments import unknown_name
from keras_gan.networks.sample_shape import respelled, shown
from keras_gan.networks.weight_limits import TooLargeError, making

MAKERS: dict[str, Callable[..., keras.Model]] = {}
LARGEST = 65_536  # of a whole number among the arguments


@dataclasses.dataclass(frozen=True)
class Origin:
    """The function that built a network, by its name, and the arguments.

    Args:
        network: The name of the function that built it.
        arguments: All its arguments, as values of JSON.
    """

    network: str
    arguments: dict


def register(function: Callable[..., keras.Model]) -> Callable[..., keras.Model]:
    """Decorates a function that builds a network, so that presets can store the network by name.

    A preset holds no code. It stores the function's name and its arguments, which must be values
    of JSON: whole and other numbers, strings, `True`, `False`, `None` and lists of them. Loading
    the preset calls the function of that name again: import your own functions before.

    A function with an argument `data_dim` or `image_shape` also accepts `sample_shape=`, `(2,)` for
    points or `(28, 28, 1)` for images. The preset stores the function's own argument.

    Args:
        function: Takes plain arguments and returns a built `keras.Model`.

    Returns:
        The function, whose networks `origin_of` knows.

    Raises:
        ValueError: If another function of that name is registered.

    Example:

    >>> import keras_gan as kg
    >>> @kg.networks.register
    ... def linear_generator(latent_dim: int = 2):
    ...     return keras.Sequential([keras.Input((latent_dim,)), keras.layers.Dense(2)])
    >>> kg.networks.origin_of(linear_generator(latent_dim=3))
    Origin(network='linear_generator', arguments={'latent_dim': 3})
    """
    name, signature = function.__name__, inspect.signature(function)
    taken = MAKERS.get(name)
    if taken is not None and (taken.__module__, taken.__qualname__) != (
        function.__module__,
        function.__qualname__,
    ):
        raise ValueError(
            f"A network function {name!r} is registered already, by {taken.__module__}: rename "
            f"this one."
        )

    @functools.wraps(function)
    def maker(*args, **kwargs):
        args = tuple(map(_python_number, args))
        kwargs = {each: _python_number(value) for each, value in kwargs.items()}
        kwargs = respelled(name, signature, args, kwargs)
        network = function(*args, **kwargs)
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        with contextlib.suppress(TypeError):  # an argument that JSON cannot hold
            arguments = {each: _plain(value) for each, value in bound.arguments.items()}
            remember(network, Origin(name, arguments))
        return network

    maker.__signature__ = shown(signature)
    MAKERS[name] = maker
    return maker


def origin_of(network: keras.Model) -> Origin | None:
    """Returns the name and arguments that built a network, or `None` without a registered function.

    Args:
        network: A `keras.Model`.

    Example:

    >>> import keras_gan as kg
    >>> origin_of(kg.networks.mlp_generator(width=8)).arguments["width"]
    8
    """
    return getattr(network, "_keras_gan_origin", None)


def remember(network: keras.Model, origin: Origin | None) -> None:
    """Records where a network comes from."""
    object.__setattr__(network, "_keras_gan_origin", origin)


def is_ours(network: keras.Model) -> bool:
    """Returns whether a function of this library built a network, from layers that always load.

    Args:
        network: A `keras.Model`.
    """
    found = origin_of(network)
    maker = MAKERS.get(found.network) if found is not None else None
    return maker is not None and maker.__module__.split(".")[0] == "keras_gan"


def serialized_network(network: keras.Model) -> dict:
    """Serializes a network as Keras does and adds its origin, which Keras would lose.

    Args:
        network: A `keras.Model`.
    """
    config, origin = keras.saving.serialize_keras_object(network), origin_of(network)
    return config if origin is None else config | {"origin": dataclasses.asdict(origin)}


def restored_object(config: dict, custom_objects=None):
    """Restores what `serialized_network` or Keras serialized.

    Args:
        config: Its dict.
        custom_objects: As in `keras.saving.deserialize_keras_object`.
    """
    restored = keras.saving.deserialize_keras_object(config, custom_objects=custom_objects)
    if "origin" in config:
        remember(restored, Origin(**config["origin"]))
    return restored


def _plain(value):
    """Returns a value as JSON holds it, with lists for tuples.

    Raises:
        TypeError: For a value that JSON cannot hold, and for dicts, from which Keras would build
            layers and functions where it takes an activation.
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    raise TypeError(f"{value!r} is not a plain value")


def _python_number(value):
    """Returns a whole number of NumPy as Python's, which Keras and JSON take."""
    is_whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    return int(value) if is_whole else value


def build(
    origin: Origin,
    most_bytes: int | None = None,
    zeros: bool = False,
    known: MutableMapping[tuple, int] | None = None,
) -> keras.Model:
    """Builds the network that a name and arguments describe, with new weights.

    Args:
        origin: The name and the arguments.
        most_bytes: How much memory its weights may take, in bytes. Defaults to `None`, without
            bound.
        zeros: Whether all weights are 0 instead of random, which is faster if others replace them
            anyway. Defaults to `False`.
        known: How many arrays of each shape the weights may have, as in `making`.

    Raises:
        ValueError: For an unknown name, unknown arguments or values that the function refuses.
        TooLargeError: If the network would take more than `most_bytes`; it is not allocated.
    """
    if origin.network not in MAKERS:
        raise unknown_name("network", origin.network, MAKERS)
    maker = MAKERS[origin.network]
    parameters = inspect.signature(maker).parameters
    for name, value in origin.arguments.items():
        if name not in parameters:
            raise unknown_name(f"argument of {origin.network}", name, parameters)
        _check_plain(name, value)
    with making(most_bytes, zeros, known=known):
        try:
            network = maker(**origin.arguments)
        except (TooLargeError, MemoryError):
            raise
        except Exception as error:  # whatever an argument of the wrong type brings about
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise ValueError(
                f"{origin.network} cannot be built with {origin.arguments}: {reason}"
            ) from error
    if not isinstance(network, keras.Model):
        raise ValueError(
            f"{origin.network} must return a keras.Model; it returned a {type(network).__name__}."
        )
    return network


def _check_plain(name: str, value) -> None:
    """Refuses dicts and numbers that are too large for a network, before anything is built."""
    if isinstance(value, dict):  # Keras would make a layer or a function of it
        raise ValueError(f"{name} must be a number, a string or a list, not a dict.")
    if isinstance(value, list):
        for each in value:
            _check_plain(name, each)
    if (isinstance(value, (int, float)) and abs(value) > LARGEST) or len(repr(value)) > 200:
        raise ValueError(f"{name}={repr(value)[:40]} is out of range: {LARGEST} is the most.")
