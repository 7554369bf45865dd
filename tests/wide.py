"""Where JAX computes in float64, of which it otherwise makes float32."""

import contextlib
from unittest import mock

import keras


@contextlib.contextmanager
def float64(wide: bool = True):
    """A scope in which float64 stays what it is on JAX too; TensorFlow needs no telling.

    JAX is told by a configuration of its own. Keras 3.15 besides rounds to float32 on JAX in some
    operations (`tanh`, `sin`, `var`), by a table that says what to make of types of 64 bits.
    """
    if keras.backend.backend() != "jax":
        yield
        return
    import jax
    from keras.src.backend.common import dtypes

    of_keras = {"float64": "float64"} if wide else {}
    with jax.enable_x64(wide), mock.patch.dict(dtypes.BIT64_TO_BIT32_DTYPE, of_keras):
        yield
