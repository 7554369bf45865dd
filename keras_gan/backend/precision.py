"""Precision: losses, penalties and spectral norms are computed in float32 at least."""

import contextlib
import functools
import operator

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
    """Returns a tensor of lower precision as float32, and any other tensor unchanged.

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


def sum_of(scalars):
    """Returns the sum of scalars in the widest of their precisions, float32 at least.

    Args:
        scalars: One or more floating scalars.

    Example:

    >>> import keras
    >>> keras.backend.standardize_dtype(sum_of([keras.ops.ones((), dtype="bfloat16")]).dtype)
    'float32'
    """
    scalars = [keras.ops.convert_to_tensor(each) for each in scalars]
    dtypes = [keras.backend.standardize_dtype(each.dtype) for each in scalars]
    dtype = widest(*dtypes)
    return functools.reduce(operator.add, [keras.ops.cast(each, dtype) for each in scalars])


def wide_floatx() -> str:
    """Returns `keras.config.floatx()`, or float32 if that is wider."""
    return widest(keras.config.floatx())


def widest(*dtypes) -> str:
    """Returns float64 if a type is float64, else float32; Keras's `result_type` lacks it on JAX.

    Args:
        *dtypes: Types, by name or as any backend writes them.

    Example:

    >>> widest("bfloat16"), widest("float64", "float16")
    ('float32', 'float64')
    """
    names = map(keras.backend.standardize_dtype, dtypes)
    return "float64" if "float64" in names else "float32"


def precision_of(networks) -> str:
    """Returns the precision of samples for networks: float64 if one computes in it, else float32.

    Args:
        networks: A sequence of `keras.Model`.
    """
    layers = [layer for network in networks for layer in network._flatten_layers()]
    wide = any(layer.compute_dtype == "float64" for layer in layers) and has_float64()
    return "float64" if wide else "float32"


def has_float64() -> bool:
    """Whether the backend computes in float64 at all: JAX does only if `jax_enable_x64` is set.

    Example:

    >>> has_float64() or keras.backend.backend() == "jax"
    True
    """
    if keras.backend.backend() != "jax":
        return True
    import jax

    return jax.dtypes.canonicalize_dtype("float64") == "float64"


@contextlib.contextmanager
def float32_layers():
    """A scope in which new layers compute in float32, whatever the current dtype policy.

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
