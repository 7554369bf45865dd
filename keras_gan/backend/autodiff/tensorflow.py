"""Derivatives by TensorFlow's tapes."""

import keras
import tensorflow as tf
from keras.src.backend.common.stateless_scope import in_stateless_scope

from keras_gan.backend.autodiff import recording


def gradients(function, variables):
    """As `keras_gan.backend.autodiff.gradients` says."""
    values = [variable.value for variable in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(values)
        loss, auxiliary = function()
    return tape.gradient(loss, values), auxiliary


def depends(function, variables):
    """As `keras_gan.backend.autodiff.depends` says."""
    found, _ = gradients(lambda: (function()[0], None), variables)
    return [gradient is not None for gradient in found]


def input_gradient(function, inputs):
    """As `keras_gan.backend.autodiff.input_gradient` says."""
    inputs = tf.convert_to_tensor(inputs)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(inputs)
        score = keras.ops.sum(function(inputs))
    return tape.gradient(score, inputs)


def when(condition, function, otherwise):
    """As `keras_gan.backend.autodiff.when` says."""
    if not in_stateless_scope():
        return keras.ops.cond(condition, function, otherwise)

    def trace(branch):
        tf.function(branch, autograph=False).get_concrete_function()

    return recording.when(condition, function, otherwise, trace, keras.ops.cond)
