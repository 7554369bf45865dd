"""Games whose generator makes samples of latent vectors."""

import keras
import numpy as np

from keras_gan.backend.shapes import single_shape
from keras_gan.games.exporting import Exporting
from keras_gan.models.sampling import Sampling


class Generating(Exporting, Sampling):
    """The part of a game with a `generator` from z to samples and a `prior` of z."""

    @property
    def latent_dim(self) -> int:
        """The number of components of z."""
        return single_shape(self.generator.input_shape)[-1]

    def sample_network(self) -> keras.Model:
        """The generator."""
        return self.generator

    def generate(
        self,
        n: int,
        seed: int | None = None,
        average: bool = True,
        batch_size: int | None = None,
        *,
        labels=None,
        truncation: float | None = None,
        sampler=None,
    ) -> np.ndarray:
        """Samples of the game: those of latent vectors of the prior, or of a sampler.

        Args:
            n: How many.
            seed: Integer that fixes them; `None` takes new ones at every call.
            average: Whether the averaged generator makes them, where there is one.
            batch_size: How many are made at a time; it does not change which. By default as many
                as memory allows, at most 256.
            labels: As in `kg.Generator.generate`.
            truncation: Likewise.
            sampler: A `kg.samplers.Sampler`, such as `kg.samplers.Rejection()`, which asks the
                discriminator. Defaults to `None`: G(z) of any z.

        Returns:
            float32 array `(n, ...)`; images lie in [-1, 1].

        Raises:
            ValueError: As `kg.Generator.generate`, and as the sampler; for a sampler together with
                a truncation.

        Example:

        >>> import keras_gan as kg
        >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
        >>> gan.generate(4, seed=0, sampler=kg.samplers.Langevin(steps=2)).shape
        (4, 2)
        """
        given = {"average": average, "batch_size": batch_size, "labels": labels}
        if sampler is None:
            return super().generate(n, seed, truncation=truncation, **given)
        if truncation is not None:
            raise ValueError(
                f"A sampler draws from the whole prior; received truncation={truncation!r}, too: "
                f"leave one of them out."
            )
        return sampler.draw(self, n, seed, **given).samples

    def call(self, z, training: bool = False):
        """G(z) of the generator as trained, so that `predict` maps latent vectors to samples.

        Of networks that take labels it takes pairs [z, labels].
        """
        return self.generator(z, training=training)
