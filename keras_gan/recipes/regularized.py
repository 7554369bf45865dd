"""GANs that owe their stability to a gradient penalty, with any objective."""

import keras

from keras_gan.penalties import R1, R2, GradientPenalty
from keras_gan.recipes.recipe import Recipe


@keras.saving.register_keras_serializable(package="keras_gan")
class DRAGAN(Recipe):
    """The standard GAN with a gradient penalty around the data.

        discriminator: −E log D(x) − E log(1 − D(G(z))) + λ E (‖∇D(x̂)‖ − 1)²,
        x̂ = x + α ½ σ u, see `GradientPenalty(at="around_real")`

    Picks: objective `"non_saturating"`, that penalty with λ = 10, alternating single steps,
    Adam(1e-4, β₁ = 0.5, β₂ = 0.9) for both players, as in the authors' notebook (whose prior is
    uniform: `prior="uniform"`). The penalty takes the gradient of the logit.

    Args:
        generator: As in `GAN`.
        discriminator: As in `GAN`, without batch normalization.
        penalty_weight: λ, a number or a schedule of it. Defaults to 10.
        **options: `schedule`, `average`, `prior`, `seed`, … as in `GAN`.

    Raises:
        ValueError: As `GAN` and `GradientPenalty`.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.DRAGAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator())
    >>> gan.penalties[0].at
    'around_real'

    Reference: Kodali, Abernethy, Hays and Kira 2017, On Convergence and Stability of GANs,
    arXiv 1705.07215.

    Experiment: docs/results/gan_penalties.md.
    """

    def __init__(self, generator, discriminator, *, penalty_weight=10.0, **options):
        penalties = [GradientPenalty(penalty_weight, at="around_real")]
        super().__init__(
            generator,
            discriminator,
            options,
            objective="non_saturating",
            penalties=penalties,
        )

    def default_optimizer(self, player):
        """Adam(1e-4, β₁ = 0.5, β₂ = 0.9)."""
        return keras.optimizers.Adam(1e-4, beta_1=0.5, beta_2=0.9)


@keras.saving.register_keras_serializable(package="keras_gan")
class GANGP(Recipe):
    """The standard GAN with WGAN-GP's penalty between data and samples.

        discriminator: −E log D(x) − E log(1 − D(G(z))) + λ E (‖∇D(x̂)‖ − 1)²,
        x̂ = ε x + (1 − ε) G(z)

    Picks: objective `"non_saturating"`, `GradientPenalty(λ = 10, at="between")`, alternating single
    steps, Adam(1e-4, β₁ = 0.5, β₂ = 0.9) for both players, as in WGAN-GP's released code. It
    composes with other objectives, too:
    `kg.GAN(…, objective="hinge", penalties=[kg.penalties.GradientPenalty()])`.

    Args:
        generator: As in `GAN`.
        discriminator: As in `GAN`, without batch normalization.
        objective: As in `GAN`. Defaults to `"non_saturating"`.
        penalty_weight: λ, a number or a schedule of it. Defaults to 10.
        **options: `schedule`, `average`, `prior`, `seed`, … as in `GAN`.

    Raises:
        ValueError: As `GAN` and `GradientPenalty`.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.GANGP(kg.networks.mlp_generator(), kg.networks.mlp_discriminator())
    >>> gan.loss_names("discriminator")
    ['discriminator_loss', 'gradient_penalty']

    Reference: Fedus et al. 2017, Many Paths to Equilibrium: GANs Do Not Need to Decrease a
    Divergence At Every Step, arXiv 1710.08446.

    Experiment: docs/results/gan_penalties.md.
    """

    def __init__(
        self,
        generator,
        discriminator,
        *,
        objective="non_saturating",
        penalty_weight=10.0,
        **options,
    ):
        super().__init__(
            generator,
            discriminator,
            options,
            objective=objective,
            penalties=[GradientPenalty(penalty_weight)],
        )

    def default_optimizer(self, player):
        """Adam(1e-4, β₁ = 0.5, β₂ = 0.9)."""
        return keras.optimizers.Adam(1e-4, beta_1=0.5, beta_2=0.9)


@keras.saving.register_keras_serializable(package="keras_gan")
class R3GAN(Recipe):
    """The relativistic pairing GAN with zero-centred penalties on data and on samples.

        discriminator: E softplus(−(D(x) − D(G(z)))) + ½ γ (E ‖∇D(x)‖² + E ‖∇D(G(z))‖²)
        generator:     E softplus(−(D(G(z)) − D(x)))

    Picks: objective `"relativistic"`, `R1(γ)` and `R2(γ)`, alternating single steps, an averaged
    generator (decay 0.999), Adam(2e-4, β₁ = 0, β₂ = 0.99) for both players. The authors' code
    lowers the rate from 2e-4 to 5e-5 and γ to a tenth, and raises β₂ from 0.9 to 0.99 and the
    average's decay from 0, over the first part of training.

    Args:
        generator: As in `GAN`.
        discriminator: As in `GAN`, without batch normalization.
        penalty_weight: γ, a number or a schedule of it, see `Penalty`. Defaults to 1; the authors
            start from 0.05 on CIFAR-10, 1 on ImageNet 64, 2 on FFHQ 64 and 150 on FFHQ 256.
        penalty_every: The penalties are computed at every such discriminator step, and multiplied
            by this number, see `Penalty`. Defaults to 1.
        average: Decay of the averaged generator. Defaults to 0.999.
        **options: `schedule`, `prior`, `seed`, … as in `GAN`.

    Raises:
        ValueError: As `GAN` and `GradientPenalty`.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.R3GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator())
    >>> gan.loss_names("discriminator")
    ['discriminator_loss', 'r1_penalty', 'r2_penalty']

    Reference: Huang, Gokaslan, Kuleshov and Tompkin 2025, The GAN is dead; long live the GAN! A
    Modern GAN Baseline, arXiv 2501.05441.
    """

    def __init__(
        self,
        generator,
        discriminator,
        *,
        penalty_weight=1.0,
        penalty_every=1,
        average=0.999,
        **options,
    ):
        super().__init__(
            generator,
            discriminator,
            options,
            objective="relativistic",
            penalties=[penalty(penalty_weight, every=penalty_every) for penalty in (R1, R2)],
            average=average,
        )

    def default_optimizer(self, player):
        """Adam(2e-4, β₁ = 0, β₂ = 0.99)."""
        return keras.optimizers.Adam(2e-4, beta_1=0.0, beta_2=0.99)
