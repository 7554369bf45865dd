"""Derivatives without `keras_gan.backend.autodiff`, for laws that ours are checked against."""

from collections.abc import Callable, Sequence

import keras
import numpy as np

from tests.backend import BACKEND


def gradients(function: Callable, variables: Sequence[keras.Variable]) -> list[np.ndarray]:
    """The gradient of a scalar with each variable; what the function assigns is kept.

    Args:
        function: Takes nothing, returns a scalar tensor.
        variables: The variables, on which the scalar depends.
    """
    if BACKEND == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            value = function()
        found = tape.gradient(value, [variable.value for variable in variables])
        return [np.array(tf.convert_to_tensor(gradient)) for gradient in found]
    import jax

    def pure(values):
        with keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True))):
            return function()

    found = jax.grad(pure)([variable.value for variable in variables])
    function()  # once more, outside of the derivative, for what it assigns
    return [np.array(gradient) for gradient in found]
