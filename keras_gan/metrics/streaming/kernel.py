"""The kernel distance between streams of features."""

import math

import keras
import numpy as np

from keras_gan.arguments import whole
from keras_gan.metrics.kernel import polynomial_kernel, unbiased_mmd
from keras_gan.metrics.streaming.base import Streaming, refuse_weights
from keras_gan.metrics.streaming.blocks import Blocks, checked_batch
from keras_gan.metrics.streaming.moments import Moments

DEGREE = 3


@keras.saving.register_keras_serializable(package="keras_gan")
class KernelDistance(Streaming):
    """The kernel distance between two streams of features: the mean of unbiased MMD² over blocks.

        k(x, y) = (x·y / d + 1)³

    Each stream is divided, in its order, into blocks of `block_size` vectors. The last block may be
    smaller and is weighted by its size; a single remaining vector is ignored. No sample is used
    twice. For at most `block_size` samples, the value equals that of `kernel_distance` with one
    subset of all samples. The result does not depend on the batch size, and memory is
    2 `block_size` d.

    Both streams must be in random order; then the expectation is that of `kernel_distance`. Blocks
    of a stream that is sorted by class do not represent the whole: the value is large even for
    equal distributions. After a merge the incomplete blocks form new ones. The value then equals
    that of one stream if all parts had whole blocks, and otherwise has the same expectation.

    Args:
        dim: d, the length of a feature vector.
        block_size: The number of real, and of fake, vectors in a block. Defaults to 1000.
        name: The name of the metric. Defaults to `"kernel_distance"`.

    Raises:
        ValueError: For a `dim` below 1 or a `block_size` below 2.

    Example:

    >>> metric = KernelDistance(dim=4)
    >>> a, b = np.random.default_rng(0).normal(size=(2, 1000, 4))
    >>> for x, y in zip(np.split(a, 10), np.split(b, 10)):
    ...     metric.update_state(x, y + 1.0)
    >>> 9 < metric.result() < 12
    True

    Reference: Zaremba, Gretton and Blaschko 2013, B-tests: Low Variance Kernel Two-Sample Tests,
    arXiv 1307.1954.
    """

    STATE = ("_pairs", "_values")

    def __init__(self, dim: int, block_size: int = 1000, name: str = "kernel_distance"):
        self.block_size = whole("block_size", block_size, least=2)
        super().__init__(dim, name)

    def get_config(self):
        """The constructor's arguments, without the state."""
        return {**super().get_config(), "block_size": self.block_size}

    def reset_state(self):
        """Forgets all samples."""
        self._pairs = Blocks(self.block_size, 2 * self.dim)
        self._values = Moments.of(np.zeros((0, 1)))

    def update_state(self, real, fake, sample_weight=None):
        """Adds equally many real and fake features.

        Args:
            real: Array `(n, dim)`.
            fake: Array `(n, dim)`.
            sample_weight: Not supported; Keras passes `None`.

        Raises:
            ValueError: For another shape, different numbers of samples, NaN or infinite values,
                or sample weights.
        """
        refuse_weights(sample_weight)
        real = checked_batch(real, self.dim, "real")
        fake = checked_batch(fake, self.dim, "fake")
        if len(real) != len(fake):
            raise ValueError(
                f"A streaming kernel distance needs equally many real and fake samples in each "
                f"update; received {len(real)} and {len(fake)}."
            )
        self._add(np.concatenate([real, fake], axis=1))

    def result(self) -> float:
        """The mean over all samples so far; it may be a little below 0, since it is unbiased.

        Raises:
            ValueError: Before there are two real and two fake samples.
        """
        samples, rest = self._values.count * self.block_size, self._pairs.rest
        self._enough(samples + len(rest), samples + len(rest))
        total = self._values.mean.item() * samples
        if len(rest) >= 2:
            total, samples = total + self._distance(rest) * len(rest), samples + len(rest)
        return total / samples

    @property
    def standard_error(self) -> float:
        """The standard error of the mean over whole blocks; NaN before there are two."""
        if self._values.count < 2:
            return math.nan
        return math.sqrt(self._values.covariance.item() / self._values.count)

    def _merge(self, other):
        self._values = self._values + other._values
        self._add(other._pairs.rest)

    def _add(self, pairs: np.ndarray) -> None:
        for block in self._pairs.add(pairs):
            self._values = self._values + Moments.of(np.array([[self._distance(block)]]))

    def _distance(self, pairs: np.ndarray) -> float:
        x, y = np.split(pairs, 2, axis=1)
        return unbiased_mmd(*(polynomial_kernel(a, b, DEGREE) for a, b in ((x, x), (y, y), (x, y))))
