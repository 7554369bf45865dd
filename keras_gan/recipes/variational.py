"""The f-GAN: any f-divergence, by its variational bound."""

import keras

from keras_gan.objectives import Variational
from keras_gan.recipes.recipe import Recipe


@keras.saving.register_keras_serializable(package="keras_gan")
class FGAN(Recipe):
    """A GAN whose discriminator estimates an f-divergence from below; its generator minimises it.

        F = E_x g(D(x)) − E_z f*(g(D(G(z))))  ≤  D_f(data‖model)

    Picks: objective `Variational(divergence, saturating, reverse)`, alternating single steps,
    Adam(2e-4, β₁ = 0.5) for both players. The activation g belongs to the divergence: as in every
    GAN here, the discriminator returns the unbounded score v.

    Args:
        generator: As in `GAN`.
        discriminator: As in `GAN`.
        divergence: A `Divergence` or its name, see `kg.objectives.divergences`. Defaults to
            `"gan"`.
        saturating: Whether the generator minimises the bound itself instead of maximising
            E g(D(G(z))). Defaults to `False`.
        reverse: Whether the divergence is D_f(model‖data) instead of D_f(data‖model). Defaults to
            `False`.
        **options: `penalties`, `schedule`, `average`, `prior`, `seed`, … as in `GAN`.

    Raises:
        ValueError: As `GAN`, and for an unknown divergence.

    Example:

    >>> import keras_gan as kg
    >>> generator, discriminator = kg.networks.mlp_generator(), kg.networks.mlp_discriminator()
    >>> kg.FGAN(generator, discriminator, divergence="pearson").objective
    Variational(divergence=Pearson())

    Reference: Nowozin, Cseke and Tomioka 2016, f-GAN: Training Generative Neural Samplers using
    Variational Divergence Minimization, arXiv 1606.00709.

    Experiment: docs/results/fgan.md.
    """

    def __init__(
        self,
        generator,
        discriminator,
        *,
        divergence="gan",
        saturating=False,
        reverse=False,
        **options,
    ):
        objective = Variational(divergence, saturating=saturating, reverse=reverse)
        super().__init__(
            generator,
            discriminator,
            options,
            objective=objective,
        )
