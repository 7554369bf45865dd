"""Derivatives by JAX's transformations of pure functions."""

import jax
import keras
from jax.interpreters import partial_eval

from keras_gan.backend.autodiff import recording
from keras_gan.backend.autodiff.recording import Recording


def gradients(function, variables):
    """As `keras_gan.backend.autodiff.gradients` says."""
    inner = None

    def pure(values):
        nonlocal inner
        with Recording(zip(variables, values, strict=True)) as inner:
            loss, auxiliary = function()
        return loss, (auxiliary, inner.values())

    values = [variable.value for variable in variables]
    found, (auxiliary, assigned) = jax.grad(pure, has_aux=True)(values)
    inner.carry_out(assigned)
    return found, auxiliary


def depends(function, variables):
    """As `keras_gan.backend.autodiff.depends` says."""

    def pure(values):
        with Recording(zip(variables, values, strict=True)):
            return function()[0]

    traced = jax.make_jaxpr(pure)([variable.value for variable in variables]).jaxpr
    _, used = partial_eval.dce_jaxpr(traced, [True] * len(traced.outvars))
    return list(used)


def input_gradient(function, inputs):
    """As `keras_gan.backend.autodiff.input_gradient` says."""
    inner = None

    def pure(x):
        nonlocal inner
        with Recording() as inner:
            score = keras.ops.sum(function(x))
        return score, inner.values()

    slope, assigned = jax.grad(pure, has_aux=True)(keras.ops.convert_to_tensor(inputs))
    inner.carry_out(assigned)
    return slope


def when(condition, function, otherwise):
    """As `keras_gan.backend.autodiff.when` says."""
    return recording.when(condition, function, otherwise, jax.eval_shape, jax.lax.cond)
