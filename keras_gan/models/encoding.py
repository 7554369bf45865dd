"""Codes of samples, and the samples that are made of them again."""

import keras
import numpy as np

from keras_gan.models.sampling import Sampling
from keras_gan.networks.class_labels import with_labels


class Encoding(Sampling):
    """The ability of a model or a preset with an `encoder` from samples to latent vectors."""

    encoder: keras.Model | None = None
    without_encoder = "This model has no encoder."

    def encode(self, x, average: bool = True, batch_size: int = 256, *, labels=None) -> np.ndarray:
        """The codes E(x) of samples.

        Args:
            x: Array `(n, ...)` of the samples' shape; images in [-1, 1].
            average: Whether the averaged encoder makes them, where there is one.
            batch_size: How many at a time.
            labels: For networks that take labels: the class of each sample, integers `(n,)`, or
                one for all.

        Returns:
            float32 array `(n, latent_dim)`.

        Raises:
            ValueError: For samples of another shape, or a model without an encoder.
        """
        return self._through(lambda code, *_: code, x, average, batch_size, labels)

    def reconstruct(
        self, x, average: bool = True, batch_size: int = 256, *, labels=None
    ) -> np.ndarray:
        """The samples G(E(x)) that are made of the codes of samples.

        Args:
            x: As in `encode`.
            average: Whether averaged networks make them, where there are any.
            batch_size: As in `encode`.
            labels: As in `encode`.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: As `encode`.
        """
        return self._through(self.decoded, x, average, batch_size, labels)

    def codes(self, x, labels=None):
        """The codes of tensors of samples, in inference mode."""
        return self.encoder(with_labels(x, labels), training=False)

    def _through(self, function, x, average: bool, batch_size: int, labels) -> np.ndarray:
        """What a function makes of the codes of samples, and of their labels."""
        if self.encoder is None:
            raise ValueError(self.without_encoder)

        def of_samples(x, *labels):
            return function(self.codes(x, *labels), *labels)

        given = self.given_with_labels(x, labels, "encoder")
        return self.computed(of_samples, *given, batch_size=batch_size, average=average)
