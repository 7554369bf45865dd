"""Balanced consistency: a discriminator must not see transforms, neither of data nor of fakes."""

import keras
from keras import ops

from keras_gan.arguments import amount
from keras_gan.augment.adaptive import Adaptive
from keras_gan.augment.augmentation import Augmentation
from keras_gan.augment.choosing import get
from keras_gan.backend.precision import at_least_float32, widest
from keras_gan.penalties.judge import Judge, beside, scores_at
from keras_gan.penalties.penalty import Penalty


@keras.saving.register_keras_serializable(package="keras_gan")
class BCR(Penalty):
    """Balanced consistency regularization: transformed samples must have the scores of the samples.

        λ_real E_x (D(x) − D(T(x)))² + λ_fake E_z (D(G(z)) − D(T(G(z))))²

    Real samples and fakes are transformed alike, so that G gains nothing by looking transformed. In
    a game with `augment=` D sees both through that, too. On a discriminator of patches D is the
    mean. With packing each sample of a pack is transformed by a draw of its own.

    Args:
        augment: T, as in `kg.GAN`, but of fixed strengths and probabilities. Defaults to
            `"flip,translation"`: the paper mirrors, and moves by up to 4 of 32 pixels.
        real_weight: λ_real, at least 0. Defaults to 10.
        fake_weight: λ_fake, at least 0. Defaults to 10.
        name: The logged name. Defaults to `"bcr"`.

    Raises:
        ValueError: For a negative weight, an unknown or adaptive augmentation. When a game is made
            with it: for samples that a transform is not for.

    Example, where D is the sum of an image, which loses what is moved out of it:

    >>> from keras_gan.parallel.random_numbers import Draws
    >>> x = keras.ops.ones((64, 8, 8, 1))
    >>> still, moving = BCR("flip"), BCR("translation")
    >>> def discriminator(x):
    ...     return keras.ops.sum(x, axis=(1, 2))
    >>> [float(each(discriminator, x, x, Draws(0))) > 0 for each in (still, moving)]
    [False, True]

    Reference:
        Zhao, Singh, Lee, Zhang, Odena and Zhang 2020, Improved Consistency Regularization for GANs,
        arXiv 2002.04724, section 2.1; of real samples alone: Zhang et al. 2019, arXiv 1910.12027.
    """

    takes_features = False  # but scores alone
    differentiates = False

    def __init__(
        self,
        augment="flip,translation",
        real_weight: float = 10.0,
        fake_weight: float = 10.0,
        name: str = "bcr",
    ):
        super().__init__(1.0, name)
        if isinstance(augment, dict):  # from a config
            augment = keras.saving.deserialize_keras_object(augment)
        self.augment = get(augment)
        if self.augment is None or isinstance(self.augment, Adaptive):
            raise ValueError(
                f"BCR compares samples with transformed ones, so augment must be transforms such "
                f"as 'flip,translation'; received {augment!r}."
            )
        parts = [part for each in self.augment.transforms for part in each.parts()]
        if not all(map(_is_fixed, parts)):
            raise ValueError(
                "BCR takes transforms of fixed strength and probability, not of schedules: anneal "
                "the game's own augment= instead."
            )
        self.real_weight = amount("real_weight", real_weight, least=0)
        self.fake_weight = amount("fake_weight", fake_weight, least=0)

    def __call__(self, discriminator, real, fake, draws, step=None, training=True, state=None):
        """Returns the penalty, a scalar, as `Penalty` does."""
        drawn = discriminator.drawn if isinstance(discriminator, Judge) else Augmentation.drawn
        shape = tuple(ops.shape(real))
        moved = [drawn(self.augment, shape, draws)(each) for each in (real, fake)]
        value = self.value(discriminator, (real, fake, *moved))
        return ops.cast(value, widest(real.dtype, fake.dtype))

    def value(self, discriminator, points):
        """λ_real E (D(x) − D(T(x)))² + λ_fake E (D(G(z)) − D(T(G(z))))², a scalar."""
        real, fake, moved_real, moved_fake = points
        pairs = (real, moved_real, self.real_weight), (fake, moved_fake, self.fake_weight)
        terms = [
            weight * disagreement(discriminator, samples, moved) for samples, moved, weight in pairs
        ]
        return terms[0] + terms[1]

    def check_samples(self, shape):
        """Refuses samples that the transforms are not for."""
        self.augment.prepare(shape)

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {
            "augment": keras.saving.serialize_keras_object(self.augment),
            "real_weight": self.real_weight,
            "fake_weight": self.fake_weight,
            "name": self.name,
        }


def disagreement(discriminator, samples, others):
    """E (D(a) − D(b))² of samples a and others b, a scalar.

    Args:
        discriminator: As in `Penalty.__call__`.
        samples: `(batch, ...)`, whose scores a `Judge` may have.
        others: As many.
    """
    a = at_least_float32(scores_at(discriminator, samples))
    b = at_least_float32(scores_at(beside(discriminator, samples), others))
    return ops.mean(ops.square(a - b))


def _is_fixed(transform) -> bool:
    """Whether neither strength nor probability follows a schedule."""
    return isinstance(transform.strength, float) and isinstance(transform.probability, float)
