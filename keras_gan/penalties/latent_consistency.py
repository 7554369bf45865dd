"""Latent consistency: neighbouring latent vectors, equal scores and different samples."""

import keras
from keras import ops

from keras_gan.arguments import amount
from keras_gan.backend.precision import at_least_float32
from keras_gan.penalties.balanced_consistency import BCR, disagreement
from keras_gan.penalties.judge import Judge
from keras_gan.penalties.penalty import Penalty


@keras.saving.register_keras_serializable(package="keras_gan")
class ZCR(Penalty):
    """Latent consistency regularization, with terms for both players.

        D: λ_dis E_z (D(G(z)) − D(G(z + Δ)))²,   G: −λ_gen E_z |G(z) − G(z + Δ)|²,
        Δ ~ N(0, σ² I)

    with |·|² the mean over the components of a sample. D is not to see the small change of z, and G
    is to make it visible. The generator's term is logged as `<name>_generator`. G is run once more
    in every move.

    Args:
        noise: σ, above 0, in the units of z. Defaults to 0.05.
        discriminator_weight: λ_dis, at least 0. Defaults to 20.
        generator_weight: λ_gen, at least 0. Defaults to 0.5. These three are StudioGAN's for
            BigGAN on CIFAR-10; stylegan2-ada's code has 0.1, 0.2 and 0.02.
        name: The logged name. Defaults to `"zcr"`.

    Raises:
        ValueError: For a number out of range. When a game is made with it: if it is not a `kg.GAN`
            of some kind, whose generator makes samples of z alone.

    Example:

    >>> import keras_gan as kg
    >>> networks = kg.networks.mlp_generator(), kg.networks.mlp_discriminator()
    >>> gan = kg.GAN(*networks, penalties=[kg.penalties.ZCR()])
    >>> gan.loss_names("discriminator"), gan.loss_names("generator")
    (['discriminator_loss', 'zcr'], ['generator_loss', 'zcr_generator'])

    Reference:
        Zhao et al. 2020, Improved Consistency Regularization for GANs, arXiv 2002.04724, section
        2.2.
    """

    on_generator = True
    takes_features = False  # but scores alone
    differentiates = False

    def __init__(
        self,
        noise: float = 0.05,
        discriminator_weight: float = 20.0,
        generator_weight: float = 0.5,
        name: str = "zcr",
    ):
        super().__init__(1.0, name)
        self.noise = amount("noise", noise, above=0)
        self.discriminator_weight = amount("discriminator_weight", discriminator_weight, least=0)
        self.generator_weight = amount("generator_weight", generator_weight, least=0)

    def __call__(self, discriminator, real, fake, draws, step=None, training=True, state=None):
        """Returns the discriminator's term, a scalar, as `Penalty` does.

        Raises:
            ValueError: For a function other than a game's `Judge`, which knows G.
        """
        if not isinstance(discriminator, Judge) or discriminator.neighbours is None:
            raise ValueError(
                "ZCR needs the generator that made the samples: take it as a penalty of a kg.GAN."
            )
        near = ops.cast(discriminator.neighbours(self.noise), real.dtype)
        return self.discriminator_weight * disagreement(discriminator, fake, near)

    def generator_term(self, fake, neighbours):
        """Returns the generator's term, a scalar."""
        near = at_least_float32(neighbours(self.noise))
        return -self.generator_weight * ops.mean(ops.square(at_least_float32(fake) - near))

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        names = ("noise", "discriminator_weight", "generator_weight", "name")
        return {name: getattr(self, name) for name in names}


@keras.saving.register_keras_serializable(package="keras_gan")
class ICR(ZCR):
    """Improved consistency regularization, the sum of `BCR` and `ZCR`.

    Args:
        augment: As in `BCR`, like the next two.
        real_weight: Likewise.
        fake_weight: Likewise.
        noise: As in `ZCR`, like the next two.
        discriminator_weight: Likewise.
        generator_weight: Likewise.
        name: The logged name; the generator's term is `<name>_generator`. Defaults to `"icr"`.

    Raises:
        ValueError: As `BCR` and `ZCR`.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.GAN(
    ...     kg.networks.dcgan_generator((8, 8, 1), width=8),
    ...     kg.networks.dcgan_discriminator((8, 8, 1), width=8),
    ...     penalties=[kg.penalties.ICR()],
    ... )
    >>> gan.loss_names("discriminator")
    ['discriminator_loss', 'icr']

    Reference:
        Zhao et al. 2020, Improved Consistency Regularization for GANs, arXiv 2002.04724, section
        2.3.
    """

    def __init__(
        self,
        augment="flip,translation",
        real_weight: float = 10.0,
        fake_weight: float = 10.0,
        noise: float = 0.05,
        discriminator_weight: float = 20.0,
        generator_weight: float = 0.5,
        name: str = "icr",
    ):
        super().__init__(noise, discriminator_weight, generator_weight, name)
        self.balanced = BCR(augment, real_weight, fake_weight)
        self.augment = self.balanced.augment
        self.real_weight, self.fake_weight = self.balanced.real_weight, self.balanced.fake_weight

    def __call__(self, discriminator, real, fake, draws, step=None, training=True, state=None):
        """Returns the discriminator's terms, a scalar, as `Penalty` does."""
        given = discriminator, real, fake, draws, step, training
        return self.balanced(*given) + super().__call__(*given)

    def check_samples(self, shape):
        """Refuses samples that the transforms are not for."""
        self.balanced.check_samples(shape)

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {**self.balanced.get_config(), **super().get_config()}
