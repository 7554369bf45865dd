"""Virtual updates of an optimizer: what variables would become, differentiable by gradients."""

from collections.abc import Iterator
from contextlib import contextmanager

import keras
from keras import ops
from keras.src.backend.common.stateless_scope import get_stateless_scope

TINY = 1e-15  # the square of a larger number, times Adam's 1 − β₂, is a normal number of float32

if keras.backend.backend() == "tensorflow":
    from keras.src.backend.tensorflow.optimizer import TFOptimizer
    from keras.src.optimizers.base_optimizer import BaseOptimizer

    class Functional(TFOptimizer):
        """Keras's own updates on TensorFlow without its assignments to `tf.Variable`.

        Behind an optimizer's class and before `TFOptimizer` in the order of resolution, it assigns
        as on other backends: to Keras's variables, which a scope intercepts.
        """

        assign = BaseOptimizer.assign
        assign_add = BaseOptimizer.assign_add
        assign_sub = BaseOptimizer.assign_sub
        _apply_weight_decay = BaseOptimizer._apply_weight_decay
        _backend_update_step = BaseOptimizer._backend_update_step

        def _var_key(self, variable):
            return super()._var_key(variable._value)  # its value in a scope has no name

    BEHIND = (Functional,)
else:
    BEHIND = ()


@contextmanager
def hypothetical(variables: list, kept: list) -> Iterator[None]:
    """A scope at whose end all that was assigned to variables in it is forgotten.

    It begins with the present values, also within another `keras.StatelessScope`.

    Args:
        variables: Those that will be differentiated by, whose values must be tensors.
        kept: The variables to which the last value assigned in the scope is assigned after it.

    Example:

    >>> v = keras.Variable(1.0)
    >>> with hypothetical([v], []):
    ...     v.assign(2.0) is None, float(v)
    (False, 2.0)
    >>> float(v)
    1.0
    """
    scope = keras.StatelessScope(collect_losses=True)
    around = get_stateless_scope()
    if around is not None:
        scope.state_mapping.update(around.state_mapping)
    scope.state_mapping.update({id(v): ops.copy(v) for v in variables})
    before = [scope.get_current_value(v) for v in kept]
    with scope:
        yield
    for variable, old in zip(kept, before, strict=True):
        value = scope.get_current_value(variable)
        if value is not old:
            variable.assign(value)


def step(optimizer: keras.optimizers.Optimizer, gradients: list) -> None:
    """One update of an optimizer within a `hypothetical` scope, differentiable by its gradients.

    Weights, moments and counts take the values that `optimizer.apply` would give them, with its
    clipping, weight decay, learning rate and constraints; only the averages of `use_ema` stay.
    Where a component of a gradient is smaller than 10⁻¹⁵, the step is taken to be constant in it:
    an Adam that has seen nothing else divides by the root of its square, whose derivative is
    infinite.

    Args:
        optimizer: A built one that `check_differentiable` lets pass.
        gradients: One tensor for each weight that it was built for, or `None`; scaled, where it
            scales losses.
    """
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        gradients = [None if g is None else g / optimizer.dynamic_scale for g in gradients]
        optimizer = optimizer.inner_optimizer
    kind = type(optimizer)
    twin = object.__new__(type(kind.__name__, (kind, *BEHIND), {}))
    twin.__dict__.update({**vars(optimizer), "use_ema": False})
    twin.apply([None if g is None else _constant_near_zero(g) for g in gradients])


def _constant_near_zero(gradient):
    """The tensor, whose components below `TINY` are constants to derivatives."""
    gradient = ops.convert_to_tensor(gradient)
    return ops.where(ops.abs(gradient) < TINY, ops.stop_gradient(gradient), gradient)


def check_differentiable(optimizer: keras.optimizers.Optimizer) -> None:
    """Refuses an optimizer whose updates `step` cannot take.

    Args:
        optimizer: An optimizer, or anything else, which passes.

    Raises:
        ValueError: For one that accumulates gradients, overwrites weights with their average, or
            consists of several.
    """
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    name = type(inner).__name__
    if isinstance(inner, keras.optimizers.MultiOptimizer):
        reason = f"{name} consists of several: give it one"
    elif getattr(inner, "gradient_accumulation_steps", None):
        reason = (
            f"{name}(gradient_accumulation_steps={inner.gradient_accumulation_steps}) does not "
            f"move at every step: leave that out and take larger batches"
        )
    elif getattr(inner, "use_ema", False) and inner.ema_overwrite_frequency:
        reason = (
            f"{name}(ema_overwrite_frequency={inner.ema_overwrite_frequency}) puts averages in the "
            f"place of weights now and then: leave that out"
        )
    else:
        return
    raise ValueError(
        f"An unrolled game differentiates through the steps of the discriminator's optimizer, and "
        f"{reason}."
    )
