"""Samples of a flow, from latent vectors of its base distribution."""

import keras
import numpy as np
from keras import ops

from keras_gan.arguments import amount
from keras_gan.bijections.inverse import Inverse
from keras_gan.distributions import Beta, Uniform
from keras_gan.flows.conditions import UnitVectors

BOUNDED = Beta, Uniform


class FlowSampling:
    """The part of a `kg.Flow` that takes latent vectors back to samples, by its bijection."""

    def sample_network(self) -> keras.Model:
        """f⁻¹, of latent vectors of its own shape."""
        z, inverse = keras.Input(self.latent_shape), Inverse(self.bijection)
        if not self.conditional:
            return keras.Model(z, inverse(z))
        labels = keras.Input((), dtype="int32")
        return keras.Model([z, labels], inverse(z, UnitVectors(self.classes)(labels)))

    def decoded(self, z, labels=None):
        """x = f⁻¹(z) of tensors of latent vectors."""
        z = ops.reshape(z, (-1, *self.latent_shape))
        return self.bijection.inverse(z, self.condition(labels))

    def decode(self, z, average: bool = True, batch_size: int = 256, *, labels=None) -> np.ndarray:
        """x = f⁻¹(z) of latent vectors, as `samples_of`.

        Args:
            z: Array `(n, latent_dim)`.
            average: As in `log_prob`.
            batch_size: How many at a time.
            labels: As in `generate`.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: For z of another shape, or not finite.
        """
        return self.samples_of(z, batch_size, labels, average=average)

    def generate(
        self,
        n: int,
        seed: int | None = None,
        average: bool = True,
        batch_size: int | None = None,
        *,
        labels=None,
        truncation: float | None = None,
        temperature: float = 1.0,
    ) -> np.ndarray:
        """Samples f⁻¹(T z) of latent vectors z of the base distribution.

        Args:
            n: As in `kg.GAN.generate`, like all others but the last.
            seed: Likewise.
            average: Likewise.
            batch_size: Likewise.
            labels: Likewise.
            truncation: Likewise; of z before it is stretched by T.
            temperature: T > 0, of a base on the whole line. Defaults to 1; less gives samples that
                are more alike (Kingma and Dhariwal 2018, arXiv 1807.03039).

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: As `kg.GAN.generate`, and for a temperature that is not positive, or one of
                a base with bounds.
        """
        factor = amount("temperature", temperature, above=0)
        if factor != 1 and isinstance(self.base, BOUNDED):
            raise ValueError(
                f"A temperature stretches bases on the whole line, and {self.base!r} has bounds: "
                f"leave out temperature={temperature!r}."
            )
        z, *chosen = self.checked_inputs(n, seed, labels, truncation)
        given = {"batch_size": batch_size, "average": average}
        return self._made(np.float32(factor) * z, *chosen, **given)

    def between(self, z0, z1, t):
        """As of any model, but in a straight line where the base has bounds."""
        if isinstance(self.base, BOUNDED):
            return (1.0 - t[:, None]) * z0 + t[:, None] * z1
        return super().between(z0, z1, t)
