"""The small DCGAN of `tips.py`, with what its tips change."""

import dataclasses

import keras
from keras import layers, ops

import keras_gan as kg

LATENT_DIM, WIDTH = 32, 16


@dataclasses.dataclass(frozen=True)
class Setting:
    """How a GAN is built and trained; as it is, the rule.

    Args:
        objective: As in `kg.GAN`.
        prior: As in `kg.GAN`.
        batch_normalization: Whether both players have it.
        mixed: Whether the discriminator sees real and fake samples in one batch.
        generator_slope: Of rectified units for negative values; 0 for ReLU.
        discriminator_slope: Likewise.
        label_smoothing: ε, the target of real samples is 1 − ε.
        flipped: The share of labels of the discriminator that are wrong.
        sgd: Whether SGD trains the discriminator, not Adam.
        noise: σ on the discriminator's inputs at the start; it falls to 0 until the end.
    """

    objective: str = "non_saturating"
    prior: str = "normal"
    batch_normalization: bool = True
    mixed: bool = False
    generator_slope: float = 0.0
    discriminator_slope: float = 0.2
    label_smoothing: float = 0.0
    flipped: float = 0.0
    sgd: bool = False
    noise: float = 0.0


@keras.saving.register_keras_serializable(package="tips")
class TippedGAN(kg.GAN):
    """A `GAN` whose discriminator may see mixed batches and wrong labels.

    Args:
        setting: The `Setting`, of which it takes `mixed` and `flipped`.
    """

    def __init__(self, generator, discriminator, setting: Setting, **options):
        self.mixed, self.flipped = setting.mixed, setting.flipped
        super().__init__(generator, discriminator, **options)

    def losses_on(self, real, fake, labels, draws, training):
        """As `GAN`; a sample whose label is flipped takes the place of one of the other kind."""
        if self.flipped:
            swapped = draws.uniform((ops.shape(real)[0], 1, 1, 1)) < self.flipped
            real, fake = ops.where(swapped, fake, real), ops.where(swapped, real, fake)
        if not self.mixed:
            return super().losses_on(real, fake, labels, draws, training)
        scores = self.scores_together(real, fake, training)
        return {"discriminator_loss": self.objective.discriminator_loss(*scores[::-1])}, {}

    def generator_losses_on(self, real, fake, labels, training):
        """As `GAN`."""
        if not self.mixed:
            return super().generator_losses_on(real, fake, labels, training)
        fake_scores, _ = self.scores_together(real, fake, training)
        return {"generator_loss": self.objective.generator_loss(fake_scores)}, {}

    def scores_together(self, real, fake, training):
        """D's scores of fake and of real samples that were normalized as one batch."""
        scores = self.scores(ops.concatenate([fake, ops.cast(real, fake.dtype)]), training)
        n = ops.shape(fake)[0]
        return scores[:n], scores[n:]


def networks(side: int, setting: Setting, steps: int) -> tuple[keras.Model, keras.Model]:
    """The pair for images of side × side pixels, a multiple of 4, with two grids on the way."""

    def rectified(h, slope):
        if setting.batch_normalization:
            h = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(h)
        return layers.LeakyReLU(negative_slope=slope)(h)

    options = {"strides": 2, "padding": "same", "data_format": "channels_last"}
    z = keras.Input((LATENT_DIM,))
    h = layers.Dense((side // 4) ** 2 * 2 * WIDTH)(z)
    h = layers.Reshape((side // 4, side // 4, 2 * WIDTH))(h)
    h = rectified(h, setting.generator_slope)
    h = kg.layers.Conv2DTranspose(WIDTH, 4, **options)(h)
    h = rectified(h, setting.generator_slope)
    image = kg.layers.Conv2DTranspose(1, 4, activation="tanh", **options)(h)

    x = h = keras.Input((side, side, 1))
    if setting.noise:
        h = kg.layers.InstanceNoise(setting.noise, anneal_steps=steps, seed=0)(h)
    h = kg.layers.Conv2D(WIDTH, 4, **options)(h)  # DCGAN does not normalize this one
    h = layers.LeakyReLU(negative_slope=setting.discriminator_slope)(h)
    h = kg.layers.Conv2D(2 * WIDTH, 4, **options)(h)
    h = rectified(h, setting.discriminator_slope)
    return keras.Model(z, image), keras.Model(x, layers.Dense(1)(layers.Flatten()(h)))
