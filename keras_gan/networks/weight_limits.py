"""Limits on a network's weights that hold while it is built, before memory is taken."""

import contextlib
import functools
import math
import threading
from collections.abc import Iterable, Iterator, MutableMapping

import keras

MOST_WEIGHTS = 600  # of a network, in arrays

LARGE = 2**22  # bytes of a weight that is not made before it is known to be in a file

ONE_AT_A_TIME = threading.RLock()  # for what is changed while a budget is watched


class TooLargeError(ValueError):
    """A network would take more memory than is allowed."""


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
            these shapes and uses up one array. Defaults to `None`, for any shapes.

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
