"""Derivatives by TensorFlow's tapes."""

import keras
import tensorflow as tf
from keras.src.backend.common.stateless_scope import in_stateless_scope

from keras_gan.backend.autodiff import recording


def gradients(function, variables):
    """Implements `keras_gan.backend.autodiff.gradients`."""
    values = [variable.value for variable in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(values)
        loss, auxiliary = function()
    return [_dense(gradient) for gradient in tape.gradient(loss, values)], auxiliary


def _dense(gradient):
    """The gradient of a looked-up table as one tensor, with the sum of each row's parts.

    Keras's Adam squares the parts before it adds them, where a row occurs more than once.
    """
    is_sparse = isinstance(gradient, tf.IndexedSlices)
    return tf.convert_to_tensor(gradient) if is_sparse else gradient


def depends(function, variables):
    """Implements `keras_gan.backend.autodiff.depends`."""
    found, _ = gradients(lambda: (function()[0], None), variables)
    return [gradient is not None for gradient in found]


def with_slope(function, inputs):
    """Implements `keras_gan.backend.autodiff.with_slope`."""
    inputs = tf.convert_to_tensor(inputs)
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(inputs)
        outputs, scores = function(inputs)
        score = keras.ops.sum(scores)
    return outputs, lambda: tape.gradient(score, inputs)


def when(condition, function, otherwise):
    """Implements `keras_gan.backend.autodiff.when`."""
    if not in_stateless_scope():
        return keras.ops.cond(condition, function, otherwise)

    def trace(branch):
        tf.function(branch, autograph=False).get_concrete_function()

    return recording.when(condition, function, otherwise, trace, keras.ops.cond)


def pullback(function, inputs):
    """Implements `keras_gan.backend.autodiff.pullback`."""
    inputs = [tf.convert_to_tensor(each) for each in inputs]
    with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
        tape.watch(inputs)
        outputs = function(*inputs)

    def pull(cotangents):
        zero = tf.UnconnectedGradients.ZERO
        return tape.gradient(outputs, inputs, list(cotangents), unconnected_gradients=zero)

    return outputs, pull


def with_gradient(function, backward, inputs):
    """Implements `keras_gan.backend.autodiff.with_gradient`."""

    found = []  # the outputs as tapes know them, unlike those within the function

    @tf.custom_gradient
    def outputs(*inputs):
        return function(*inputs), lambda *cotangents: backward(inputs, tuple(found), cotangents)

    found += outputs(*map(tf.convert_to_tensor, inputs))  # a variable would be watched
    return tuple(found)


def loop(count, function, state, most):
    """Implements `keras_gan.backend.autodiff.loop`."""

    def turn(i, *state):
        new = function(i, state)
        for after, before in zip(new, state, strict=True):
            after.set_shape(before.shape)  # which inference may have lost
        return i + 1, *new

    start = tf.constant(0), *state
    bound = {"maximum_iterations": most}  # without which XLA cannot differentiate it
    return tuple(tf.while_loop(lambda i, *_: i < count, turn, start, **bound)[1:])
