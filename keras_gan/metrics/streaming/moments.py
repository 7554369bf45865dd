"""Mean and covariance of a stream of vectors, without differences of large numbers."""

import dataclasses

import numpy as np

from keras_gan.metrics.streaming.blocks import Blocks

BLOCK = 1024


@dataclasses.dataclass(frozen=True)
class Moments:
    """Count, mean and scatter Σ (x − μ)(x − μ)ᵀ of a set of vectors.

    Args:
        count: The number of vectors.
        mean: Their mean μ, `(d,)`.
        scatter: The matrix above, `(d, d)`.
    """

    count: int
    mean: np.ndarray
    scatter: np.ndarray

    @classmethod
    def of(cls, rows: np.ndarray) -> "Moments":
        """The moments of an array `(n, d)`, n ≥ 0."""
        mean = rows.mean(axis=0) if len(rows) else np.zeros(rows.shape[1])
        centred = rows - mean
        return cls(len(rows), mean, centred.T @ centred)

    def __add__(self, other: "Moments") -> "Moments":
        """The moments of both sets together, where δ is the difference of their means.

            μ = μ_a + δ n_b / n      S = S_a + S_b + δ δᵀ n_a n_b / n

        Reference: Chan, Golub and LeVeque 1983, Algorithms for Computing the Sample Variance.
        """
        if not other.count:
            return self
        count = self.count + other.count
        shift, fraction = other.mean - self.mean, other.count / count
        scatter = self.scatter + other.scatter + np.outer(shift, shift) * (self.count * fraction)
        return Moments(count, self.mean + shift * fraction, scatter)

    @property
    def covariance(self) -> np.ndarray:
        """The unbiased covariance, `(d, d)`."""
        return self.scatter / (self.count - 1)


class MomentStream:
    """The moments of vectors that arrive in batches, the same for every batch size.

    Args:
        dim: The length of a vector.

    Example:

    >>> stream = MomentStream(dim=1)
    >>> for batch in ([[1.0]], [[2.0], [6.0]]):
    ...     stream.add(np.array(batch))
    >>> stream.moments().mean.item(), stream.moments().covariance.item()
    (3.0, 7.0)
    """

    def __init__(self, dim: int):
        self.blocks = Blocks(BLOCK, dim)
        self.whole = Moments.of(np.zeros((0, dim)))

    def add(self, rows: np.ndarray) -> None:
        """Adds a batch `(n, dim)`."""
        for block in self.blocks.add(rows):
            self.whole = self.whole + Moments.of(block)

    def merge(self, other: "MomentStream") -> None:
        """Adds the vectors of another stream."""
        self.whole = self.whole + other.whole
        self.add(other.blocks.rest)

    def moments(self) -> Moments:
        """The moments of all vectors so far."""
        return self.whole + Moments.of(self.blocks.rest)
