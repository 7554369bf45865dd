"""Where a network comes from: the function that built it and its arguments, instead of code."""

import contextlib
import dataclasses
import functools
import inspect
import math
import numbers
import threading
from collections.abc import Callable, Iterable, Iterator, MutableMapping

import keras

from keras_gan.arguments import unknown_name
from keras_gan.networks.sample_shape import respelled, shown

MAKERS: dict[str, Callable[..., keras.Model]] = {}
LARGEST = 65_536  # of a whole number among the arguments
MOST_WEIGHTS = 600  # of a network, in arrays
LARGE = 2**22  # bytes of a weight that is not made before it is known to be in a file
ONE_AT_A_TIME = threading.RLock()  # for what is changed while a budget is watched


@dataclasses.dataclass(frozen=True)
class Origin:
    """The function that built a network, by its name, and the arguments.

    Args:
        network: The name of the function that built it.
        arguments: All its arguments, as values of JSON.
    """

    network: str
    arguments: dict


class TooLargeError(ValueError):
    """A network would take more memory than is allowed."""


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
            arguments = {each: plain(value) for each, value in bound.arguments.items()}
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


def plain(value):
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
        return [plain(each) for each in value]
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
        most_bytes: How much memory its weights may take, in bytes. Default `None`, without bound.
        zeros: Whether all weights are 0 instead of random, which is faster if others replace them
            anyway. Default `False`.
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


def _as_shape(given) -> tuple[int, ...]:
    """Returns a weight's shape as a tuple, from `None`, a number or several."""
    if given is None:
        return ()
    return tuple(int(n) for n in given) if isinstance(given, Iterable) else (int(given),)


@contextlib.contextmanager
def making(
    most_bytes: int | None,
    zeros: bool = False,
    most_arrays: int | None = MOST_WEIGHTS,
    known: MutableMapping[tuple, int] | None = None,
) -> Iterator[None]:
    """A scope for building layers, in which this thread's weights are counted.

    Keras has no hook for that, so the scope replaces `Layer.add_weight` while it lasts. Layers that
    other threads build in the meantime are not affected.

    Args:
        most_bytes: The most that all weights may take in float32, in bytes; `None` for any number.
        zeros: Whether they begin at 0, whatever their initializers.
        most_arrays: The most arrays that the weights may have; `None` for any number.
        known: How many arrays of each shape the file holds. Each large weight must have one of
            these shapes and uses up one array. Default `None`, for any shapes.

    Raises:
        TooLargeError: Beyond these bytes or arrays.
    """
    if most_bytes is None and not zeros:
        yield
        return
    with ONE_AT_A_TIME:
        usual, thread, spent = keras.layers.Layer.add_weight, threading.get_ident(), [0, 0]

        @functools.wraps(usual)
        def add_weight(layer, *args, **kwargs):
            if threading.get_ident() != thread:
                return usual(layer, *args, **kwargs)
            given = dict(zip(("shape", "initializer", "dtype"), args, strict=False)) | kwargs
            shape = _as_shape(given.get("shape"))
            spent[0] += 4 * math.prod(shape)
            spent[1] += 1
            if most_bytes is not None and spent[0] > most_bytes:
                raise TooLargeError(
                    f"its network would have more weights than {most_bytes:,} bytes"
                )
            if None not in (most_bytes, most_arrays) and spent[1] > most_arrays:
                raise TooLargeError(
                    f"its network would have more weights than {most_arrays:,} arrays"
                )
            if known is not None and 4 * math.prod(shape) > LARGE:
                if not known.get(shape):
                    raise TooLargeError(
                        f"its network would have weights of shape {shape}, of which the file holds "
                        f"{'too few' if shape in known else 'none'}"
                    )
                known[shape] -= 1
            return usual(layer, **(given | {"initializer": "zeros"} if zeros else given))

        keras.layers.Layer.add_weight = add_weight
        try:
            yield
        finally:
            keras.layers.Layer.add_weight = usual
