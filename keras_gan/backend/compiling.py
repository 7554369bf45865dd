"""Functions of tensors that are compiled before they run."""

from collections.abc import Callable

import keras


def compiled(function: Callable) -> Callable:
    """A function that is compiled at its first call for each shape, where it is called by itself.

    Within another function that is being compiled, it becomes a part of that.

    Args:
        function: From tensors to a structure of tensors. It neither reads nor assigns variables.

    Example:

    >>> double = compiled(lambda x: 2.0 * x)
    >>> float(double(keras.ops.ones(())))
    2.0
    """
    if keras.backend.backend() == "jax":
        import jax

        return jax.jit(function)
    import tensorflow as tf

    alone = tf.function(function, autograph=False, reduce_retracing=True)
    return lambda *inputs: (alone if tf.executing_eagerly() else function)(*inputs)
