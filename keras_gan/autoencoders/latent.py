"""What autoencoders share whose codes are vectors."""

import keras
import numpy as np

from keras_gan.autoencoders.checks import check_autoencoder_networks
from keras_gan.backend.shapes import shapes_of
from keras_gan.distributions.likelihoods import Likelihood
from keras_gan.models.class_conditioning import ClassConditioning
from keras_gan.models.decoding import Decoding
from keras_gan.models.encoding import Encoding
from keras_gan.models.likelihood_model import LikelihoodModel
from keras_gan.networks.class_labels import common_classes, common_limit, takes_labels


class LatentAutoencoder(Decoding, ClassConditioning, Encoding, LikelihoodModel):
    """An `encoder` of samples to latent vectors, and a `decoder` of these to p(x|z).

    Args:
        encoder: A built `keras.Model` from samples, or [samples, labels].
        decoder: A built `keras.Model` from latent vectors, or [latent vectors, labels].
        likelihood: A `kg.likelihoods.Likelihood`.
        **options: Those of `LikelihoodModel`.

    Raises:
        ValueError: For networks that do not fit each other.
    """

    network_names = ("encoder", "decoder")
    averaged_networks = ("decoder", "encoder")
    could_take_labels = True
    per_latent = 1  # numbers that the encoder gives of each component of a latent vector

    def __init__(
        self, encoder: keras.Model, decoder: keras.Model, likelihood: Likelihood, **options
    ):
        shape = check_autoencoder_networks(encoder, decoder, likelihood, self.per_latent)
        classes, limit = common_classes(encoder, decoder), common_limit(encoder, decoder)
        super().__init__(**options)
        self._sample_shape = shape
        self.encoder, self.decoder, self.likelihood = encoder, decoder, likelihood
        self.conditional, self.classes, self.label_limit = takes_labels(decoder), classes, limit

    @property
    def latent_dim(self) -> int:
        """The number of components of a latent vector."""
        return shapes_of(self.decoder.input_shape)[0][-1]

    def sample_network(self) -> keras.Model:
        """The decoder."""
        return self.decoder

    def decode(self, z, average: bool = True, batch_size: int = 256, *, labels=None) -> np.ndarray:
        """The samples E(x|z) of latent vectors, as `samples_of`.

        Args:
            z: Array `(n, latent_dim)`.
            average: Whether the averaged decoder makes them, where there is one.
            batch_size: How many at a time.
            labels: As in `encode`; `None`, the default, takes all classes in turn.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: For z of another shape, or not finite.
        """
        return self.samples_of(z, batch_size, labels, average=average)
