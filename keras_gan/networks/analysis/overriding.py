"""A layer or operation that does something else for a while."""

import contextlib
from collections.abc import Callable, Iterator

import keras


@contextlib.contextmanager
def overridden(operation: keras.Operation, replace: Callable) -> Iterator[None]:
    """A scope in which another function is called in the place of an operation's `call`.

    Afterwards it has its own again, also one that was set on it alone and not on its class.

    Args:
        operation: A layer or other operation of Keras.
        replace: From its `call` to the function.

    Example:

    >>> layer = keras.layers.Dense(1)
    >>> with overridden(layer, lambda call: lambda x: 2 * x):
    ...     layer.call(3)
    6
    """
    own = vars(operation).get("call")
    vars(operation)["call"] = replace(operation.call)
    try:
        yield
    finally:
        del vars(operation)["call"]
        if own is not None:
            vars(operation)["call"] = own
