"""The kernel distance of streams."""

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
    """The kernel distance of two streams of features: the mean of unbiased MMD² over blocks.

        k(x, y) = (x·y / d + 1)³

    The streams are cut, in their order, into blocks of `block_size` real and as many fake
    vectors; the last may be smaller and counts by its size, and a single vector left over does not
    count. No sample is used twice, and up to `block_size` samples the value is exactly that of one
    subset of all of them. Both streams must come in random order: then the expectation is that of
    `kernel_distance`, but the blocks of a stream sorted by class are not samples of the whole, and
    equal distributions come out far apart. The result is the same for every batch size, and memory
    is 2 `block_size` d. A merger gathers what was left over of the blocks, so it equals one stream
    of all if the parts were whole blocks, and else in expectation.

    Args:
        dim: Numbers d in a feature vector.
        block_size: Samples of either kind in a block. Defaults to 1000.
        name: Name of the metric. Defaults to `"kernel_distance"`.

    Raises:
        ValueError: For a `dim` below 1 or a `block_size` below 2.

    Reference: Zaremba, Gretton and Blaschko 2013, B-tests: Low Variance Kernel Two-Sample Tests,
    arXiv 1307.1954.

    Example:

    >>> metric = KernelDistance(dim=4)
    >>> a, b = np.random.default_rng(0).normal(size=(2, 1000, 4))
    >>> for x, y in zip(np.split(a, 10), np.split(b, 10)):
    ...     metric.update_state(x, y + 1.0)
    >>> 9 < metric.result() < 12
    True
    """

    STATE = ("_pairs", "_values")

    def __init__(self, dim: int, block_size: int = 1000, name: str = "kernel_distance"):
        self.block_size = whole("block_size", block_size, least=2)
        super().__init__(dim, name)

    def get_config(self):
        """The arguments that make the metric again, without what it has seen."""
        return {**super().get_config(), "block_size": self.block_size}

    def reset_state(self):
        """Forgets all samples."""
        self._pairs = Blocks(self.block_size, 2 * self.dim)
        self._values = Moments.of(np.zeros((0, 1)))

    def update_state(self, real, fake, sample_weight=None):
        """Takes in as many real as fake features.

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
                f"A kernel distance in fixed memory takes as many real as fake samples in each "
                f"update; received {len(real)} and {len(fake)}."
            )
        self._add(np.concatenate([real, fake], axis=1))

    def result(self) -> float:
        """The mean over all samples so far; below 0 now and then, for it has no bias.

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
        """That of the mean over whole blocks, from their spread; NaN before there are two."""
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
