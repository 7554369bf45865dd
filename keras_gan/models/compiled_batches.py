"""Functions of a model's weights that are compiled once, for arrays of many rows."""

from collections.abc import Callable, Hashable, Sequence

import keras
from keras import ops

from keras_gan.backend import autodiff
from keras_gan.backend.compiling import compiled

MANY = 2_000  # rows from which compiling takes less time than it saves
OFTEN = 40  # calls from which it does, however few the rows


class CompiledBatches:
    """The compiled functions of a model by key, out of the sight of what saves it."""

    def __init__(self):
        self.by_key = {}

    def of(
        self,
        key: Hashable,
        function: Callable,
        variables: Sequence[keras.Variable],
        rows: int,
        size: int,
    ) -> Callable:
        """A function for batches of arrays: compiled if there are many rows, or else as it is.

        The weights go into it as tensors, so that averaged ones may take their place; a last batch
        of fewer rows is filled up, so that it is compiled for one size.

        Args:
            key: What tells the function from others, which computes the same at every call.
            function: From tensors `(batch, ...)` to one `(batch, ...)`, each row by itself.
            variables: All that it reads.
            rows: Of the arrays.
            size: Rows of a batch.
        """
        if rows < MANY:
            return function
        if key not in self.by_key:

            def by_values(values, *inputs):
                with autodiff.valued(variables, values):
                    return function(*inputs)

            self.by_key[key] = compiled(by_values)
        size, chosen, held = min(size, rows), self.by_key[key], []

        def of_batch(*inputs):
            if not held:
                held.extend(map(ops.stop_gradient, variables))  # tensors, also of replicas
            count = int(inputs[0].shape[0])
            if count < size:
                inputs = [_filled(each, size - count) for each in inputs]
            return chosen(list(held), *inputs)[:count]

        return of_batch


def _filled(tensor, more: int):
    """A tensor with its last row repeated so many times more."""
    return ops.concatenate((tensor, ops.repeat(tensor[-1:], more, axis=0)))
