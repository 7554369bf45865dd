"""The Wasserstein GANs: one distance, four ways to keep the critic Lipschitz."""

import keras

from keras_gan.penalties import ConsistencyTerm, GradientPenalty
from keras_gan.penalties.constraints import ClipWeights
from keras_gan.recipes.recipe import Recipe
from keras_gan.training import schedules


@keras.saving.register_keras_serializable(package="keras_gan")
class WGAN(Recipe):
    """The Wasserstein GAN whose critic is kept Lipschitz by clipping its weights.

        critic:    E D(G(z)) − E D(x),   then w ← min(max(w, −c), c) for each of its weights w
        generator: −E D(G(z))

    Picks: objective `"wasserstein"`, `discriminator_steps` = 5, every critic weight clipped to
    [−c, c] after each update with c = 0.01, RMSprop(5e-5) for both players. `wasserstein_estimate`
    is at most K · W₁, for a Lipschitz constant K that depends on c and the architecture.

    The authors' code differs: PyTorch's RMSprop has ρ = 0.99 and ε = 1e-8 outside the root (here
    Keras's, ρ = 0.9 and ε = 1e-7 inside: `compile` with `keras.optimizers.RMSprop(5e-5, rho=0.99,
    epsilon=1e-16)` for each player comes nearest), weights are clipped before each critic step
    instead of after it, and the critic takes 100 steps before each of the first 25 generator steps
    and before every 500th one, which no schedule here can say: one is the same at every step. Fit
    with `discriminator_steps=100` first and then pass the networks on to a game with 5.

    Args:
        generator: As in `GAN`.
        discriminator: As in `GAN`; the critic. Its weights get the constraint.
        discriminator_steps: Critic steps a generator step. Defaults to 5.
        clip: c > 0. Defaults to 0.01.
        **options: `average`, `prior`, `seed`, … as in `GAN`.

    Raises:
        ValueError: As `GAN`, and for a clip that is not positive.

    Reference: Arjovsky, Chintala and Bottou 2017, Wasserstein GAN, arXiv 1701.07875, algorithm 1.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.WGAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), clip=0.05)
    >>> gan.constraint
    ClipWeights(clip=0.05)
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

    The logged `wasserstein_estimate` tends to W₁ + W₁² / 2λ, or more, and not to W₁: to 15 for
    W₁ = 10. `compile(diagnostics=True)` logs `corrected_wasserstein_estimate` beside it, the same
    less twice the penalty, which tends to W₁ as the critic becomes the best one, see
    `GradientPenalty`. Where W₁ < 2λ a critic can also settle on a slope of the wrong sign, a local
    optimum; then both are negative, which no distance is: begin again from other weights.

    Args:
        generator: As in `GAN`.
        discriminator: As in `GAN`; the critic.
        discriminator_steps: Critic steps a generator step. Defaults to 5.
        penalty_weight: λ, a number or a schedule of it. Defaults to 10.
        **options: `average`, `prior`, `seed`, … as in `GAN`.

    Raises:
        ValueError: As `GAN` and `GradientPenalty`.

    Reference: Gulrajani et al. 2017, Improved Training of Wasserstein GANs, arXiv 1704.00028,
    algorithm 1.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.WGANGP(kg.networks.mlp_generator(), kg.networks.mlp_discriminator())
    >>> gan.loss_names("discriminator")
    ['discriminator_loss', 'gradient_penalty']
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
    """WGAN-GP with a consistency term: two dropout passes over the data must agree.

        critic:    E D(G(z)) − E D(x) + λ₁ E (‖∇D(x̂)‖ − 1)²
                   + λ₂ E max(0, (D(x') − D(x''))² + 0.1 ‖features' − features''‖² / n − M)
        generator: −E D(G(z))

    Picks: those of `WGANGP` and `ConsistencyTerm(λ₂ = 2)`, Adam(1e-4, β₁ = 0.5, β₂ = 0.9) for both
    players, as in the authors' code for MNIST and CIFAR-10. The critic has dropout and returns
    `(scores, features)`, its last hidden activations second. With `kg.layers.Dropout` any
    number of replicas takes the steps of one device; of Keras's own, all replicas draw the same
    masks. In the authors' code two passes over x are compared, of which the first also gives the
    critic's loss; here the loss has a pass of its own, so that there are three, with independent
    masks. `wasserstein_estimate` exceeds the distance as in `WGANGP`, where its correction is, too.

    Args:
        generator: As in `GAN`.
        discriminator: A built `keras.Model` with dropout, from samples to `(scores, features)`.
        discriminator_steps: Critic steps a generator step. Defaults to 5.
        penalty_weight: λ₁ of the gradient penalty, or a schedule of it. Defaults to 10.
        consistency_weight: λ₂, a number or a schedule of it. Defaults to 2.
        margin: M, the disagreement that goes free. Defaults to 0, as in the authors' code.
        **options: `average`, `prior`, `seed`, … as in `GAN`.

    Raises:
        ValueError: As `GAN`, `GradientPenalty` and `ConsistencyTerm`.

    Reference: Wei et al. 2018, Improving the Improved Training of Wasserstein GANs: A Consistency
    Term and Its Dual Effect, arXiv 1803.01541.

    Example:

    >>> import keras, keras_gan as kg
    >>> x = keras.Input((2,))
    >>> h = kg.layers.Dropout(0.5)(keras.layers.Dense(64, activation="leaky_relu")(x))
    >>> critic = keras.Model(x, [keras.layers.Dense(1)(h), h])
    >>> kg.CTGAN(kg.networks.mlp_generator(), critic).loss_names("discriminator")
    ['discriminator_loss', 'gradient_penalty', 'consistency_term']
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
