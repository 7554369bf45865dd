"""Which part of the global minibatch a replica holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

import keras
from keras import ops

from keras_gan.parallel.replicas import replica_count, replica_index, sum_over_replicas


class ReplicaPart(NamedTuple):
    """The samples `start` to `start + size − 1` of a global minibatch of `total` samples.

    The last batch of a pass need not divide by the number of replicas: TensorFlow cuts 13 samples
    for four replicas into 4, 4, 4, 1, and 3 into 1, 1, 1, 0. Means over samples that each replica
    weights by its `weight`, and sums over replicas, are then the means over the global minibatch.

    Args:
        start: Integer, a scalar tensor.
        size: Integer, a scalar tensor; may be 0.
        total: Integer, a scalar tensor, at least 1.
    """

    start: Any
    size: Any
    total: Any

    @property
    def weight(self):
        """size / total, a float32 scalar; the weights of all replicas add up to 1."""
        return ops.cast(self.size, "float32") / ops.cast(self.total, "float32")

    @property
    def rows(self):
        """How many rows the replica computes with: one that has no sample computes with a row."""
        return ops.maximum(self.size, 1)

    def dealt(self, i: int, parts: int) -> "ReplicaPart":
        """The replica's part of what `Schedule.deal` deals as minibatch i.

        Args:
            i: Which minibatch, from 0.
            parts: Into how many the global batch is cut.

        Example, the second half of 10 samples, of which every third is dealt:

        >>> tuple(int(n) for n in ReplicaPart(5, 5, 10).dealt(0, 3))  # 6 and 9 of 0, 3, 6, 9
        (2, 2, 4)
        """
        first = ops.minimum(i, self.total - 1)

        def dealt_before(end):
            return ops.maximum(end - first + parts - 1, 0) // parts

        start = dealt_before(self.start)
        size = dealt_before(self.start + self.size) - start
        return ReplicaPart(start, size, dealt_before(self.total))

    def filled(self, minibatch):
        """The minibatch, or one row of zeros where it is empty: there is no mean of nothing.

        Args:
            minibatch: Any structure of tensors `(size, ...)`.
        """

        def fill(x):
            missing = self.rows - self.size
            return ops.concatenate([x, ops.zeros((missing, *x.shape[1:]), x.dtype)])

        return keras.tree.map_structure(fill, minibatch)

    def weighted(self, scalars: dict) -> dict:
        """Scalars times the weight, 0 where the replica has no sample."""
        has_samples = self.size > 0
        return {
            name: ops.where(has_samples, ops.cast(value, "float32") * self.weight, 0.0)
            for name, value in scalars.items()
        }


# each replica has a thread
_present: ContextVar[ReplicaPart | None] = ContextVar("part", default=None)


def part_of_replica(rows) -> ReplicaPart | None:
    """This replica's part of a global batch, of which it holds so many rows; `None` for all of it.

    Args:
        rows: How many samples this replica holds, an integer or a scalar tensor.

    Example:

    >>> part_of_replica(8) is None
    True
    """
    replicas = replica_count()
    if replicas == 1:
        return None
    mine = ops.one_hot(replica_index(), replicas, dtype="float32") * ops.cast(rows, "float32")
    ends = ops.cumsum(ops.cast(sum_over_replicas(mine), "int32"))
    end, size = ends[replica_index()], ops.cast(rows, "int32")
    return ReplicaPart(end - size, size, ends[-1])


@contextmanager
def holding(part: ReplicaPart | None) -> Iterator[None]:
    """Within this scope, random numbers and statistics are those of the global minibatch.

    Args:
        part: What this replica holds of the minibatch at hand; `None` for all of it.
    """
    token = _present.set(part)
    try:
        yield
    finally:
        _present.reset(token)


def present_part() -> ReplicaPart | None:
    """The part that the open `holding` scope was given; `None` outside of one."""
    return _present.get()


def gathered(x):
    """The rows of the global minibatch, on every replica.

    Args:
        x: This replica's rows, floating-point, `(batch, ...)`.

    Example, on one replica, which has them all:

    >>> gathered("x")
    'x'
    """
    part = present_part()
    if part is None:
        return x

    def zeros(rows):
        return ops.zeros((rows, *x.shape[1:]), x.dtype)

    after = part.total - part.start - part.size
    placed = ops.concatenate([zeros(part.start), x[: part.size], zeros(after)])
    return sum_over_replicas(placed)


def own_rows(x):
    """This replica's rows of the global minibatch; what `gathered` gathered, taken apart.

    Args:
        x: The rows of the global minibatch, `(total, ...)`.

    Example, on one replica:

    >>> own_rows("x")
    'x'
    """
    part = present_part()
    if part is None:
        return x
    start = ops.minimum(part.start, part.total - part.rows)
    return x[start : start + part.rows]


def standard_deviation(x):
    """The standard deviation of all components of the global minibatch together, a scalar.

    Args:
        x: This replica's samples, `(batch, ...)`.

    Example:

    >>> float(standard_deviation(ops.convert_to_tensor([[1.0], [3.0]])))
    1.0
    """
    if present_part() is None:
        return ops.std(x)
    return ops.sqrt(global_mean(ops.square(x - global_mean(x))))


def global_mean(x, axis=None):
    """The mean over the samples of the global minibatch, and over all components with them.

    Args:
        x: This replica's rows, `(batch, ...)`.
        axis: `None`, the default, for all axes; 0 for the samples alone.

    Example:

    >>> float(global_mean(ops.convert_to_tensor([[1.0], [3.0]])))
    2.0
    """
    part, mean = present_part(), ops.mean(x, axis=axis)
    return mean if part is None else sum_over_replicas(ops.cast(part.weight, x.dtype) * mean)


@contextmanager
def common_statistics(model: keras.Model, part: ReplicaPart | None) -> Iterator[None]:
    """After this scope, all replicas hold the mean of what each learned from its own samples.

        v ← v + Σ_r (size_r / total) (v_r − v)

    for every floating-point variable v to which each replica assigns by itself, v_r in this scope:
    the moving means of batch normalization. Keras lets them drift apart and saves the first one's.

    Args:
        model: A model in the midst of its step.
        part: What this replica holds of the minibatch looked at in this scope; `None` for all.
    """
    own = [] if part is None else model.non_trainable_variables
    own = [v for v in own if v.aggregation == "none" and keras.backend.is_float_dtype(v.dtype)]
    before = [ops.copy(v) for v in own]  # a mirrored variable itself would be read too late
    yield
    if own:
        pairs = list(zip(own, before, strict=True))
        parts = [(v - old) * ops.cast(part.weight, v.dtype) for v, old in pairs]
        for (variable, old), change in zip(pairs, sum_over_replicas(parts), strict=True):
            variable.assign(old + change)


def batch_size(batch):
    """The number of samples of a batch, a structure of tensors: an integer or a scalar tensor."""
    return ops.shape(keras.tree.flatten(batch)[0])[0]
