"""The only place that differentiates.

Everything else in the package is written in `keras.ops`; a second backend is a second
implementation of the two functions below.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf


def gradients(
    function: Callable[[], tuple[Any, Any]], variables: Sequence[keras.Variable]
) -> tuple[list, Any]:
    """Differentiates a scalar with respect to variables.

    Args:
        function: Takes nothing, returns `(loss, auxiliary)`: a scalar tensor and any structure of
            tensors to hand through. What it assigns to other variables on its way is kept.
        variables: The variables to differentiate with respect to. All others are constants.

    Returns:
        `(gradients, auxiliary)`: one tensor a variable, of its shape (`None` where the loss does
        not depend on it), and the structure that `function` handed through.

    Example:

    >>> import keras
    >>> w = keras.Variable([3.0])
    >>> (gradient,), loss = gradients(lambda: 2 * (keras.ops.sum(w * w),), [w])
    >>> float(gradient[0]), float(loss)
    (6.0, 9.0)
    """
    values = [variable.value for variable in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(values)
        loss, auxiliary = function()
    return tape.gradient(loss, values), auxiliary


def input_gradient(function: Callable[[Any], Any], inputs):
    """Differentiates each sample's score with respect to that sample: ∇ₓ D(x).

    The scores are summed before differentiation, so row i of the result is the gradient of score i
    alone as long as `function` treats the samples of a batch independently.

    Args:
        function: Maps `(batch, ...)` to scores, `(batch, 1)`. It may be differentiated again.
        inputs: Tensor, `(batch, ...)`.

    Returns:
        Tensor of the shape of `inputs`.

    Example:

    >>> import keras
    >>> gradient = input_gradient(lambda x: x**2, keras.ops.convert_to_tensor([[3.0], [5.0]]))
    >>> keras.ops.convert_to_numpy(gradient).tolist()
    [[6.0], [10.0]]
    """
    inputs = tf.convert_to_tensor(inputs)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(inputs)
        score = keras.ops.sum(function(inputs))
    return tape.gradient(score, inputs)
