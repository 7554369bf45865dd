"""How assignments to variables leave a function that is traced by itself.

There they are tracers, or tensors of another graph, that must not outlive it. So the function runs
in a scope of its own, and the new values leave it as further outputs, to be assigned outside.
"""

import contextvars
import functools

import keras
from keras.src.backend.common.stateless_scope import get_stateless_scope

from keras_gan.backend.autodiff.layer_losses import Apart, hand_out


class Recording(keras.StatelessScope):
    """A scope that starts from the values of the scope around it and lists what is assigned.

    The losses that layers add in it leave it like what is assigned.

    Args:
        state_mapping: Pairs of a variable and the value it has here besides. Defaults to none.
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
        """Keeps a new value, as `keras.StatelessScope` does, and remembers whose it is."""
        super().add_update(update)
        self.assigned[id(update[0])] = update[0]

    def values(self) -> list:
        """The new values of the assigned variables, in the order of their first assignments.

        Behind them stand the sums of the losses that layers added.
        """
        assigned = [self.get_current_value(variable) for variable in self.assigned.values()]
        return assigned + self.losses_apart.totals()

    def carry_out(self, values) -> None:
        """Assigns, in the scope around this one, what `values()` became outside."""
        n = len(self.assigned)
        for variable, value in zip(self.assigned.values(), values[:n], strict=True):
            variable.assign(value)
        hand_out([self.losses_apart], values[n:])


def when(condition, function, otherwise, trace, cond):
    """As `keras_gan.backend.autodiff.when` says, in a scope or where branches may not assign.

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
