"""Where a network comes from: the function that made it and the arguments, instead of code."""

import contextlib
import dataclasses
import functools
import inspect
import math
import threading
from collections.abc import Callable, Iterable, Iterator, MutableMapping

import keras

from keras_gan.arguments import unknown_name

MAKERS: dict[str, Callable[..., keras.Model]] = {}
LARGEST = 65_536  # of a whole number among the arguments
MOST_WEIGHTS = 600  # of a network, in arrays
LARGE = 2**22  # bytes of a weight that is not made before it is known to be in a file
ONE_AT_A_TIME = threading.RLock()  # for what is changed while a budget is watched


@dataclasses.dataclass(frozen=True)
class Origin:
    """A network by name and arguments.

    Args:
        network: The name of the function that made it.
        arguments: All its arguments, as JSON has them.
    """

    network: str
    arguments: dict


class TooLargeError(ValueError):
    """A network that would take more memory than it may."""


def register(function: Callable[..., keras.Model]) -> Callable[..., keras.Model]:
    """Decorator of a function that makes a network: what it makes can be stored by name.

    A preset holds no code. It names the function and its arguments, which must be what JSON has:
    whole and other numbers, texts, `True`, `False`, `None` and lists of them. Where the preset is
    loaded, the function of that name is called again: import your own before.

    Args:
        function: From plain arguments to a built `keras.Model`.

    Raises:
        ValueError: For a name that another function has.

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
            f"A network function {name!r} is registered already, by {taken.__module__}: give this "
            f"one another name."
        )

    @functools.wraps(function)
    def maker(*args, **kwargs):
        network = function(*args, **kwargs)
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        with contextlib.suppress(TypeError):  # an argument that is no plain value has no name
            arguments = {each: plain(value) for each, value in bound.arguments.items()}
            remember(network, Origin(name, arguments))
        return network

    MAKERS[name] = maker
    return maker


def origin_of(network: keras.Model) -> Origin | None:
    """The name and arguments of a network; `None` where no registered function made it.

    Args:
        network: A `keras.Model`.

    Example:

    >>> import keras_gan as kg
    >>> origin_of(kg.networks.mlp_generator(width=8)).arguments["width"]
    8
    """
    return getattr(network, "_keras_gan_origin", None)


def remember(network: keras.Model, origin: Origin | None) -> None:
    """Notes where a network comes from."""
    object.__setattr__(network, "_keras_gan_origin", origin)


def is_ours(network: keras.Model) -> bool:
    """Whether a function of this library made a network, of layers that always load.

    Args:
        network: A `keras.Model`.
    """
    found = origin_of(network)
    maker = MAKERS.get(found.network) if found is not None else None
    return maker is not None and maker.__module__.split(".")[0] == "keras_gan"


def serialized_network(network: keras.Model) -> dict:
    """A network as Keras serializes it, and beside it where it comes from, which Keras forgets.

    Args:
        network: A `keras.Model`.
    """
    config, origin = keras.saving.serialize_keras_object(network), origin_of(network)
    return config if origin is None else config | {"origin": dataclasses.asdict(origin)}


def restored_object(config: dict, custom_objects=None):
    """What `serialized_network` or Keras serialized.

    Args:
        config: Its dict.
        custom_objects: As in `keras.saving.deserialize_keras_object`.
    """
    restored = keras.saving.deserialize_keras_object(config, custom_objects=custom_objects)
    if "origin" in config:
        remember(restored, Origin(**config["origin"]))
    return restored


def plain(value):
    """A value as JSON has it: lists for tuples.

    Raises:
        TypeError: For anything that JSON has not, and for its objects, of which Keras makes layers
            and functions where it takes an activation.
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    raise TypeError(f"{value!r} is no plain value")


def build(
    origin: Origin,
    most_bytes: int | None = None,
    zeros: bool = False,
    known: MutableMapping[tuple, int] | None = None,
) -> keras.Model:
    """The network that a name and arguments describe, with new weights.

    Args:
        origin: The name and the arguments.
        most_bytes: How much memory its weights may take. `None`, the default, sets no bound.
        zeros: Whether all weights are 0 instead of random, which is faster where others replace
            them anyway. Defaults to `False`.
        known: How many arrays of each shape there are weights for, as in `making`.

    Raises:
        ValueError: For an unknown name, unknown arguments or values that the function refuses.
        TooLargeError: For a network that would take more memory than that; it is not allocated.
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
                f"{origin.network} cannot be made with {origin.arguments}: {reason}"
            ) from error
    if not isinstance(network, keras.Model):
        raise ValueError(f"{origin.network} made a {type(network).__name__}, no keras.Model.")
    return network


def _check_plain(name: str, value) -> None:
    """Refuses objects, and numbers that no network has, before anything is made of them."""
    if isinstance(value, dict):  # Keras would make a layer or a function of it
        raise ValueError(f"{name} is an object, and no number, text or list.")
    if isinstance(value, list):
        for each in value:
            _check_plain(name, each)
    if (isinstance(value, (int, float)) and abs(value) > LARGEST) or len(repr(value)) > 200:
        raise ValueError(f"{name}={repr(value)[:40]} is out of range: at most {LARGEST}.")


def _as_shape(given) -> tuple[int, ...]:
    """A weight's shape as it is asked for: nothing, a number or several."""
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
    """A scope for making layers, in which this thread's weights are counted.

    Keras has no hook for that, so `Layer.add_weight` is another one while the scope lasts. What
    other threads make in the meantime is as ever.

    Args:
        most_bytes: Of all weights in float32, or `None`.
        zeros: Whether they begin at 0, whatever their initializers.
        most_arrays: How many weights there may be beside these bytes; `None` for any number.
        known: How many arrays of each shape there will be weights of; large weights must be of
            these shapes, and are taken off. `None`, the default, for any.

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
                        f"its network would have weights of the shape {shape}, of which there are "
                        f"{'no more' if shape in known else 'none'} in the file"
                    )
                known[shape] -= 1
            return usual(layer, **(given | {"initializer": "zeros"} if zeros else given))

        keras.layers.Layer.add_weight = add_weight
        try:
            yield
        finally:
            keras.layers.Layer.add_weight = usual
