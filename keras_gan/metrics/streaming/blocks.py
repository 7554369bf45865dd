"""Divides streams of feature vectors into blocks of one size."""

import numpy as np
from keras import ops

from keras_gan.metrics.checks import check_finite


class Blocks:
    """Collects rows from batches of any size, and returns them in blocks of one size.

    A result that is computed block by block then does not depend on the batch size, not even in its
    last bit, and at most `size` rows are in memory.

    Args:
        size: The number of rows in a block.
        dim: The length of a row.

    Example:

    >>> blocks = Blocks(size=3, dim=1)
    >>> [block.ravel().tolist() for block in blocks.add(np.arange(7.0)[:, None])]
    [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    >>> blocks.rest.tolist()
    [[6.0]]
    """

    def __init__(self, size: int, dim: int):
        self.waiting = np.zeros((size, dim))
        self.count = 0

    @property
    def rest(self) -> np.ndarray:
        """The rows of the incomplete block."""
        return self.waiting[: self.count]

    def add(self, rows: np.ndarray):
        """Adds rows, and yields a view of each block that they complete, valid until the next one.

        Args:
            rows: Array `(n, dim)`.
        """
        while len(rows):
            taken = min(len(rows), len(self.waiting) - self.count)
            self.waiting[self.count : self.count + taken] = rows[:taken]
            self.count, rows = self.count + taken, rows[taken:]
            if self.count == len(self.waiting):
                self.count = 0
                yield self.waiting


def checked_batch(features, dim: int, name: str) -> np.ndarray:
    """Checks a batch of features, and returns it as a float64 array `(n, dim)`, n ≥ 0.

    Args:
        features: Array or tensor.
        dim: The required length of a feature vector.
        name: The argument's name, for the message.

    Raises:
        ValueError: For another shape, or NaN or infinite values.
        RuntimeError: For a symbolic tensor, inside a compiled function.
    """
    try:
        features = np.asarray(ops.convert_to_numpy(features), "float64")
    except (NotImplementedError, TypeError) as error:  # of TensorFlow and of JAX
        if isinstance(error, TypeError) and "Tracer" not in type(error).__name__:
            raise
        raise RuntimeError(
            "Streaming distances are computed in NumPy, so they cannot be part of a compiled step: "
            "call update_state and result outside of it, or, on TensorFlow, compile with "
            "run_eagerly=True (on JAX, Keras traces the metrics of a model even then)."
        ) from error
    if features.ndim != 2 or features.shape[1] != dim:
        raise ValueError(
            f"{name} must be a batch (n, {dim}) of feature vectors, as dim={dim} says; received "
            f"shape {features.shape}."
        )
    check_finite(features, name, " of the batch")
    return features
