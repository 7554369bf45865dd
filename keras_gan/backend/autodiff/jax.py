"""Derivatives by JAX's transformations of pure functions."""

import jax
import keras
from jax.interpreters import partial_eval

from keras_gan.backend.autodiff import recording
from keras_gan.backend.autodiff.recording import Recording


def gradients(function, variables):
    """Implements `keras_gan.backend.autodiff.gradients`."""
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
    """Implements `keras_gan.backend.autodiff.depends`."""

    def pure(values):
        with Recording(zip(variables, values, strict=True)):
            return function()[0]

    traced = jax.make_jaxpr(pure)([variable.value for variable in variables]).jaxpr
    _, used = partial_eval.dce_jaxpr(traced, [True] * len(traced.outvars))
    return list(used)


def with_slope(function, inputs):
    """Implements `keras_gan.backend.autodiff.with_slope`."""
    inner = None

    def pure(x):
        nonlocal inner
        with Recording() as inner:
            outputs, scores = function(x)
        return keras.ops.sum(scores), (outputs, inner.values())

    inputs = keras.ops.convert_to_tensor(inputs)
    score, pull, (outputs, assigned) = jax.vjp(pure, inputs, has_aux=True)
    inner.carry_out(assigned)
    return outputs, lambda: pull(jax.numpy.ones_like(score))[0]


def when(condition, function, otherwise):
    """Implements `keras_gan.backend.autodiff.when`."""
    return recording.when(condition, function, otherwise, jax.eval_shape, jax.lax.cond)


def pullback(function, inputs):
    """Implements `keras_gan.backend.autodiff.pullback`."""
    outputs, pull = jax.vjp(function, *inputs)
    return outputs, lambda cotangents: list(pull(tuple(cotangents)))


def with_gradient(function, backward, inputs):
    """Implements `keras_gan.backend.autodiff.with_gradient`."""

    outputs = jax.custom_vjp(function)

    def forward(*inputs):
        found = outputs(*inputs)  # whose own derivative is `backward`, for derivatives of `pull`
        return found, (inputs, found)

    def pull(kept, cotangents):
        return tuple(backward(*kept, cotangents))

    outputs.defvjp(forward, pull)
    return outputs(*inputs)


def loop(count, function, state, most):
    """Implements `keras_gan.backend.autodiff.loop`."""
    if isinstance(count, int):
        return jax.lax.fori_loop(0, count, function, state)

    @jax.checkpoint
    def turn(state, i):
        return jax.lax.cond(i < count, function, lambda i, state: state, i, state), None

    return jax.lax.scan(turn, state, jax.numpy.arange(most, dtype="int32"))[0]
