"""What a discriminator of pairs [x, z] says of samples."""

import numpy as np
from keras import ops

from keras_gan.models.prediction import Prediction
from keras_gan.networks.analysis.hidden import hidden_of


class PairDiscrimination(Prediction):
    """The part of a game with an `encoder` and a `discriminator` of pairs [x, z]."""

    def discriminate(self, samples, z=None, batch_size: int = 256) -> np.ndarray:
        """The scores D(x, z) of pairs, float32 array `(n, 1)`; higher is more like data and codes.

        Args:
            samples: As in `encode`.
            z: Latent vectors `(n, latent_dim)`; `None`, the default, for the codes E(x) of the
                encoder as trained, whose pairs D has seen.
            batch_size: How many at a time.

        Raises:
            ValueError: For samples or latent vectors of another shape.
        """
        return self.of_pairs(self.scores, samples, z, batch_size)

    def features(self, samples, batch_size: int = 256) -> np.ndarray:
        """What D's last layer sees of pairs (x, E(x)): its last hidden activations, `(n, d)`.

        Args:
            samples: As in `encode`.
            batch_size: How many at a time.

        Raises:
            ValueError: As `encode`, and for a discriminator without such a layer, see
                `GAN.features`.
        """
        hidden = hidden_of(self.discriminator)

        def function(pairs):
            h = hidden(pairs, training=False)
            return ops.reshape(h, (ops.shape(h)[0], -1))

        return self.of_pairs(function, samples, None, batch_size)

    def of_pairs(self, function, samples, z, batch_size: int) -> np.ndarray:
        """What a function of pairs [x, z] gives; those of `None` are the present codes E(x)."""
        samples = self.given(samples)
        if z is None:
            return self.computed(
                lambda x: function([ops.convert_to_tensor(x), self.encoder(x, training=False)]),
                samples,
                batch_size=batch_size,
                average=False,
            )
        z = np.asarray(z, dtype="float32")
        if z.shape != (len(samples), self.latent_dim):
            raise ValueError(
                f"Each of the {len(samples)} samples needs a latent vector, so z must have the "
                f"shape {(len(samples), self.latent_dim)}; received {z.shape}."
            )
        return self.computed(
            lambda x, z: function([x, z]), samples, z, batch_size=batch_size, average=False
        )
