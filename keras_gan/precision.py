"""Where low precision ends: losses, penalties and spectral norms are at least float32."""

import contextlib

import keras


def in_float16(networks) -> bool:
    """Whether any layer computes in float16, so that gradients underflow without loss scaling.

    Args:
        networks: A sequence of `keras.Model`.

    Example:

    >>> import keras
    >>> dense = keras.layers.Dense(1, dtype="mixed_float16")
    >>> in_float16([keras.Sequential([keras.Input((2,)), dense])])
    True
    """
    layers = [layer for network in networks for layer in network._flatten_layers()]
    return any(
        layer.compute_dtype == "float16"
        for layer in layers
        if layer.weights and not isinstance(layer, keras.Model)  # containers compute nothing
    )


def at_least_float32(tensor):
    """The tensor in float32 when it is of lower precision, as it is otherwise.

    Args:
        tensor: Floating tensor of any shape.

    Example:

    >>> import keras
    >>> at_least_float32(keras.ops.ones((2, 1), dtype="bfloat16")).dtype.name
    'float32'
    """
    if keras.backend.standardize_dtype(tensor.dtype) in ("float16", "bfloat16"):
        return keras.ops.cast(tensor, "float32")
    return tensor


@contextlib.contextmanager
def float32_layers():
    """Has the layers that are made inside compute in float32, whatever the policy of the day.

    Example:

    >>> keras.config.set_dtype_policy("mixed_bfloat16")
    >>> with float32_layers():
    ...     layer = keras.layers.Dense(1)
    >>> layer.compute_dtype, keras.config.dtype_policy().name
    ('float32', 'mixed_bfloat16')
    >>> keras.config.set_dtype_policy("float32")  # as it was
    """
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(policy)
