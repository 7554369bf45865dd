"""Distances of samples that arrive in batches, as Keras metrics."""

import copy
import math

import keras
import numpy as np

from keras_gan.amounts import whole
from keras_gan.metrics.blocks import Blocks, checked_batch
from keras_gan.metrics.frechet import gaussian_frechet_distance, warn_if_singular
from keras_gan.metrics.kernel import polynomial_kernel, unbiased_mmd
from keras_gan.metrics.moments import Moments, MomentStream

DEGREE = 3


class Streaming(keras.metrics.Metric):
    """A distance between real and fake features, in float64 and fixed memory, that can be merged.

    The state is NumPy's: Keras's own would be float32 on some backends. So updates take place
    outside of compiled steps.

    Args:
        dim: Numbers in a feature vector.
        name: Name of the metric.
    """

    def __init__(self, dim: int, name: str):
        super().__init__(dtype="float64", name=name)
        self.dim = whole("dim", dim)
        self.reset_state()

    def get_config(self):
        """The arguments that make the metric again, without what it has seen."""
        return {"name": self.name, "dim": self.dim}

    def __reduce__(self):
        return restored, (type(self), self.get_config(), self._seen())

    def __deepcopy__(self, memo):
        return restored(type(self), self.get_config(), copy.deepcopy(self._seen(), memo))

    def _seen(self) -> dict:
        """What the metric has seen, as `reset_state` names it."""
        return {name: vars(self)[name] for name in self.STATE}

    def merge_state(self, metrics) -> None:
        """Takes in all that other metrics have seen, as if it had come here.

        Args:
            metrics: Metrics of the same class and arguments, for example of other processes.

        Raises:
            ValueError: For others.
        """
        metrics = list(metrics)
        for metric in metrics:
            mine, theirs = (
                {key: value for key, value in each.get_config().items() if key != "name"}
                for each in (self, metric)
            )
            if type(metric) is not type(self) or mine != theirs or metric is self:
                raise ValueError(
                    f"Only other metrics of the same class and arguments can be merged into "
                    f"{type(self).__name__} with {mine}; received "
                    f"{'itself' if metric is self else f'{type(metric).__name__} with {theirs}'}."
                )
        for metric in metrics:
            self._merge(metric)

    def _enough(self, real: int, fake: int) -> None:
        if min(real, fake) < 2:
            raise ValueError(
                f"{self.name} needs at least two real and two fake feature vectors; so far it was "
                f"given {real} and {fake}: call update_state first."
            )


def restored(kind: type, config: dict, seen: dict) -> Streaming:
    """A metric of a class and configuration that has seen what another one had."""
    metric = kind.from_config(config)
    vars(metric).update(seen)
    return metric


@keras.saving.register_keras_serializable(package="keras_gan")
class FrechetDistance(Streaming):
    """The Fréchet distance of two streams of features, equal to `frechet_distance` of all of them.

    Means and covariances are merged from blocks of 1,024 vectors (Chan, Golub and LeVeque), so
    the result is the same for every batch size, and memory is of the order of d² + 1,024 d.

    Args:
        dim: Numbers d in a feature vector.
        name: Name of the metric. Defaults to `"frechet_distance"`.

    Raises:
        ValueError: For a `dim` that is no positive whole number.

    Example:

    >>> metric = FrechetDistance(dim=3)
    >>> a = np.random.default_rng(0).normal(size=(1000, 3))
    >>> for batch in np.split(a, 10):
    ...     metric.update_state(batch, batch + [3.0, 4.0, 0.0])
    >>> round(metric.result(), 6)
    25.0
    """

    def __init__(self, dim: int, name: str = "frechet_distance"):
        super().__init__(dim, name)

    STATE = ("_real", "_fake")

    def reset_state(self):
        """Forgets all samples."""
        self._real, self._fake = MomentStream(self.dim), MomentStream(self.dim)

    def update_state(self, real=None, fake=None, sample_weight=None):
        """Takes in a batch of features of each kind, or of one.

        Args:
            real: Array `(n, dim)`. Defaults to none.
            fake: Array `(m, dim)`. Defaults to none.
            sample_weight: Not supported; Keras passes `None`.

        Raises:
            ValueError: For another shape, NaN or infinite values, or sample weights.
        """
        refuse_weights(sample_weight)
        given = [(self._real, real, "real"), (self._fake, fake, "fake")]
        checked = [
            (stream, checked_batch(batch, self.dim, name))
            for stream, batch, name in given
            if batch is not None
        ]
        for stream, batch in checked:
            stream.add(batch)

    def result(self) -> float:
        """The distance of all samples so far.

        Raises:
            ValueError: Before there are two real and two fake samples.
        """
        real, fake = self._real.moments(), self._fake.moments()
        self._enough(real.count, fake.count)
        warn_if_singular(min(real.count, fake.count), self.dim)
        return gaussian_frechet_distance(real.mean, real.covariance, fake.mean, fake.covariance)

    def _merge(self, other):
        self._real.merge(other._real)
        self._fake.merge(other._fake)


@keras.saving.register_keras_serializable(package="keras_gan")
class KernelDistance(Streaming):
    """The kernel distance of two streams of features: the mean of unbiased MMD² over blocks.

        k(x, y) = (x·y / d + 1)³

    The streams are cut, in their order, into blocks of `block_size` real and as many fake
    vectors; the last may be smaller and counts by its size, and a single vector left over does not
    count. No sample is used twice, and up to `block_size` samples the value is exactly that of one
    subset of all of them. Both streams must come in random order: then the expectation is that of
    `kernel_distance`, but the blocks of a stream sorted by class are no samples of the whole, and
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

    def __init__(self, dim: int, block_size: int = 1000, name: str = "kernel_distance"):
        self.block_size = whole("block_size", block_size, least=2)
        super().__init__(dim, name)

    def get_config(self):
        """The arguments that make the metric again, without what it has seen."""
        return {**super().get_config(), "block_size": self.block_size}

    STATE = ("_pairs", "_values")

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


def refuse_weights(sample_weight) -> None:
    """Refuses sample weights, which Keras hands over where a data set has them."""
    if sample_weight is not None:
        raise ValueError("Distances of samples take no sample_weight: leave it out.")
