"""Which part of the global minibatch a replica holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

import keras
from keras import ops

from keras_gan.parallel.replicas import replica_count, replica_index, sum_over_replicas


class Share(NamedTuple):
    """The samples `start` to `start + size − 1` of a global minibatch of `total` samples.

    The last batch of a pass need not divide by the number of replicas: TensorFlow cuts 13 samples
    for four replicas into 4, 4, 4, 1, and 3 into 1, 1, 1, 0. Means over samples that each replica
    weights by its share, and sums over replicas, are then the means over the global minibatch.

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

    def part(self, i: int, parts: int) -> "Share":
        """The share of what `Schedule.deal` deals as part i.

        Args:
            i: Which part.
            parts: Into how many the global batch is cut.

        Example, the second half of 10 samples, of which every third is dealt:

        >>> tuple(int(n) for n in Share(5, 5, 10).part(0, 3))  # 6 and 9 of 0, 3, 6, 9
        (2, 2, 4)
        """
        first = ops.minimum(i, self.total - 1)

        def dealt_before(end):
            return ops.maximum(end - first + parts - 1, 0) // parts

        start = dealt_before(self.start)
        size = dealt_before(self.start + self.size) - start
        return Share(start, size, dealt_before(self.total))

    def filled(self, minibatch):
        """The minibatch, or one row of zeros where it is empty: networks have no mean of nothing.

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


_present: ContextVar[Share | None] = ContextVar("share", default=None)  # each replica has a thread


def share_of(rows) -> Share | None:
    """This replica's share of a batch of which it holds so many rows; `None` for all of it.

    Args:
        rows: How many samples this replica holds, an integer or a scalar tensor.

    Example:

    >>> share_of(8) is None
    True
    """
    replicas = replica_count()
    if replicas == 1:
        return None
    mine = ops.one_hot(replica_index(), replicas, dtype="float32") * ops.cast(rows, "float32")
    ends = ops.cumsum(ops.cast(sum_over_replicas(mine), "int32"))
    end, size = ends[replica_index()], ops.cast(rows, "int32")
    return Share(end - size, size, ends[-1])


@contextmanager
def sharing(share: Share | None) -> Iterator[None]:
    """Within this scope, random numbers and statistics are those of the share's minibatch.

    Args:
        share: What this replica holds of the minibatch at hand; `None` for all of it.
    """
    token = _present.set(share)
    try:
        yield
    finally:
        _present.reset(token)


def present_share() -> Share | None:
    """The share of the open `sharing` scope."""
    return _present.get()


def gathered(x):
    """The rows of the global minibatch, on every replica.

    Args:
        x: This replica's rows, floating-point, `(batch, ...)`.

    Example, on one replica, which has them all:

    >>> gathered("x")
    'x'
    """
    share = present_share()
    if share is None:
        return x

    def zeros(rows):
        return ops.zeros((rows, *x.shape[1:]), x.dtype)

    after = share.total - share.start - share.size
    placed = ops.concatenate([zeros(share.start), x[: share.size], zeros(after)])
    return sum_over_replicas(placed)


def own_rows(x):
    """This replica's rows of the global minibatch; what `gathered` gathered, taken apart.

    Args:
        x: The rows of the global minibatch, `(total, ...)`.

    Example, on one replica:

    >>> own_rows("x")
    'x'
    """
    share = present_share()
    if share is None:
        return x
    start = ops.minimum(share.start, share.total - share.rows)
    return x[start : start + share.rows]


def standard_deviation(x):
    """The standard deviation of all components of the global minibatch together, a scalar.

    Args:
        x: This replica's samples, `(batch, ...)`.

    Example:

    >>> float(standard_deviation(ops.convert_to_tensor([[1.0], [3.0]])))
    1.0
    """
    share = present_share()
    if share is None:
        return ops.std(x)
    weight = ops.cast(share.weight, x.dtype)
    mean = sum_over_replicas(weight * ops.mean(x))
    return ops.sqrt(sum_over_replicas(weight * ops.mean(ops.square(x - mean))))


@contextmanager
def common_statistics(model: keras.Model, share: Share | None) -> Iterator[None]:
    """After this scope, all replicas hold the mean of what each learned from its own samples.

        v ← v + Σ_r (size_r / total) (v_r − v)

    for every floating-point variable v to which each replica assigns by itself, v_r in this scope:
    the moving means of batch normalization. Keras lets them drift apart and saves the first one's.

    Args:
        model: A game in the midst of its step.
        share: What this replica holds of the minibatch looked at in this scope; `None` for all.
    """
    own = [] if share is None else model.non_trainable_variables
    own = [v for v in own if v.aggregation == "none" and keras.backend.is_float_dtype(v.dtype)]
    before = [ops.copy(v) for v in own]  # a mirrored variable itself would be read too late
    yield
    if own:
        pairs = list(zip(own, before, strict=True))
        parts = [(v - old) * ops.cast(share.weight, v.dtype) for v, old in pairs]
        for (variable, old), change in zip(pairs, sum_over_replicas(parts), strict=True):
            variable.assign(old + change)


def batch_size(batch):
    """The number of samples of a batch, a structure of tensors: an integer or a scalar tensor."""
    return ops.shape(keras.tree.flatten(batch)[0])[0]
