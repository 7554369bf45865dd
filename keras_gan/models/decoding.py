"""Models whose network gives the parameters of a likelihood instead of samples."""

import zlib

import numpy as np
from keras import ops

from keras_gan.data.checks import check_start, chosen_seed
from keras_gan.models.observation_model import ObservationModel
from keras_gan.models.sampling import Sampling
from keras_gan.networks.analysis.memory import batch_size_of
from keras_gan.networks.autoencoder import begin_at


class Decoding(ObservationModel, Sampling):
    """The ability of a model with a `likelihood`: its samples are the means E(x|z)."""

    def decoded(self, z, labels=None):
        """E(x|z) of tensors of latent vectors, in inference mode."""
        return self.likelihood.mean(self.parameters(z, labels))

    def parameters(self, z, labels=None):
        """The parameters of p(x|z) for tensors of latent vectors, in inference mode."""
        return super().decoded(z, labels)

    def truncating(self, truncation: float | None) -> dict:
        """Nothing: it is z that is truncated, whatever the network of the parameters is made of."""
        return {}

    def generate(
        self,
        n: int,
        seed: int | None = None,
        average: bool = True,
        batch_size: int | None = None,
        *,
        labels=None,
        truncation: float | None = None,
        sample: bool = False,
    ) -> np.ndarray:
        """Samples of the model: the means E(x|z) of latent vectors of the prior.

        Args:
            n: How many.
            seed: Integer that fixes them; `None` takes new ones at every call.
            average: Whether the averaged network makes them, where there is one.
            batch_size: How many are made at a time; it does not change which.
            labels: As in `kg.GAN.generate`.
            truncation: As in `kg.GAN.generate`.
            sample: Whether x is drawn from p(x|z), with its noise, instead of taken to be its
                mean. Defaults to `False`.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: For a count below 1, a seed that is not an integer of at least 0, more
                samples than memory holds, labels that the networks do not know, or a truncation
                that is not positive or of another prior.
        """
        if not sample:
            given = {"labels": labels, "truncation": truncation}
            return super().generate(n, seed, average, batch_size, **given)
        seed = chosen_seed(seed)
        z, *chosen = self.checked_inputs(n, seed, labels, truncation)
        size = batch_size_of(self.sample_network(), batch_size)
        given = {"batch_size": size, "average": average, "alike": True}
        made = self.computed(self.parameters, z, *chosen, **given)
        noise = zlib.crc32(f"x given z/{seed}".encode())
        return ops.convert_to_numpy(self.likelihood_of_samples().sample(made, noise))

    def adapt(self, x) -> None:
        """Lets the decoder begin at the mean of samples, by the biases of its last layer.

        Call it once, before `fit`: a decoder that has to find out first which pixels are always
        black lets components of z collapse meanwhile. (Burda et al. 2015 begin so.)

        Args:
            x: Samples, array `(n, ...)`; some thousands are enough.

        Raises:
            ValueError: For no samples, some of another shape, not finite or outside of the
                support, a likelihood that does not say which parameters have a mean, or a decoder
                whose last layer with weights has no bias for each component.

        Example:

        >>> import keras_gan as kg, numpy as np
        >>> encoder = kg.networks.mlp_encoder((8, 8, 1), latent_dim=2, width=8, gaussian=True)
        >>> vae = kg.VAE(encoder, kg.networks.mlp_decoder((8, 8, 1), latent_dim=2, width=8))
        >>> vae.adapt(-np.ones((10, 8, 8, 1)))  # all of it black
        >>> bool(vae.generate(1, seed=0).mean() < -0.9)
        True
        """
        samples = self.given(x)
        check_start(samples)
        self.likelihood.check_samples(samples)
        parameters = self.likelihood.parameters_of(samples.mean(axis=0))
        begin_at(self.sample_network(), parameters)

    def likelihood_of_samples(self):
        """The likelihood that draws x given z."""
        return self.likelihood
