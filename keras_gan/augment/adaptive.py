"""Adaptive augmentation: a probability that follows how sure the discriminator is of the data."""

import keras
from keras import ops

from keras_gan.arguments import amount, whole
from keras_gan.augment.augmentation import Augmentation
from keras_gan.augment.color import of_colors
from keras_gan.augment.geometry import geometric
from keras_gan.backend.configured import register
from keras_gan.backend.precision import at_least_float32
from keras_gan.parallel.global_batch import global_mean, present_part


@register
class Adaptive(Augmentation):
    """Adaptive discriminator augmentation (ADA): each transform is done with probability p.

        r = E_x sign(D(T(x)) − threshold)
        p ← min(max(p + sign(r − target) · n / images, 0), 1)

    after every `interval` moves of the discriminator, with r the mean over their n real samples. A
    discriminator that is right about nearly all of them, r > target, has learnt them by heart: it
    is shown more transformed ones. p multiplies the transforms' own probabilities. `fit` logs p and
    r as `augment_probability` and `augment_sign`; `gan.augment.probability` is p, a variable that
    is saved and resumed with the game.

    The threshold is the objective's: 0 for `"non_saturating"`, as in the paper. Where only
    differences of scores count, as for `"wasserstein"` and `"relativistic"`, r is E sign(D(T(x)) −
    D(T(G(z)))) over pairs. The authors' code differs further: p is not held below 1, so that it
    needs time to come back; an image is enlarged twofold by a wavelet's filter, transformed, and
    shrunk again, where here it is interpolated linearly; the filters of frequencies, which they do
    not use by default either, are left out.

    Args:
        transforms: As in `Augmentation`; a `DiffAugment`, too. `None`, the default, is the authors'
            choice: of geometry `Flip`, `QuarterTurn`, `IntegerTranslation`, `Scaling`, `Rotation`,
            `Stretching`, `Rotation` and `FractionalTranslation`; of colors `Brightness`,
            `Contrast`, `LumaFlip`, and for images of three channels `Hue` and `Saturation`.
        target: In [−1, 1]. Defaults to 0.6.
        images: In how many real samples p goes from 0 to 1 at most. Defaults to 500,000.
        interval: Moves of the discriminator between changes of p, at least 1. Defaults to 4.
        start: p at the start, in [0, 1]. Defaults to 0.
        synced: As in `Augmentation`.

    Raises:
        ValueError: As `Augmentation`, and for a number out of range.

    Example:

    >>> import keras_gan as kg
    >>> gan = kg.GAN(
    ...     kg.networks.dcgan_generator((8, 8, 1), width=8),
    ...     kg.networks.dcgan_discriminator((8, 8, 1), width=8),
    ...     augment=kg.augment.Adaptive(images=10_000),
    ... )
    >>> float(gan.augment.probability)
    0.0

    Reference: Karras, Aittala, Hellsten, Laine, Lehtinen and Aila 2020, Training Generative
    Adversarial Networks with Limited Data, arXiv 2006.06676, and the authors' code,
    NVlabs/stylegan2-ada-pytorch.
    """

    def __init__(
        self,
        transforms=None,
        *,
        target: float = 0.6,
        images: float = 500_000,
        interval: int = 4,
        start: float = 0.0,
        synced: bool | None = None,
        name: str | None = None,
    ):
        super().__init__(() if transforms is None else transforms, synced=synced, name=name)
        self.chooses = transforms is None
        self.target = amount("target", target, least=-1, most=1)
        self.images = amount("images", images, above=0)
        self.interval = whole("interval", interval)
        self.start = amount("start", start, least=0, most=1)
        options = {
            "dtype": "float32",
            "trainable": False,
            "aggregation": "only_first_replica",
        }
        self.probability = self.add_weight(
            shape=(),
            initializer=keras.initializers.Constant(self.start),
            name="probability",
            **options,
        )
        self.seen = self.add_weight(  # since the last change: Σ r n, Σ n, moves; and r at it
            shape=(4,), initializer="zeros", name="seen", **options
        )

    def again(self, copies):
        """Returns the transforms, or copies of them; `None` where they are chosen."""
        return None if self.chooses else super().again(copies)

    def options(self):
        """Returns the constructor's arguments besides transforms and name."""
        names = ("target", "images", "interval", "start")
        return {**super().options(), **{name: getattr(self, name) for name in names}}

    def prepare(self, sample_shape, second_order=False):
        """Chooses transforms if none were given, and looks at them."""
        if self.chooses:
            self.transforms = [*geometric(), *of_colors(sample_shape[-1])]
        super().prepare(sample_shape, second_order)

    def factor(self):
        """Returns p."""
        return ops.convert_to_tensor(self.probability)

    def observe(self, real_scores, fake_scores, threshold, samples_each=1):
        """Counts the signs of a move, and changes p after every `interval` moves."""
        real, fake = (
            ops.stop_gradient(at_least_float32(each)) for each in (real_scores, fake_scores)
        )
        apart = real - (fake if threshold is None else threshold)
        r = global_mean(ops.cast(apart > 0, "float32") - ops.cast(apart < 0, "float32"))  # NaN: 0
        part = present_part()
        n = ops.cast(ops.shape(real)[0] if part is None else part.total, "float32") * samples_each
        signs, count, moves, last = ops.unstack(ops.convert_to_tensor(self.seen), 4)
        signs, count, moves = signs + r * n, count + n, moves + 1.0
        due = moves >= self.interval
        mean = signs / count
        change = ops.sign(mean - self.target) * count / self.images
        p = ops.convert_to_tensor(self.probability)
        self.probability.assign(ops.where(due, ops.clip(p + change, 0.0, 1.0), p))
        kept = ops.stack([signs, count, moves, last])
        begun = ops.stack([*[ops.zeros((), "float32")] * 3, mean])
        self.seen.assign(ops.where(due, begun, kept))

    def present(self):
        """Returns p and the last r."""
        return {
            "augment_probability": ops.convert_to_tensor(self.probability),
            "augment_sign": ops.convert_to_tensor(self.seen)[3],
        }

    def get_config(self):
        """Returns the constructor's arguments."""
        config = super().get_config()
        return {**config, "transforms": None} if self.chooses else config
