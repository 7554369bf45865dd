"""Games that infer the latent vectors of samples, by an encoder of samples and noise."""

import numpy as np

from keras_gan.games.generating import Generating
from keras_gan.models.elbo import EvidenceBound


class PosteriorSampling(EvidenceBound, Generating):
    """The part of a game with an `encoder` from [x, ε] to z, of which it defines `bound`."""

    bounds_average = False  # for the discriminator knows no averaged encoder

    @property
    def noise_dim(self) -> int:
        """The number of components of ε."""
        return self.encoder.input_shape[1][-1]

    def encode(
        self, x, seed: int | None = None, average: bool = True, batch_size: int = 256
    ) -> np.ndarray:
        """One draw of z from the posterior q(z|x) of each sample, float32 `(n, latent_dim)`.

        Args:
            x: Samples, array `(n, ...)`. For several draws, repeat them.
            seed: Integer that fixes the noise; `None` takes a new one at every call.
            average: Whether the averaged encoder, if there is one, makes them.
            batch_size: How many are made at a time; it does not change which.

        Raises:
            ValueError: For samples of another shape, or a seed that is not a whole number.
        """
        x, noise = self.given(x), self.noise_of(len(x), seed)
        return self.computed(self.posterior, x, noise, batch_size=batch_size, average=average)

    def reconstruct(
        self, x, seed: int | None = None, average: bool = True, batch_size: int = 256
    ) -> np.ndarray:
        """E(x'|z) at one draw of z from q(z|x) each, float32 array of the shape of x.

        Args:
            x: As in `encode`.
            seed: As in `encode`.
            average: Whether averaged encoder and decoder, if there are any, make them.
            batch_size: As in `encode`.

        Raises:
            ValueError: As `encode`.
        """

        def function(x, noise):
            return self.decoded(self.posterior(x, noise))

        x, noise = self.given(x), self.noise_of(len(x), seed)
        return self.computed(function, x, noise, batch_size=batch_size, average=average)

    def elbo(
        self, x, samples: int = 16, seed: int | None = None, batch_size: int = 256
    ) -> np.ndarray:
        """The evidence lower bound of each sample in nats, by the discriminator, float32 `(n,)`.

        It is that of the networks as trained, on which the discriminator was trained.

        Args:
            x: Samples, array `(n, ...)`.
            samples: Over how many draws of z it is a mean. Defaults to 16.
            seed: As in `encode`.
            batch_size: How many samples at a time.

        Raises:
            ValueError: As `encode`, and for a count below 1.
        """
        return super().elbo(x, samples, seed, batch_size)
