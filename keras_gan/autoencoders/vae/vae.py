"""The variational autoencoder, whose posterior is a Gaussian."""

import keras
from keras import ops

from keras_gan.arguments import amount, unknown_name, whole
from keras_gan.autoencoders.vae import gradients
from keras_gan.autoencoders.vae.bounds import GaussianBounds, log_normal
from keras_gan.autoencoders.vae.noise_scale import NoiseScale
from keras_gan.distributions import likelihoods, priors
from keras_gan.models.player import Player
from keras_gan.models.preset_loading import PresetLoading
from keras_gan.networks.class_labels import with_labels
from keras_gan.parallel.global_batch import global_mean
from keras_gan.parallel.random_numbers import Draws
from keras_gan.texts import in_short

MOST_DRAWS = 100_000  # of z for one sample in one step


@keras.saving.register_keras_serializable(package="keras_gan")
class VAE(GaussianBounds, PresetLoading):
    """A variational autoencoder: a decoder p(x|z), and an encoder q(z|x) that is a Gaussian.

        loss = E_x [β KL(q(z|x) ‖ p(z)) − E_q log p(x|z)],   q(z|x) = N(μ(x), diag σ²(x)),
        KL = Σᵢ ½ (μᵢ² + σᵢ² − 1) − log σᵢ,   z = μ + σ ε,  ε ~ N(0, I)

    With β = 1 the loss is minus the evidence lower bound (ELBO) on log p(x), in nats per sample; a
    β > 1 (`kg.BetaVAE`) prefers codes of independent components. With k importance samples
    (`kg.IWAE`) it is minus the tighter bound

        log (1/k) Σⱼ wⱼ,   wⱼ = p(x|zⱼ) p(zⱼ) / q(zⱼ|x),   z₁ … z_k ~ q(z|x).

    Three estimators of the gradient by the encoder's weights φ have the same mean:

        "reparameterized"          through z = μ + σ ε, the usual one
        "doubly_reparameterized"   Σⱼ w̃ⱼ² (∂ log wⱼ/∂zⱼ) (∂zⱼ/∂φ),  w̃ⱼ = wⱼ / Σ w: less noise
        "score_function"           (f(z) − b) ∂ log q(z|x)/∂φ: the log-derivative trick, which no
                                   derivative of the decoder by z enters; b is the mean of the other
                                   samples' f, or with k > 1 the baseline of VIMCO

    `fit` logs `loss` and `elbo_estimate`, and for the bound with an analytic KL also `kl_loss`
    (without β) and `reconstruction_loss`; with free bits also `free_bits_loss`, β times what they
    add to the KL, which is no part of the bound. Networks that take a class label as second
    input, such as those of `kg.networks` with `classes=`, make a conditional VAE of p(x|z, y) and
    q(z|x, y), which takes pairs (x, y).

    Args:
        encoder: A built `keras.Model` from samples, or [samples, labels], to
            `(batch, 2 * latent_dim)`: the mean μ, and beside it the log-variance log σ².
        decoder: A built `keras.Model` from z, `(batch, latent_dim)`, or [z, labels], to the
            parameters of the likelihood: means for `"gaussian"`, logits for `"bernoulli"`.
        likelihood: A `kg.likelihoods.Likelihood` or its name. Defaults to `"bernoulli"`, which
            takes samples in [-1, 1], −1 for black and 1 for white. `Gaussian(stddev="learned")`
            and `Gaussian(stddev="batch")` find their σ in training, `noise_stddev`.
        beta: β > 0. Defaults to 1.
        importance_samples: k, at least 1. Defaults to 1.
        gradient: `"reparameterized"`, the default, `"doubly_reparameterized"` or
            `"score_function"`.
        free_bits: λ in nats, at least 0: the KL of each component counts as λ where its mean over
            the minibatch is smaller, so that nothing is gained by giving the component up (Kingma
            et al. 2016, arXiv 1606.04934). Defaults to 0.
        average: Decay of the averaged networks, e.g. 0.999; `None`, the default, for no average.
            A σ that is found in training is not averaged: `noise_stddev` is the present one.
        seed: Integer from which every random number follows, as in `kg.GAN`.
        name: The model's name.

    Raises:
        ValueError: For networks that do not fit each other, such as an encoder of odd width, a
            decoder with an activation where the likelihood takes logits, numbers out of range, or
            a β or free bits where there is no KL term: with importance samples, or under
            `"doubly_reparameterized"`.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> encoder = kg.networks.mlp_encoder((3,), latent_dim=2, width=16, gaussian=True)
    >>> decoder = kg.networks.mlp_decoder((3,), latent_dim=2, width=16)
    >>> vae = kg.VAE(encoder, decoder, likelihood="gaussian", seed=0)
    >>> vae.compile(optimizer=keras.optimizers.Adam(1e-3))
    >>> x = np.random.default_rng(0).normal(size=(256, 3))
    >>> history = vae.fit(x, validation_data=x[:64], batch_size=64, verbose=0)
    >>> sorted(history.history)[:4]
    ['elbo_estimate', 'kl_loss', 'loss', 'reconstruction_loss']
    >>> vae.generate(5, seed=0).shape, vae.encode(x).shape, vae.elbo(x, samples=2).shape
    ((5, 3), (256, 2), (256,))

    Reference: Kingma and Welling 2013, Auto-Encoding Variational Bayes, arXiv 1312.6114; Sohn, Lee
    and Yan 2015, Learning Structured Output Representation using Deep Conditional Generative
    Models, NeurIPS.
    """

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        *,
        likelihood="bernoulli",
        beta: float = 1.0,
        importance_samples: int = 1,
        gradient: str = "reparameterized",
        free_bits: float = 0.0,
        average: float | None = None,
        seed: int | None = None,
        name: str | None = None,
    ):
        likelihood = likelihoods.get(likelihood)
        super().__init__(encoder, decoder, likelihood, average=average, seed=seed, name=name)
        self.beta = amount("beta", beta, above=0)
        self.importance_samples = whole("importance_samples", importance_samples)
        if self.importance_samples > MOST_DRAWS:
            raise ValueError(
                f"importance_samples must be at most {MOST_DRAWS:,}, for a step decodes as many "
                f"latent vectors for each sample; received {in_short(importance_samples)}."
            )
        if gradient not in gradients.ESTIMATORS:
            raise unknown_name("gradient", gradient, gradients.ESTIMATORS)
        self.gradient = gradient
        self.free_bits = amount("free_bits", free_bits, least=0)
        self.has_kl = self.importance_samples == 1 and gradient != "doubly_reparameterized"
        if not self.has_kl and (self.beta != 1 or self.free_bits):
            raise ValueError(
                f"beta and free_bits change the KL term, which the loss has only with "
                f"importance_samples=1 and gradient='reparameterized' or 'score_function'; "
                f"received beta={beta}, free_bits={free_bits} with importance_samples="
                f"{importance_samples}, gradient={gradient!r}."
            )
        if self.importance_samples > 1 and getattr(likelihood, "stddev", None) == "batch":
            raise ValueError(
                "stddev='batch' is the best one for the bound of one sample: with "
                "importance_samples above 1 take stddev='learned'."
            )
        learns = likelihood.learns_scale
        self.noise_scale = NoiseScale(likelihood.stddev, name="noise_scale") if learns else None
        self.prior = priors.normal
        self.begin()

    def make_players(self) -> list[Player]:
        """The one player, who moves both networks, and the decoder's σ where it is learned."""
        (player,) = super().make_players()
        if self.noise_scale is not None:
            player.networks.append(self.noise_scale)
        return [player]

    def term_names(self) -> list[str]:
        """The two sides of the evidence lower bound, or the importance-weighted one."""
        if not self.has_kl:
            return ["bound_loss"]
        return ["kl_loss", "reconstruction_loss", *(["free_bits_loss"] if self.free_bits else [])]

    def losses(self, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """The terms of `term_names`, those of the KL weighted by β."""
        x, labels = self.labelled(minibatch)
        x = self.likelihood.observed(x, draws.uniform)
        if not self.has_kl:
            shape = (ops.shape(x)[0], self.importance_samples, self.latent_dim)
            bound = self.weighted_bound(x, labels, draws.normal(shape), training)
            return {"bound_loss": -ops.mean(bound)}, {}
        noise = draws.normal((ops.shape(x)[0], self.latent_dim))
        q = self.posterior(x, labels, training)
        kl, z = self.kl_of(q), q.at(noise)
        if self.gradient == "score_function":
            z = ops.stop_gradient(z)
        reconstruction = -self.log_density(x, z, labels, training)
        if self.gradient == "score_function":
            advantages = gradients.less_others_mean(reconstruction)
            reconstruction = gradients.with_score(
                reconstruction, log_normal(z, q.mean, q.scale), advantages
            )
        return {**self._kl_terms(kl), "reconstruction_loss": ops.mean(reconstruction)}, {}

    def _kl_terms(self, kl) -> dict:
        """β times the mean KL of components `(batch, latent_dim)`, and what free bits add to it."""
        if not self.free_bits:
            return {"kl_loss": self.beta * ops.mean(ops.sum(kl, axis=-1))}
        paid = global_mean(ops.stop_gradient(kl), axis=0) > self.free_bits
        mean = ops.mean(kl, axis=0)
        lacking = ops.where(paid, 0.0, self.free_bits - mean)  # whose slope cancels that of the KL
        return {
            "kl_loss": self.beta * ops.sum(mean),
            "free_bits_loss": self.beta * ops.sum(lacking),
        }

    def estimates(self, means: dict) -> dict:
        """`loss`; `kl_loss` without β; the evidence lower bound, in nats per sample."""
        found = super().estimates(means)
        if not self.has_kl:
            return {**found, "elbo_estimate": -means["bound_loss"]}
        kl = means["kl_loss"] / self.beta
        return {**found, "kl_loss": kl, "elbo_estimate": -kl - means["reconstruction_loss"]}

    def call(self, x, training: bool = False):
        """E(x'|z) at z = μ(x), so that `predict` reconstructs samples; or of pairs [x, labels]."""
        x, labels = self.called_with(x)
        mean = self.posterior(x, labels, training).mean
        return self.likelihood.mean(self.decoder(with_labels(mean, labels), training=training))

    def settings(self) -> dict:
        """The likelihood and all other picks that make this model, besides networks and seed."""
        return {
            "likelihood": keras.saving.serialize_keras_object(self.likelihood),
            "beta": self.beta,
            "importance_samples": self.importance_samples,
            "gradient": self.gradient,
            "free_bits": self.free_bits,
            **super().settings(),
        }
