"""The Wasserstein GANs: one distance, four ways to keep the critic Lipschitz."""

import keras

from keras_gan.penalties import ConsistencyTerm, GradientPenalty
from keras_gan.penalties.constraints import ClipWeights
from keras_gan.recipes.recipe import Recipe
from keras_gan.training import schedules


@keras.saving.register_keras_serializable(package="keras_gan")
class WGAN(Recipe):
    """The Wasserstein GAN with weight clipping, which keeps the critic Lipschitz.

        critic:    E D(G(z)) − E D(x),   then w ← min(max(w, −c), c) for each of its weights w
        generator: −E D(G(z))

    Picks: objective `"wasserstein"`, `discriminator_steps` = 5, every critic weight clipped to
    [−c, c] after each update with c = 0.01, RMSprop(5e-5) for both players. `wasserstein_estimate`
    is at most K · W₁, for a Lipschitz constant K that depends on c and the architecture.

    The authors' code differs. PyTorch's RMSprop has ρ = 0.99 and ε = 1e-8 outside the root; Keras's
    has ρ = 0.9 and ε = 1e-7 inside, and `keras.optimizers.RMSprop(5e-5, rho=0.99, epsilon=1e-16)`
    for each player comes closest. The authors clip the weights before each critic step instead of
    after it. Their critic takes 100 steps before each of the first 25 generator steps and before
    every 500th one. A schedule here is the same at every step: to do alike, fit with
    `discriminator_steps=100` first and then pass the networks to a game with 5.

    Args:
        generator: As in `GAN`.
        discriminator: The critic, as in `GAN`. Its weights get the constraint.
        discriminator_steps: Critic steps per generator step. Defaults to 5.
        clip: c > 0. Defaults to 0.01.
        **options: `average`, `prior`, `seed`, … as in `GAN`.

    Raises:
        ValueError: As `GAN`, and for a clip that is not positive.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.WGAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), clip=0.05)
    >>> gan.constraint
    ClipWeights(clip=0.05)

    Reference: Arjovsky, Chintala and Bottou 2017, Wasserstein GAN, arXiv 1701.07875, algorithm 1.

    Experiments: docs/results/weight_clipping.md, jsd_saturates.md.
    """

    def __init__(self, generator, discriminator, *, discriminator_steps=5, clip=0.01, **options):
        super().__init__(
            generator,
            discriminator,
            options,
            objective="wasserstein",
            constraint=ClipWeights(clip),
            schedule=schedules.alternating(discriminator_steps),
        )

    def default_optimizer(self, player):
        """RMSprop(5e-5)."""
        return keras.optimizers.RMSprop(5e-5)


@keras.saving.register_keras_serializable(package="keras_gan")
class WGANGP(Recipe):
    """The Wasserstein GAN with a gradient penalty between data and samples.

        critic:    E D(G(z)) − E D(x) + λ E (‖∇D(x̂)‖ − 1)²,   x̂ = ε x + (1 − ε) G(z)
        generator: −E D(G(z))

    Picks: objective `"wasserstein"`, `GradientPenalty(λ = 10, at="between")`, 5 discriminator
    steps, Adam(1e-4, β₁ = 0, β₂ = 0.9) for both players. The critic must not use batch
    normalization.

    The logged `wasserstein_estimate` tends to W₁ + W₁² / 2λ or more, not to W₁: to 15 for W₁ = 10.
    `compile(diagnostics=True)` also logs `corrected_wasserstein_estimate`, which subtracts twice
    the penalty and tends to W₁ as the critic approaches the best one, see `GradientPenalty`. If
    W₁ < 2λ, a critic can also settle on a slope of the wrong sign, a local optimum. Both estimates
    are then negative, which a distance cannot be: start again from other weights.

    Args:
        generator: As in `GAN`.
        discriminator: The critic, as in `GAN`.
        discriminator_steps: Critic steps per generator step. Defaults to 5.
        penalty_weight: λ, a number or a schedule of it. Defaults to 10.
        **options: `average`, `prior`, `seed`, … as in `GAN`.

    Raises:
        ValueError: As `GAN` and `GradientPenalty`.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.WGANGP(kg.networks.mlp_generator(), kg.networks.mlp_discriminator())
    >>> gan.loss_names("discriminator")
    ['discriminator_loss', 'gradient_penalty']

    Reference: Gulrajani et al. 2017, Improved Training of Wasserstein GANs, arXiv 1704.00028,
    algorithm 1.

    Experiments: docs/results/random_architectures.md, value_surfaces.md.
    """

    def __init__(
        self, generator, discriminator, *, discriminator_steps=5, penalty_weight=10.0, **options
    ):
        super().__init__(
            generator,
            discriminator,
            options,
            objective="wasserstein",
            penalties=[GradientPenalty(penalty_weight)],
            schedule=schedules.alternating(discriminator_steps),
        )

    def default_optimizer(self, player):
        """Adam(1e-4, β₁ = 0, β₂ = 0.9)."""
        return keras.optimizers.Adam(1e-4, beta_1=0.0, beta_2=0.9)


