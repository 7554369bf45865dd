"""The Fréchet distance between streams of features."""

import keras

from keras_gan.metrics.frechet import gaussian_frechet_distance, warn_if_singular
from keras_gan.metrics.streaming.base import Streaming, refuse_weights
from keras_gan.metrics.streaming.blocks import checked_batch
from keras_gan.metrics.streaming.moments import MomentStream


@keras.saving.register_keras_serializable(package="keras_gan")
class FrechetDistance(Streaming):
    """The Fréchet distance between two streams of features, equal to `frechet_distance` of all.

    Means and covariances are merged from blocks of 1,024 vectors, so the result does not depend on
    the batch size, and memory is of the order of d² + 1,024 d.

    Args:
        dim: d, the length of a feature vector.
        name: The name of the metric. Defaults to `"frechet_distance"`.

    Raises:
        ValueError: For a `dim` below 1.

    Example:

    >>> import numpy as np
    >>> metric = FrechetDistance(dim=3)
    >>> a = np.random.default_rng(0).normal(size=(1000, 3))
    >>> for batch in np.split(a, 10):
    ...     metric.update_state(batch, batch + [3.0, 4.0, 0.0])
    >>> round(metric.result(), 6)
    25.0
    """

    STATE = ("_real", "_fake")

    def __init__(self, dim: int, name: str = "frechet_distance"):
        super().__init__(dim, name)

    def reset_state(self):
        """Forgets all samples."""
        self._real, self._fake = MomentStream(self.dim), MomentStream(self.dim)

    def update_state(self, real=None, fake=None, sample_weight=None):
        """Adds a batch of real features, of fake features, or of both.

        Args:
            real: Array `(n, dim)`. Defaults to `None`: no real features.
            fake: Array `(m, dim)`. Defaults to `None`: no fake features.
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
        """The distance between all samples so far.

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
