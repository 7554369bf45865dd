"""How assignments to variables leave a function that is traced separately.

Within the function, the new values are tracers, or tensors of another graph, which must not outlive
it. So the function runs in a scope of its own and returns the new values as extra outputs, to be
assigned outside.
"""

import contextvars
import functools

import keras
from keras.src.backend.common.stateless_scope import get_stateless_scope

from keras_gan.backend.autodiff.layer_losses import Apart, hand_out


class Recording(keras.StatelessScope):
    """A scope that starts from the values of the surrounding scope and lists assignments.

    The losses that layers add in it leave it in the same way.

    Args:
        state_mapping: Pairs of a variable and its value in this scope, for variables that differ
            from the surrounding scope. Defaults to none.
    """

    def __init__(self, state_mapping=()):
        super().__init__(state_mapping, collect_losses=True)
        around = get_stateless_scope()
        if around is not None:
            self.state_mapping = {**around.state_mapping, **self.state_mapping}
        self.assigned, self.losses_apart = {}, Apart()

    def __enter__(self):
        super().__enter__()
        self.losses_apart.__enter__()
        return self

    def __exit__(self, *exception):
        self.losses_apart.__exit__(*exception)
        super().__exit__(*exception)

    def add_update(self, update):
        """Keeps a new value, as `keras.StatelessScope` does, and remembers its variable."""
        super().add_update(update)
        self.assigned[id(update[0])] = update[0]

    def values(self) -> list:
        """The new values of the assigned variables, in the order of their first assignments.

        The sums of the losses that layers added follow them.
        """
        assigned = [self.get_current_value(variable) for variable in self.assigned.values()]
        return assigned + self.losses_apart.totals()

    def carry_out(self, values) -> None:
        """Assigns, in the surrounding scope, the values that left as `values()`."""
        n = len(self.assigned)
        for variable, value in zip(self.assigned.values(), values[:n], strict=True):
            variable.assign(value)
        hand_out([self.losses_apart], values[n:])


def when(condition, function, otherwise, trace, cond):
    """Implements `keras_gan.backend.autodiff.when` if branches cannot assign variables themselves.

    Args:
        condition: A boolean scalar.
        function: Called if the condition is true.
        otherwise: Called if the condition is false.
        trace: Runs a function without side effects.
        cond: The backend's function of a condition and two branches.
    """
    branches = [function, otherwise]
    scopes = []
    for branch in branches:  # find the variables that it assigns
        with Recording() as scope:
            _apart(trace, functools.partial(branch))  # JAX would remember `branch` itself
        scopes.append(scope)
    assigned = {key: v for scope in scopes for key, v in scope.assigned.items()}

    def pure(branch):
        def run():
            with Recording():
                result = _apart(branch)
                values = [keras.ops.convert_to_tensor(v.value) for v in assigned.values()]
            return result, values

        return run

    result, values = cond(condition, *map(pure, branches))
    for variable, value in zip(assigned.values(), values, strict=True):
        variable.assign(value)
    return result


def _apart(function, *arguments):
    """Calls a function in a copy of the context, so that another branch finds it unchanged."""
    return contextvars.copy_context().run(function, *arguments)
