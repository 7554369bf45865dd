"""The only place that differentiates.

Everything else in the package is written in `keras.ops`; a backend is one implementation of the
functions below, in the module of its name.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras

from keras_gan.backend.autodiff.layer_losses import Apart, hand_out

if keras.backend.backend() == "tensorflow":
    from keras_gan.backend.autodiff import tensorflow as backend
elif keras.backend.backend() == "jax":
    from keras_gan.backend.autodiff import jax as backend
else:
    raise ImportError(
        f"keras_gan runs on Keras's backends 'tensorflow' and 'jax'; the present one is "
        f"{keras.backend.backend()!r}: set KERAS_BACKEND before Keras is imported."
    )


def gradients(
    function: Callable[[], tuple[Any, Any]], variables: Sequence[keras.Variable]
) -> tuple[list, Any]:
    """Differentiates a scalar with respect to variables.

    Args:
        function: Takes no arguments and returns `(loss, auxiliary)`: a scalar tensor and any
            structure of tensors. Its assignments to other variables are kept.
        variables: The variables to differentiate with respect to. All others are constants.

    Returns:
        `(gradients, auxiliary)`: one tensor per variable, of its shape, and the structure that
        `function` returned. If the loss does not depend on a variable, its gradient is `None` on
        TensorFlow and zeros on JAX.

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
    """Returns for each variable whether a scalar depends on it, in any way.

    Args:
        function: As in `gradients`; its assignments are discarded.
        variables: The variables.

    Example:

    >>> v, w = keras.Variable([3.0]), keras.Variable([2.0])
    >>> depends(lambda: (keras.ops.sum(0 * w), None), [v, w])
    [False, True]
    """
    return backend.depends(function, variables)


def input_gradient(function: Callable[[Any], Any], inputs):
    """Differentiates each sample's score with respect to that sample: ∇ₓ D(x).

    The scores are summed before differentiation, so row i of the result is the gradient of score i
    alone if `function` treats the samples of a batch independently.

    Args:
        function: Maps `(batch, ...)` to scores, `(batch, 1)`. It may be differentiated again. Its
            assignments to variables are kept.
        inputs: Tensor, `(batch, ...)`.

    Returns:
        Tensor of the shape of `inputs`.

    Example:

    >>> gradient = input_gradient(lambda x: x**2, keras.ops.convert_to_tensor([[3.0], [5.0]]))
    >>> keras.ops.convert_to_numpy(gradient).tolist()
    [[6.0], [10.0]]
    """
    return backend.input_gradient(function, inputs)


def when(condition, function: Callable[[], Any], otherwise: Callable[[], Any]):
    """Returns the result of one of two functions; only that one is computed.

    Args:
        condition: A boolean scalar.
        function: Called if the condition is true; takes no arguments and returns a structure of
            tensors. Its assignments to variables are kept, and so are the losses that layers add.
        otherwise: Called if the condition is false, likewise.

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
