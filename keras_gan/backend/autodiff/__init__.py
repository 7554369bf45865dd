"""Derivatives, the only code that depends on how a backend differentiates.

Everything else in the package is written in `keras.ops`. Each backend implements the functions
below in the module of its name.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras

from keras_gan.backend.autodiff.layer_losses import Apart, hand_out
from keras_gan.backend.autodiff.recording import Recording

if keras.backend.backend() == "tensorflow":
    from keras_gan.backend.autodiff import tensorflow as backend
elif keras.backend.backend() == "jax":
    from keras_gan.backend.autodiff import jax as backend
else:
    raise ImportError(
        f"keras_gan runs on the Keras backends 'tensorflow' and 'jax', not on "
        f"{keras.backend.backend()!r}: set KERAS_BACKEND before Keras is imported."
    )


def gradients(
    function: Callable[[], tuple[Any, Any]], variables: Sequence[keras.Variable]
) -> tuple[list, Any]:
    """Differentiates a scalar with respect to variables.

    Args:
        function: Takes no arguments and returns `(loss, auxiliary)`: a scalar tensor and any
            structure of tensors. Its assignments to other variables are kept.
        variables: The variables to differentiate with respect to. All others count as constants.

    Returns:
        `(gradients, auxiliary)`: one tensor per variable, of the variable's shape, and the
        structure that `function` returned. If the loss does not depend on a variable, the gradient
        is `None` on TensorFlow and zeros on JAX.

    Example:

    >>> w = keras.Variable([3.0])
    >>> (gradient,), loss = gradients(lambda: 2 * (keras.ops.sum(w * w),), [w])
    >>> float(gradient[0]), float(loss)
    (6.0, 9.0)
    """
    return backend.gradients(function, variables)


def depends(
    function: Callable[[], tuple[Any, Any]], variables: Sequence[keras.Variable]
) -> list[bool]:
    """Returns, for each variable, whether a scalar depends on it.

    Args:
        function: As in `gradients`, but its assignments are discarded.
        variables: The variables.

    Example:

    >>> v, w = keras.Variable([3.0]), keras.Variable([2.0])
    >>> depends(lambda: (keras.ops.sum(0 * w), None), [v, w])
    [False, True]
    """
    return backend.depends(function, variables)


def input_gradient(function: Callable[[Any], Any], inputs):
    """Differentiates each sample's score with respect to that sample: ∇ₓ D(x).

    The scores are summed before differentiation. Row i of the result is the gradient of score i if
    `function` treats the samples of a batch independently.

    Args:
        function: Maps `(batch, ...)` to scores, `(batch, 1)`. It may be differentiated again, and
            its assignments to variables are kept.
        inputs: Tensor, `(batch, ...)`.

    Returns:
        A tensor with the shape of `inputs`.

    Example:

    >>> gradient = input_gradient(lambda x: x**2, keras.ops.convert_to_tensor([[3.0], [5.0]]))
    >>> keras.ops.convert_to_numpy(gradient).tolist()
    [[6.0], [10.0]]
    """
    return with_slope(lambda x: (None, function(x)), inputs)[1]()


def with_slope(function: Callable[[Any], tuple], inputs) -> tuple[Any, Callable]:
    """What a function returns for samples, and ∇ₓ of the scores among it, if it is asked for.

    Args:
        function: Maps `(batch, ...)` to a pair: any structure of tensors, and scores, `(batch, 1)`.
            Its assignments to variables are kept.
        inputs: Tensor, `(batch, ...)`.

    Returns:
        The first part of the pair, and a function without arguments that returns the gradient of
        the sum of the scores, of the shape of `inputs`. Both may be differentiated again.

    Example:

    >>> x = keras.ops.convert_to_tensor([[3.0], [5.0]])
    >>> cubes, slope = with_slope(lambda x: (x**3, x**2), x)
    >>> keras.ops.convert_to_numpy(slope()).tolist()
    [[6.0], [10.0]]
    """
    return backend.with_slope(function, inputs)


def when(condition, function: Callable[[], Any], otherwise: Callable[[], Any]):
    """Computes one of two functions, chosen by a condition, and returns its result.

    Args:
        condition: A boolean scalar.
        function: Called if the condition is true. Takes no arguments and returns a structure of
            tensors. Its assignments to variables are kept, and so are the losses that layers add.
        otherwise: The same, called if the condition is false.

    Example:

    >>> one, zero = keras.ops.ones(()), keras.ops.zeros(())
    >>> float(when(one > zero, lambda: one, lambda: zero))
    1.0
    """
    scopes = []

    def apart(branch):
        with Apart() as scope:
            result = branch()
        scopes.append(scope)
        return result, scope.totals()

    result, totals = backend.when(condition, lambda: apart(function), lambda: apart(otherwise))
    hand_out(scopes, totals)
    return result


def pullback(function: Callable, inputs: Sequence) -> tuple[Any, Callable]:
    """A function's outputs, and the map from their cotangents to those of its inputs.

        (v₁, v₂, …) ↦ Σⱼ vⱼᵀ ∂outputⱼ/∂inputᵢ  for each i

    Args:
        function: From tensors to a tuple of tensors. It assigns no variable; the values of
            variables count as constants unless `valued` makes them inputs.
        inputs: Floating tensors.

    Returns:
        The outputs, and a function of a tuple of tensors of their shapes, which returns a list of
        tensors of the inputs' shapes. It may be called many times, and differentiated.

    Example:

    >>> (y,), pull = pullback(lambda x: (x**2,), [keras.ops.convert_to_tensor([3.0])])
    >>> float(pull((keras.ops.ones((1,)),))[0][0])
    6.0
    """
    return backend.pullback(function, list(inputs))


def with_gradient(function: Callable, backward: Callable, inputs: Sequence):
    """A function's outputs, whose derivatives are computed by another function.

    Args:
        function: From tensors to a tuple of floating tensors. It assigns no variable, and reads
            none that is differentiated: see `valued`.
        backward: From the inputs, the outputs and the cotangents of the outputs, three tuples, to
            the cotangents of the inputs, a list of tensors. It is differentiated where second
            derivatives are taken.
        inputs: Floating tensors.

    Returns:
        The outputs, a tuple.

    Example:

    >>> x = keras.ops.convert_to_tensor([[3.0]])
    >>> def twice(x):
    ...     return with_gradient(lambda x: (x,), lambda x, y, v: [2.0 * v[0]], [x])[0]
    >>> float(input_gradient(twice, x)[0, 0])
    2.0
    """
    return backend.with_gradient(function, backward, list(inputs))


def loop(count, function: Callable, state: tuple, most: int) -> tuple:
    """The state after `function(i, state)` for i = 0, …, count − 1, which can be differentiated.

    Args:
        count: Integer, or an integer scalar tensor of at most `most`.
        function: From an int32 scalar and a tuple of tensors to a tuple of tensors of the same
            shapes.
        state: The tuple of tensors at the start.
        most: Integer. With a tensor as count, time and memory of the derivatives are of the order
            of `most` on JAX, but `function` runs only `count` times.

    Example:

    >>> x, = loop(3, lambda i, state: (2.0 * state[0],), (keras.ops.ones(()),), most=3)
    >>> float(x)
    8.0
    """
    return backend.loop(count, function, tuple(state), most)


def valued(variables: Sequence[keras.Variable], values: Sequence) -> Recording:
    """A scope in which variables have other values, so that a function of these can be pulled back.

    Args:
        variables: The variables.
        values: Tensors of their shapes.

    Example:

    >>> w = keras.Variable([3.0])
    >>> with valued([w], [keras.ops.ones((1,))]):
    ...     print(float(w.value[0]))
    1.0
    """
    return Recording(zip(variables, values, strict=True))
