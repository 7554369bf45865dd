"""How assignments to variables leave a function that is traced by itself.

There they are tracers, or tensors of another graph, that must not outlive it. So the function runs
in a scope of its own, and the new values leave it as further outputs, to be assigned outside.
"""

import contextvars
import functools

import keras
from keras.src.backend.common.stateless_scope import get_stateless_scope


class Recording(keras.StatelessScope):
    """A scope that starts from the values of the scope around it and lists what is assigned.

    Args:
        state_mapping: Pairs of a variable and the value it has here besides. Defaults to none.
        keeps_losses: Whether losses that layers add can be read from their network in this scope.
            They cannot leave it: where they would have to, adding one is refused.
    """

    def __init__(self, state_mapping=(), keeps_losses=False):
        super().__init__(state_mapping, collect_losses=True)
        self.keeps_losses = keeps_losses
        around = get_stateless_scope()
        if around is not None:
            self.state_mapping = {**around.state_mapping, **self.state_mapping}
        self.assigned = {}

    def add_update(self, update):
        """Keeps a new value, as `keras.StatelessScope` does, and remembers whose it is."""
        super().add_update(update)
        self.assigned[id(update[0])] = update[0]

    def add_loss(self, loss):
        """Keeps what a layer adds to the losses.

        Raises:
            ValueError: Where it would be lost.
        """
        if not self.keeps_losses:
            raise ValueError(
                "A layer adds a loss of its own (activity_regularizer or add_loss) in a call that "
                "a penalty differentiates, which JAX does not let out: take a weight regularizer "
                "in its place, or TensorFlow."
            )
        super().add_loss(loss)

    def values(self) -> list:
        """The new values of the assigned variables, in the order of their first assignments."""
        return [self.get_current_value(variable) for variable in self.assigned.values()]

    def carry_out(self, values) -> None:
        """Assigns, in the scope around this one, what `values()` became outside."""
        for variable, value in zip(self.assigned.values(), values, strict=True):
            variable.assign(value)


def when(condition, function, otherwise, trace, cond):
    """As `keras_gan.autodiff.when` says, in a scope or where branches may not assign.

    Args:
        condition: A boolean scalar.
        function: For a true condition.
        otherwise: For a false one.
        trace: Runs a function without an effect.
        cond: The backend's own, of a condition and two functions.
    """
    branches = [function, otherwise]
    scopes = []
    for branch in branches:  # which variables does it assign to?
        with Recording() as scope:
            apart(trace, functools.partial(branch))  # JAX would remember `branch` itself
        scopes.append(scope)
    assigned = {key: v for scope in scopes for key, v in scope.assigned.items()}

    def pure(branch):
        def run():
            with Recording():
                result = apart(branch)
                values = [keras.ops.convert_to_tensor(v.value) for v in assigned.values()]
            return result, values

        return run

    result, values = cond(condition, *map(pure, branches))
    for variable, value in zip(assigned.values(), values, strict=True):
        variable.assign(value)
    return result


def apart(function, *arguments):
    """What a function gives, with a copy of the context: another branch finds it as it was."""
    return contextvars.copy_context().run(function, *arguments)
