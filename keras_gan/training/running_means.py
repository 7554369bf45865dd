"""Running means of a step's named scalars, in a few operations per step."""

import functools
import operator
from collections.abc import Sequence

import keras
from keras import ops

from keras_gan.backend.precision import at_least_float32, wide_floatx


class RunningMeans(keras.metrics.Metric):
    """The means of several named scalars, weighted by batch size, in one variable.

    One `keras.metrics.Mean` per scalar would make the step of a small network several per cent
    slower.

    Args:
        names: The names in progress bar, `History` and TensorBoard.
        pass_over: The names of scalars whose infinities and NaN do not count. Before the first
            finite value their mean is NaN, whereas that of the others is 0. Defaults to none.

    Example:

    >>> means = RunningMeans(["discriminator_loss", "generator_loss"])
    >>> means.update_state({"discriminator_loss": 1.0, "generator_loss": 5.0}, weight=3)
    >>> means.update_state({"discriminator_loss": 5.0, "generator_loss": 5.0}, weight=1)
    >>> {name: float(mean) for name, mean in means.result().items()}
    {'discriminator_loss': 2.0, 'generator_loss': 5.0}
    """

    def __init__(self, names: Sequence[str], pass_over: Sequence[str] = ()):
        super().__init__(name="running_means", dtype=wide_floatx())
        self.names, self.pass_over = list(names), list(pass_over)
        self.sums = self.add_weight(  # of every scalar times its weight, and of the weights
            shape=(len(self.names) + 1 + len(self.pass_over),),
            initializer="zeros",
            name="sums",
            dtype=self.dtype,
        )

    def update_state(self, scalars: dict, weight=1) -> None:
        """Adds scalars by name; a missing one counts as 0.

        Args:
            scalars: A dict from name to scalar.
            weight: The number of samples that the scalars are means of. Defaults to 1.
        """
        values = {name: ops.cast(scalars.get(name, 0.0), self.dtype) for name in self.names}
        counts = [ops.ones((), self.dtype)]
        for name in self.pass_over:
            counts.append(ops.cast(ops.isfinite(values[name]), self.dtype))
            values[name] = ops.where(counts[-1] > 0, values[name], 0.0)
        entries = ops.stack([*values.values(), *counts])
        self.sums.assign_add(entries * ops.cast(weight, self.dtype))

    def result(self) -> dict:
        """The mean of each scalar, by name."""
        return self.means_of(self.sums)

    def means_of(self, sums) -> dict:
        """The mean of each scalar, by name, of sums as `sums` has them, or of a difference of two.

        Args:
            sums: A vector: of every scalar times its weight, then of the weights.
        """
        n = len(self.names)
        entries = ops.unstack(ops.convert_to_tensor(sums), n + 1 + len(self.pass_over))
        sums = dict(zip(self.names, entries[:n], strict=True))
        weight, *counts = entries[n:]
        means = {name: ops.divide_no_nan(each, weight) for name, each in sums.items()}
        for name, count in zip(self.pass_over, counts, strict=True):
            means[name] = sums[name] / count
        return means


def global_norm(gradients: Sequence):
    """The Euclidean norm of all gradients together, in float32 at least.

    Args:
        gradients: Tensors of any shape, or `None`.

    Example:

    >>> from keras import ops
    >>> float(global_norm([ops.convert_to_tensor([3.0]), None, ops.convert_to_tensor([[4.0]])]))
    5.0
    """
    tensors = [at_least_float32(ops.convert_to_tensor(g)) for g in gradients if g is not None]
    return ops.sqrt(functools.reduce(operator.add, [ops.sum(ops.square(g)) for g in tensors]))


def mean_of_moves(moves: Sequence[dict]) -> dict:
    """The mean of each named scalar over the moves in which it occurs.

    Args:
        moves: Dicts from name to scalar, one for each move of each player.

    Example:

    >>> mean_of_moves([{"discriminator_loss": 1.0}, {"discriminator_loss": 3.0}])
    {'discriminator_loss': 2.0}
    """
    values = {}
    for scalars in moves:
        for name, value in scalars.items():
            values.setdefault(name, []).append(value)
    return {
        name: each[0] if len(each) == 1 else sum(each) / len(each) for name, each in values.items()
    }
