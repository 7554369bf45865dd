"""Models whose network gives the parameters of a likelihood instead of samples."""

import keras

from keras_gan.data.checks import in_numpy
from keras_gan.models.sampling import Sampling


class Decoding(Sampling):
    """The ability of a model with a `likelihood`: its samples are the means E(x|z)."""

    def decoded(self, z, labels=None):
        """E(x|z) of tensors of latent vectors, in inference mode."""
        return self.likelihood.mean(super().decoded(z, labels))

    def network_of_samples(self) -> keras.Model | None:
        """The decoder, unless it makes logits, of which the likelihood makes samples."""
        return None if self.likelihood.takes_logits else self.sample_network()

    def check_data(self, x, y=None, schedule=None, batch_size: int | None = None):
        """Looks at data before the first step, also for values that the likelihood excludes."""
        samples = super().check_data(x, y, schedule, batch_size)
        if samples is not None:
            self.likelihood.check_samples(in_numpy(samples))
        return samples
