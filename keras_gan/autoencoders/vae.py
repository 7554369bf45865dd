"""The variational autoencoder, whose posterior is a Gaussian."""

import keras
import numpy as np
from keras import ops

from keras_gan.arguments import amount
from keras_gan.autoencoders.checks import check_autoencoder_networks
from keras_gan.backend.precision import at_least_float32
from keras_gan.backend.shapes import single_shape
from keras_gan.distributions import Normal, likelihoods, priors
from keras_gan.models.decoding import Decoding
from keras_gan.models.encoding import Encoding
from keras_gan.models.evidence_bound import EvidenceBound
from keras_gan.models.likelihood_model import LikelihoodModel
from keras_gan.parallel.random_numbers import Draws


@keras.saving.register_keras_serializable(package="keras_gan")
class VAE(EvidenceBound, Decoding, Encoding, LikelihoodModel):
    """A variational autoencoder: a decoder p(x|z), and an encoder q(z|x) that is a Gaussian.

        loss = E_x [β KL(q(z|x) ‖ p(z)) − E_q log p(x|z)],   q(z|x) = N(μ(x), diag σ²(x)),
        KL = Σᵢ ½ (μᵢ² + σᵢ² − 1) − log σᵢ,   z = μ + σ ε,  ε ~ N(0, I)

    With β = 1 the loss is minus the evidence lower bound (ELBO) on log p(x), in nats a sample; a
    β > 1 (β-VAE) prefers codes of independent components. `fit` logs `loss`, `kl_loss` (without
    β), `reconstruction_loss`, and `elbo_estimate` = −kl_loss − reconstruction_loss.

    Args:
        encoder: A built `keras.Model` from samples to `(batch, 2 * latent_dim)`: the mean μ, and
            beside it the log-variance log σ².
        decoder: A built `keras.Model` from z, `(batch, latent_dim)`, to the parameters of the
            likelihood: means for `"gaussian"`, logits for `"bernoulli"`.
        likelihood: A `kg.likelihoods.Likelihood` or its name. Defaults to `"bernoulli"`, which
            takes samples in [-1, 1], −1 for black and 1 for white.
        beta: β > 0. Defaults to 1.
        average: Decay of the averaged networks, e.g. 0.999; `None`, the default, for no average.
        seed: Integer from which every random number follows, as in `kg.GAN`.
        name: The model's name.

    Raises:
        ValueError: For networks that do not fit each other, such as an encoder of odd width, a
            decoder with an activation where the likelihood takes logits, or a β that is not
            positive.

    Reference: Kingma and Welling 2013, Auto-Encoding Variational Bayes, arXiv 1312.6114; Higgins et
    al. 2017, β-VAE.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> encoder = kg.networks.mlp_generator(data_dim=4, latent_dim=3, width=16, name="encoder")
    >>> decoder = kg.networks.mlp_generator(data_dim=3, latent_dim=2, width=16, name="decoder")
    >>> vae = kg.VAE(encoder, decoder, likelihood="gaussian", seed=0)
    >>> vae.compile(optimizer=keras.optimizers.Adam(1e-3))
    >>> x = np.random.default_rng(0).normal(size=(256, 3))
    >>> history = vae.fit(x, validation_data=x[:64], batch_size=64, verbose=0)
    >>> sorted(history.history)[:4]
    ['elbo_estimate', 'kl_loss', 'loss', 'reconstruction_loss']
    >>> vae.generate(5, seed=0).shape, vae.encode(x).shape, vae.elbo(x, samples=2).shape
    ((5, 3), (256, 2), (256,))
    """

    network_names = ("encoder", "decoder")
    averaged_networks = ("decoder", "encoder")

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        *,
        likelihood="bernoulli",
        beta: float = 1.0,
        average: float | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        likelihood = likelihoods.get(likelihood)
        shape = check_autoencoder_networks(encoder, decoder, likelihood)
        super().__init__(average=average, seed=seed, name=name)
        self._sample_shape = shape
        self.encoder, self.decoder = encoder, decoder
        self.likelihood = likelihood
        self.beta = amount("beta", beta, above=0)
        self.prior = priors.normal
        self.begin()

    @property
    def latent_dim(self) -> int:
        """The number of components of z."""
        return single_shape(self.decoder.input_shape)[-1]

    @property
    def noise_dim(self) -> int:
        """The number of components of ε, those of z."""
        return self.latent_dim

    def sample_network(self) -> keras.Model:
        """The decoder."""
        return self.decoder

    def posterior(self, x, training: bool = False) -> Normal:
        """q(z|x) = N(μ(x), diag σ²(x)), of tensors `(batch, latent_dim)`."""
        mean, log_variance = ops.split(at_least_float32(self.encoder(x, training=training)), 2, -1)
        return Normal(mean, ops.exp(0.5 * log_variance))

    def bound(self, x, noise, training: bool = False) -> tuple:
        """KL(q‖p) and −log p(x|z) at z = μ + σ ε, in nats, two tensors `(batch,)`.

        Args:
            x: Samples, `(batch, ...)`.
            noise: ε, `(batch, latent_dim)`.
            training: Whether the networks run in training mode.
        """
        q = self.posterior(x, training)
        kl = ops.sum(0.5 * (q.mean**2 + q.scale**2 - 1.0) - ops.log(q.scale), axis=-1)
        parameters = self.decoder(q.mean + q.scale * noise, training=training)
        return kl, -self.likelihood.log_density(x, parameters)

    def term_names(self) -> list[str]:
        """The two sides of the evidence lower bound."""
        return ["kl_loss", "reconstruction_loss"]

    def losses(self, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`kl_loss`, weighted by β, and `reconstruction_loss`."""
        noise = draws.normal((ops.shape(minibatch)[0], self.latent_dim))
        kl, reconstruction = self.bound(minibatch, noise, training)
        kl = self.beta * ops.mean(kl)
        return {"kl_loss": kl, "reconstruction_loss": ops.mean(reconstruction)}, {}

    def estimates(self, means: dict) -> dict:
        """`loss`; `kl_loss` without β; the evidence lower bound in nats a sample."""
        kl = means["kl_loss"] / self.beta
        bound = {"elbo_estimate": -kl - means["reconstruction_loss"]}
        return {**super().estimates(means), "kl_loss": kl, **bound}

    def call(self, x, training: bool = False):
        """E(x'|z) at z = μ(x), so that `predict` reconstructs samples."""
        mean = self.posterior(x, training).mean
        return self.likelihood.mean(self.decoder(mean, training=training))

    def codes(self, x):
        """The means μ(x) of the posteriors of samples, in inference mode."""
        return self.posterior(x).mean

    def decode(self, z, average: bool = True, batch_size: int = 256) -> np.ndarray:
        """The samples E(x|z) of latent vectors, as `samples_of`.

        Args:
            z: Array `(n, latent_dim)`.
            average: Whether the averaged decoder makes them, where there is one.
            batch_size: How many at a time.

        Raises:
            ValueError: For z of another shape, or not finite.
        """
        return self.samples_of(z, batch_size, average=average)

    def settings(self) -> dict:
        """The likelihood and all other picks that make this model, besides networks and seed."""
        likelihood = keras.saving.serialize_keras_object(self.likelihood)
        return {"likelihood": likelihood, "beta": self.beta, **super().settings()}
