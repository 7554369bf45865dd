"""Codes of samples, and the samples that are made of them again."""

import keras
import numpy as np

from keras_gan.models.sampling import Sampling


class Encoding(Sampling):
    """The ability of a game or a preset with an `encoder` from samples to latent vectors."""

    encoder: keras.Model | None = None
    without_encoder = "This model has no encoder."

    def encode(self, x, average: bool = True, batch_size: int = 256) -> np.ndarray:
        """The codes E(x) of samples.

        Args:
            x: Array `(n, ...)` of the samples' shape; images in [-1, 1].
            average: Whether the averaged encoder makes them, where there is one.
            batch_size: How many at a time.

        Returns:
            float32 array `(n, latent_dim)`.

        Raises:
            ValueError: For samples of another shape, or a model without an encoder.
        """
        return self._through(lambda code: code, x, average, batch_size)

    def reconstruct(self, x, average: bool = True, batch_size: int = 256) -> np.ndarray:
        """The samples G(E(x)) that are made of the codes of samples.

        Args:
            x: As in `encode`.
            average: Whether averaged networks make them, where there are any.
            batch_size: As in `encode`.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: As `encode`.
        """
        return self._through(self.decoded, x, average, batch_size)

    def codes(self, x):
        """The codes of tensors of samples, in inference mode."""
        return self.encoder(x, training=False)

    def _through(self, function, x, average: bool, batch_size: int) -> np.ndarray:
        """What a function makes of the codes of samples."""
        if self.encoder is None:
            raise ValueError(self.without_encoder)

        def of_samples(x):
            return function(self.codes(x))

        return self.computed(of_samples, self.given(x), batch_size=batch_size, average=average)
