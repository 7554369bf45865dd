"""A scope in which a layer or operation does something else."""

import contextlib
from collections.abc import Callable, Iterator

import keras


@contextlib.contextmanager
def overridden(operation: keras.Operation, replace: Callable) -> Iterator[None]:
    """A scope in which a function replaces an operation's `call`.

    Afterwards the operation has its own `call` again, even one that was set on the instance.

    Args:
        operation: A Keras layer or other operation.
        replace: Takes the operation's `call` and returns its replacement.

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
