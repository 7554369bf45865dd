"""The bounds on log p(x) of a model with a Gaussian posterior, and their gradients."""

from keras import ops

from keras_gan.autoencoders.vae import gradients
from keras_gan.autoencoders.vae.posterior import GaussianPosterior
from keras_gan.distributions import Normal
from keras_gan.distributions.likelihoods import Gaussian
from keras_gan.models.importance_weighting import ImportanceWeighting
from keras_gan.networks.class_labels import with_labels


class GaussianBounds(ImportanceWeighting, GaussianPosterior):
    """The part of a `kg.VAE` that computes bounds, by a `likelihood` and a `noise_scale` or none.

    Its `gradient`, one of `gradients.ESTIMATORS`, is the estimate that `weighted_bound` has as its
    derivative.
    """

    @property
    def noise_stddev(self) -> float:
        """The standard deviation of a Gaussian decoder, as trained or as given.

        Raises:
            AttributeError: For another likelihood.
        """
        if self.noise_scale is None:
            if not isinstance(self.likelihood, Gaussian):
                raise AttributeError(
                    f"Only a Gaussian likelihood has a noise_stddev; this is {self.likelihood!r}."
                )
            return self.likelihood.stddev
        self.settle()
        return float(self.noise_scale(None, None))

    def likelihood_of_samples(self):
        """The likelihood, with the σ of the present weights."""
        learns = self.noise_scale is not None
        return self.likelihood.at(self.noise_stddev) if learns else self.likelihood

    def fitted_likelihood(self, x, parameters, training: bool = False):
        """p(x|z) with the σ of the present weights or, in training, of the minibatch."""
        if self.noise_scale is None:
            return self.likelihood
        return self.likelihood.at(self.noise_scale(x, parameters, training=training))

    def log_density(self, x, z, labels=None, training: bool = False):
        """log p(x|z) in nats, `(batch,)`.

        Args:
            x: Samples, `(batch, ...)`.
            z: Latent vectors, `(batch, latent_dim)`.
            labels: Integers `(batch,)`, or `None`.
            training: Whether the decoder runs in training mode.
        """
        parameters = self.decoder(with_labels(z, labels), training=training)
        return self.fitted_likelihood(x, parameters, training).log_density(x, parameters)

    def bound(self, x, noise, labels=None, training: bool = False) -> tuple:
        """KL(q‖p) and −log p(x|z) at z = μ + σ ε, in nats, two tensors `(batch,)`.

        Args:
            x: Samples, `(batch, ...)`.
            noise: ε, `(batch, latent_dim)`.
            labels: Integers `(batch,)`, or `None`.
            training: Whether the networks run in training mode.
        """
        q = self.posterior(x, labels, training)
        z = q.at(noise)
        return ops.sum(self.kl_of(q), axis=-1), -self.log_density(x, z, labels, training)

    def log_weights(self, x, noise, labels=None, training: bool = False):
        """log wⱼ = log p(x|zⱼ) + log p(zⱼ) − log q(zⱼ|x) at zⱼ = μ + σ εⱼ, `(batch, k)`.

            log q(zⱼ|x) = Σᵢ −½ εⱼᵢ² − log σᵢ − ½ log 2π,   without a quotient (zⱼ − μ) / σ

        Args:
            x: Samples, `(batch, ...)`.
            noise: ε, `(batch, k, latent_dim)`.
            labels: Integers `(batch,)`, or `None`.
            training: Whether the networks run in training mode.
        """
        q = self.posterior(x, labels, training)
        z = Normal(q.mean[:, None], q.scale[:, None]).at(noise)
        log_scale = ops.sum(ops.log(q.scale), axis=-1, keepdims=True)
        log_q = log_normal(ops.cast(noise, log_scale.dtype), 0.0, 1.0) - log_scale
        return self._log_joint(x, z, labels, training) - log_q

    def weighted_bound(self, x, labels, noise, training: bool):
        """The importance-weighted bound, `(batch,)`, with the chosen estimate as derivative."""
        if self.gradient == "reparameterized":
            return gradients.importance_weighted(self.log_weights(x, noise, labels, training))
        q = self.posterior(x, labels, training)
        mean, scale = q.mean[:, None], q.scale[:, None]
        z = Normal(mean, scale).at(noise)
        if self.gradient == "score_function":
            z = ops.stop_gradient(z)
            log_q = log_normal(z, mean, scale)
            log_weights = self._log_joint(x, z, labels, training) - log_q
            bound = gradients.importance_weighted(log_weights)
            return gradients.with_score(bound, log_q, gradients.less_others_bound(log_weights))
        z, a, b = gradients.rescaled(z)
        log_q = log_normal(z, ops.stop_gradient(mean), ops.stop_gradient(scale))
        log_weights = self._log_joint(x, z, labels, training) - log_q
        return gradients.doubly_reparameterized(log_weights, a, b)

    def _log_joint(self, x, z, labels, training: bool):
        """log p(x|z) + log p(z) of z `(batch, k, latent_dim)`: `(batch, k)`."""
        k = z.shape[1]
        flat = ops.reshape(z, (-1, self.latent_dim))
        labels = None if labels is None else ops.repeat(labels, k, axis=0)
        given = self.log_density(ops.repeat(x, k, axis=0), flat, labels, training)
        return ops.reshape(given, (-1, k)) + log_normal(z, 0.0, 1.0)


def log_normal(z, mean, scale):
    """log N(z; mean, diag scale²), summed over the last axis."""
    return ops.sum(Normal(mean, scale).component_log_prob(z), axis=-1)