@keras.saving.register_keras_serializable(package="keras_gan")
class CTGAN(Recipe):
    """WGAN-GP with a consistency term, which makes two dropout passes over the data agree.

        critic:    E D(G(z)) − E D(x) + λ₁ E (‖∇D(x̂)‖ − 1)²
                   + λ₂ E max(0, (D(x') − D(x''))² + 0.1 ‖features' − features''‖² / n − M)
        generator: −E D(G(z))

    Picks: those of `WGANGP` and `ConsistencyTerm(λ₂ = 2)`, Adam(1e-4, β₁ = 0.5, β₂ = 0.9) for both
    players, as in the authors' code for MNIST and CIFAR-10. The critic has dropout and returns
    `(scores, features)`, where the features are its last hidden activations. With
    `kg.layers.Dropout`, several replicas take the same steps as one device; with Keras's own, all
    replicas draw the same masks. The authors' code compares two passes over x and uses the first
    for the critic's loss, too. Here the loss has a third pass, with independent masks.
    `wasserstein_estimate` exceeds the distance as in `WGANGP`, which explains the correction.

    Args:
        generator: As in `GAN`.
        discriminator: A built `keras.Model` with dropout, from samples to `(scores, features)`.
        discriminator_steps: Critic steps per generator step. Defaults to 5.
        penalty_weight: λ₁ of the gradient penalty, a number or a schedule of it. Defaults to 10.
        consistency_weight: λ₂, a number or a schedule of it. Defaults to 2.
        margin: M, the disagreement without penalty. Defaults to 0, as in the authors' code.
        **options: `average`, `prior`, `seed`, … as in `GAN`.

    Raises:
        ValueError: As `GAN`, `GradientPenalty` and `ConsistencyTerm`.

    Example:

    >>> import keras, keras_gan as kg
    >>> x = keras.Input((2,))
    >>> h = kg.layers.Dropout(0.5)(keras.layers.Dense(64, activation="leaky_relu")(x))
    >>> critic = keras.Model(x, [keras.layers.Dense(1)(h), h])
    >>> kg.CTGAN(kg.networks.mlp_generator(), critic).loss_names("discriminator")
    ['discriminator_loss', 'gradient_penalty', 'consistency_term']

    Reference: Wei et al. 2018, Improving the Improved Training of Wasserstein GANs: A Consistency
    Term and Its Dual Effect, arXiv 1803.01541.
    """

    def __init__(
        self,
        generator,
        discriminator,
        *,
        discriminator_steps=5,
        penalty_weight=10.0,
        consistency_weight=2.0,
        margin=0.0,
        **options,
    ):
        super().__init__(
            generator,
            discriminator,
            options,
            objective="wasserstein",
            penalties=[
                GradientPenalty(penalty_weight),
                ConsistencyTerm(consistency_weight, margin=margin),
            ],
            schedule=schedules.alternating(discriminator_steps),
        )

    def default_optimizer(self, player):
        """Adam(1e-4, β₁ = 0.5, β₂ = 0.9)."""
        return keras.optimizers.Adam(1e-4, beta_1=0.5, beta_2=0.9)
