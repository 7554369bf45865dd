"""The variational autoencoder whose posterior is a black box, scored by a discriminator."""

import keras
from keras import ops

from keras_gan import arguments, objectives
from keras_gan.backend.precision import at_least_float32
from keras_gan.distributions import likelihoods, priors
from keras_gan.games.adversarial import AdversarialModel
from keras_gan.games.avb.adaptive_contrast import AdaptiveContrast, log_ratio
from keras_gan.games.avb.checks import check_prior, check_variational_networks
from keras_gan.games.avb.posterior import PosteriorSampling
from keras_gan.models.checks import check_players
from keras_gan.models.decoding import Decoding
from keras_gan.models.player import Player
from keras_gan.networks.analysis.scores import scores_of
from keras_gan.parallel.random_numbers import Draws


@keras.saving.register_keras_serializable(package="keras_gan")
class AVB(Decoding, PosteriorSampling, AdversarialModel):
    """Adversarial variational Bayes: q(z|x) is any network of x and noise ε, z = z(x, ε).

        T maximises                E_x E_q log σ(T(x, z)) + E_x E_p log(1 − σ(T(x, z)))
        decoder, encoder maximise  E_x E_q [log p(x|z) − T(x, z)]

    At its optimum T*(x, z) = log q(z|x) − log p(z), so that E_q T is the KL divergence from the
    prior p, which is N(0, I) unless you choose another, and the second line the evidence lower
    bound (ELBO). Encoder and decoder move with T held fixed, since E_q ∂T*/∂φ = 0
    (proposition 2). A higher score T means more like the posterior q, not like the prior.

    With adaptive contrast T need not find out where the posterior lies: it tells the normalized
    z̃ = (z − μ(x)) / σ(x) from N(0, I), with μ, σ the posterior's own moments, and

        KL(q‖p) = E_q T*(x, z̃) + E_q [log r(z|x) − log p(z)],   r(z|x) = N(μ(x), diag σ²(x)).

    `fit` logs `discriminator_loss`, `kl_loss`, `reconstruction_loss` = −E log p(x|z), and
    `elbo_estimate` = −kl_loss − reconstruction_loss, in nats per sample. A discriminator that has
    fallen behind takes the KL divergence for smaller than it is, and the estimate for a bound that
    it is not.

    The authors' code differs: all networks move at once (`schedule="simultaneous"`); μ and σ are
    moments of the noise's basis vectors over the noises of the batch, which only encoders linear in
    such a basis have (here over `contrast_noises` passes of any encoder); z̃ is divided by
    √(σ² + 1e-4), where log r has σ² alone (here √(σ² + 1e-6) in both); and its loss is the
    ELBO divided by the number of components of x, which hardly changes what Adam does.

    Args:
        generator: The decoder, a built `keras.Model` from z, `(batch, latent_dim)`, to the
            parameters of p(x|z), of the samples' shape.
        encoder: A built `keras.Model` from [x, ε] to z; ε is standard normal, `(batch, noise_dim)`.
        discriminator: T, a built `keras.Model` from [x, z] to unbounded scores, `(batch, 1)`.
        likelihood: p(x|z): `"gaussian"`, the default, for σ = 1; `"bernoulli"`, of logits and
            samples in [-1, 1]; or a `kg.likelihoods.Likelihood`, such as `Gaussian(0.1)`.
        contrast_noises: Over how many noise vectors, of the seed and never changed, adaptive
            contrast takes the moments: so many passes of the encoder a move. At least 2; 0 turns it
            off. Defaults to 16.
        schedule: A `Schedule`, its name, or the number of discriminator steps. Encoder and decoder
            are the player `"generator"`. Defaults to `"alternating"`.
        average: Decay of the averaged decoder and encoder; `None`, the default, for no average.
        augment: Must be `None`: T estimates log q(z|x) − log p(z) at x itself.
        prior: p(z): `"normal"`, `"uniform"` (for an encoder that ends in tanh), a distribution such
            as `kg.distributions.Normal(scale=2.0)`, or, with `contrast_noises=0`, any function as
            in `kg.GAN`, for then no density is needed. `None`, the default, is as in `kg.GAN`.
        seed: Integer from which every random number of the game follows.
        name: The model's name.

    Raises:
        ValueError: For networks that do not fit each other, an unknown likelihood, a prior
            without a density under adaptive contrast, or one on a box that the encoder can leave.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> avb = kg.AVB(
    ...     kg.networks.mlp_generator(data_dim=4, latent_dim=2, width=16),
    ...     kg.networks.avb_encoder(data_dim=4, latent_dim=2, noise_dim=3, width=16),
    ...     kg.networks.avb_discriminator(data_dim=4, latent_dim=2, width=16),
    ...     seed=0,
    ... )
    >>> avb.compile()
    >>> x = np.random.normal(size=(64, 4)).astype("float32")
    >>> sorted(avb.fit(x, verbose=0).history)
    ['discriminator_loss', 'elbo_estimate', 'kl_loss', 'reconstruction_loss']
    >>> avb.encode(x, seed=0).shape, avb.generate(3, seed=0).shape
    ((64, 2), (3, 4))

    Reference: Mescheder, Nowozin and Geiger 2017, Adversarial Variational Bayes: Unifying
    Variational Autoencoders and Generative Adversarial Networks, arXiv 1701.04722.
    """

    network_names = ("generator", "encoder", "discriminator")
    averaged_networks = ("generator", "encoder")

    def __init__(
        self,
        generator: keras.Model,
        encoder: keras.Model,
        discriminator: keras.Model,
        *,
        likelihood="gaussian",
        contrast_noises: int = 16,
        schedule="alternating",
        average: float | None = None,
        augment=None,
        prior=None,
        seed: int | None = None,
        name: str | None = None,
    ):
        if augment is not None:
            raise ValueError(
                "AVB takes no augment: its discriminator estimates log q(z|x) − log p(z) at x "
                "itself, and the bound would be one on other samples. Augment the data, for "
                "example by kg.data.batches(augment=…)."
            )
        likelihood = likelihoods.get(likelihood)
        shape = check_variational_networks(generator, encoder, discriminator, likelihood)
        super().__init__(schedule=schedule, average=average, seed=seed, name=name)
        check_players(self.schedule, ("discriminator", "generator"))
        self._sample_shape = shape
        self.generator, self.encoder, self.discriminator = generator, encoder, discriminator
        self.likelihood = likelihood
        self.prior = priors.of_game(prior, generator)
        priors.check_draw(self.prior, self.latent_dim)
        self.prior_distribution = priors.distribution_of(self.prior)
        self.contrast_noises = arguments.whole("contrast_noises", contrast_noises, least=0)
        if self.contrast_noises == 1:
            raise ValueError("contrast_noises must be at least 2, or 0 for none; received 1.")
        check_prior(self.prior, encoder, self.contrast_noises)
        self.contrast = None
        if self.contrast_noises:
            self.contrast = AdaptiveContrast(self.contrast_noises, self.noise_dim, self.seed)
        self.begin()

    def make_players(self) -> list[Player]:
        """The discriminator; decoder and encoder, which maximise the evidence lower bound.

        By default the former takes Adam(1e-4), the latter Adam(5e-5), with β₁ = 0.5: those with
        which the authors' code, `avb_mnist_8_ac`, trains on MNIST.
        """

        def adam(rate):
            return lambda: keras.optimizers.Adam(rate, beta_1=0.5)

        return [
            Player(
                "discriminator",
                [self.discriminator],
                self.discriminator_losses,
                ["discriminator_loss"],
                optimizer=adam(1e-4),
            ),
            Player(
                "generator",
                [self.generator, self.encoder],
                self.bound_losses,
                ["kl_loss", "reconstruction_loss"],
                optimizer=adam(5e-5),
            ),
        ]

    def estimates(self, means: dict) -> dict:
        """`elbo_estimate`, the evidence lower bound in nats per sample, by the discriminator."""
        return {"elbo_estimate": -means["kl_loss"] - means["reconstruction_loss"]}

    def bound_losses(self, x, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`kl_loss` and `reconstruction_loss`, the two sides of the evidence lower bound."""
        noise = draws.normal((ops.shape(x)[0], self.noise_dim))
        kl, reconstruction = self.bound(x, noise, training)
        return {"kl_loss": ops.mean(kl), "reconstruction_loss": ops.mean(reconstruction)}, {}

    def discriminator_losses(self, x, draws: Draws, training: bool) -> tuple[dict, dict]:
        """`discriminator_loss`, of z of the posterior against z of the prior."""
        batch = ops.shape(x)[0]
        noise = draws.normal((batch, self.noise_dim))
        z = self.posterior(x, noise, training)
        mean, stddev = self.moments(x, z, training)
        other = self.prior if self.contrast is None else priors.normal  # to which z̃ is brought
        prior = draws.draw(other, (batch, self.latent_dim))
        loss = objectives.get("minimax").discriminator_loss(
            self.scores([x, (z - mean) / stddev], training), self.scores([x, prior], training)
        )
        return {"discriminator_loss": loss}, {}

    def bound(self, x, noise, training: bool = False) -> tuple:
        """The terms of −ELBO in nats, T(x, z̃) + log r(z|x) − log p(z) and −log p(x|z).

        Args:
            x: Samples, `(batch, ...)`.
            noise: ε, `(batch, noise_dim)`.
            training: Whether the networks run in training mode.

        Returns:
            Two tensors `(batch,)`, whose means over ε are KL(q‖p), as far as T is right, and the
            reconstruction error.
        """
        z = self.posterior(x, noise, training)
        mean, stddev = self.moments(x, z, training)
        scores = self.scores([x, (z - mean) / stddev], training)
        kl = at_least_float32(scores)[:, 0]
        if self.contrast is not None:
            kl = kl + log_ratio(z, mean, stddev, self.prior_distribution)
        return kl, -self.likelihood.log_density(x, self.generator(z, training=training))

    def posterior(self, x, noise, training: bool = False):
        """z(x, ε), `(batch, latent_dim)`."""
        return at_least_float32(self.encoder([x, noise], training=training))

    def moments(self, x, z, training: bool = False) -> tuple:
        """μ(x) and σ(x) of adaptive contrast; 0 and 1, those of the prior, without."""
        if self.contrast is None:
            return ops.zeros_like(z), ops.ones_like(z)
        return self.contrast.moments(self.encoder, x, training)

    def scores(self, pairs, training: bool = False):
        """T(x, z): unbounded scores, `(batch, 1)`, of pairs [x, z]."""
        return scores_of(self.discriminator(pairs, training=training))

    def call(self, z, training: bool = False):
        """E(x|z) of the decoder as trained, so that `predict` maps latent vectors to samples."""
        return self.likelihood.mean(self.generator(z, training=training))

    def exported(self) -> keras.Model:
        """The network from latent vectors to E(x|z)."""
        mean = self.likelihood.mean(self.generator.output)
        return keras.Model(self.generator.input, mean, name=self.generator.name)

    def settings(self) -> dict:
        """The likelihood and all other picks that make this game, besides networks and seed."""
        serialize = keras.saving.serialize_keras_object
        return {
            "likelihood": serialize(self.likelihood),
            "contrast_noises": self.contrast_noises,
            "prior": serialize(self.prior),
            **super().settings(),
        }
