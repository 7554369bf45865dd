"""The classical GANs, which owe their stability to their networks."""

import keras

from keras_gan.networks.checks import check_spectral
from keras_gan.recipes.recipe import Recipe
from keras_gan.training import schedules


@keras.saving.register_keras_serializable(package="keras_gan")
class DCGAN(Recipe):
    """The non-saturating GAN on convolutional networks.

        discriminator: −E log D(x) − E log(1 − D(G(z)))
        generator:     −E log D(G(z))

    Picks: objective `"non_saturating"`, alternating single steps, Adam(2e-4, β₁ = 0.5) for both
    players. Made for `kg.networks.dcgan_generator` and `kg.networks.dcgan_discriminator` with
    `normalization="batch"`.

    The authors' code differs. Its prior is uniform on [-1, 1] (here `prior="uniform"`). Its
    generator and discriminator take turns on different minibatches (here both use the same one in a
    step, with fresh z). Both of its losses have an L2 term that adds 1e-5 w to the gradient of each
    weight w, 2.5e-5 w on MNIST (here none, but regularizers of your networks count). On MNIST its
    learning rate falls linearly to 0 over the second half, see `kg.callbacks.LearningRate`.

    Args:
        generator: As in `GAN`.
        discriminator: As in `GAN`.
        **options: `average`, `prior`, `seed`, … as in `GAN`.

    Example:

    >>> import keras_gan as kg
    >>> gan = DCGAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator())
    >>> gan.objective
    NonSaturating()

    Reference: Radford, Metz and Chintala 2015, Unsupervised Representation Learning with Deep
    Convolutional Generative Adversarial Networks, arXiv 1511.06434.

    Experiment: docs/results/tips.md.
    """

    def __init__(self, generator, discriminator, **options):
        super().__init__(
            generator,
            discriminator,
            options,
            objective="non_saturating",
        )


@keras.saving.register_keras_serializable(package="keras_gan")
class SNGAN(Recipe):
    """A GAN whose discriminator has weight matrices of spectral norm 1.

        discriminator: −E log D(x) − E log(1 − D(G(z))),   every weight matrix W as W / σ(W)
        generator:     −E log D(G(z))

    Each dense layer is then 1-Lipschitz, each convolution √(kernel positions)-Lipschitz at most.

    Picks: the objective below, `discriminator_steps` discriminator steps, an averaged generator
    (decay 0.999; the paper has none), Adam(2e-4, β₁ = 0.5) for both players as for the paper's
    CNNs; its ResNets use β₁ = 0, β₂ = 0.9 and 5 discriminator steps. The discriminator must have
    the normalization: wrap its layers in `kg.layers.SpectralNormalization`, or build it with
    `kg.networks` and `normalization="spectral"`.

    Args:
        generator: As in `GAN`.
        discriminator: As in `GAN`, with spectrally normalized layers.
        objective: As in `GAN`: `"non_saturating"`, the default, as in the paper's CNN experiments,
            or `"hinge"`, as in its ResNet experiments.
        discriminator_steps: Discriminator steps per generator step. Defaults to 1; the paper's
            ResNets use 5.
        average: Decay of the averaged generator. Defaults to 0.999.
        **options: `penalties`, `prior`, `seed`, … as in `GAN`.

    Raises:
        ValueError: As `GAN`, and if no layer of the discriminator is spectrally normalized.

    Example:

    >>> import keras_gan as kg
    >>> discriminator = kg.networks.mlp_discriminator(normalization="spectral")
    >>> SNGAN(kg.networks.mlp_generator(), discriminator).average.decay
    0.999

    Reference: Miyato, Kataoka, Koyama and Yoshida 2018, Spectral Normalization for Generative
    Adversarial Networks, arXiv 1802.05957.

    Experiment: docs/results/adam_settings.md.
    """

    def __init__(
        self,
        generator,
        discriminator,
        *,
        objective="non_saturating",
        discriminator_steps=1,
        average=0.999,
        **options,
    ):
        check_spectral(discriminator)
        super().__init__(
            generator,
            discriminator,
            options,
            objective=objective,
            schedule=schedules.alternating(discriminator_steps),
            average=average,
        )
