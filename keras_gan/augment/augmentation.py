"""What a game augments its samples by: transforms, and whether pairs share their numbers."""

from collections.abc import Callable

import keras
from keras import ops

from keras_gan.augment.affine import fused
from keras_gan.augment.checks import check_transforms
from keras_gan.augment.layer_transform import LayerTransform
from keras_gan.augment.transform import Transform
from keras_gan.backend.configured import register
from keras_gan.backend.precision import widest
from keras_gan.parallel.random_numbers import Draws


@register
class Augmentation(keras.layers.Layer):
    """Transforms T of what a discriminator sees, real samples and fakes alike.

        D minimises  objective.discriminator_loss(D(T(x)), D(T(G(z)))) + Σ penalties of D ∘ T
        G minimises  objective.generator_loss(D(T(G(z))))

    T is drawn anew for every sample, move and network, from random numbers of the game; a penalty's
    gradient is that of x ↦ D(T(x)) with T held fixed. In evaluation nothing is augmented. A game
    makes its own of what it is given, so that two games share no state.

    Args:
        transforms: A `Transform`, a Keras layer that passes gradients to its input, or a list of
            such, in the order in which they are done.
        synced: Whether x_i and G(z_i) are transformed by the same numbers. `None`, the default, is
            that for objectives that compare them in pairs, such as `"relativistic"`.

    Raises:
        ValueError: For anything else. When a game is made with it: for samples that a transform is
            not for, or a transform that changes their shape or passes no gradient.

    Example:

    >>> import keras_gan as kg
    >>> flips = kg.augment.Augmentation([kg.augment.Flip(), keras.layers.GaussianNoise(0.1)])
    >>> [type(each).__name__ for each in flips.transforms]
    ['Flip', 'LayerTransform']

    Reference: Zhao et al. 2020, Differentiable Augmentation for Data-Efficient GAN Training, arXiv
    2006.10738, equations 4 to 6.
    """

    def __init__(self, transforms=(), *, synced: bool | None = None, name: str | None = None):
        super().__init__(trainable=False, name=name, dtype="float32")
        self.synced = synced
        self.transforms = [_transform(each) for each in _listed(transforms)]
        self.inner = [each.layer for each in self.transforms if isinstance(each, LayerTransform)]
        self.built = True

    def anew(self, copies: bool = True) -> "Augmentation":
        """Returns another one of the same transforms, with a state of its own.

        Args:
            copies: Whether it has copies of the transforms, and of layers among them, as that of
                another game must. Defaults to `True`.
        """
        return type(self)(self.again(copies), **self.options())

    def again(self, copies: bool) -> list[Transform]:
        """Returns the transforms, or copies of them."""
        return [each.anew() if copies else each for each in self.transforms]

    def options(self) -> dict:
        """Returns the constructor's arguments besides transforms and name."""
        return {"synced": self.synced}

    def prepare(self, sample_shape: tuple, second_order: bool = False) -> None:
        """Looks at the transforms before training, and builds what has to be built.

        Args:
            sample_shape: The shape of one sample, with `None` for an unknown axis.
            second_order: Whether gradients through the transforms are differentiated again.

        Raises:
            ValueError: As the class.
        """
        for each in self.transforms:
            each.check(sample_shape)
        check_transforms(self.transforms, sample_shape, second_order)

    def stages(self) -> list[Transform]:
        """Returns all parts of the transforms, consecutive affine maps as one."""
        return fused([part for each in self.transforms for part in each.parts()])

    def pair(
        self, shape: tuple, draws: Draws, step=None, paired: bool = False
    ) -> tuple[Callable, Callable]:
        """Draws what real samples and what fakes of a minibatch are transformed by.

        Args:
            shape: That of the samples, `(batch, ...)`.
            draws: The random numbers to use.
            step: The number of the discriminator's updates so far.
            paired: Whether the objective compares pairs.

        Returns:
            A pair of functions of samples.
        """
        real = self.drawn(shape, draws, step)
        synced = paired if self.synced is None else self.synced
        return real, real if synced else self.drawn(shape, draws, step)

    def drawn(self, shape: tuple, draws: Draws, step=None) -> Callable:
        """Draws one T for every sample of a minibatch, and returns it, a function of samples.

        Args:
            shape: As in `pair`, like the others.
            draws: Likewise.
            step: Likewise.
        """
        stages = self.stages()
        numbers = [stage.numbers(shape, draws, step, self.factor()) for stage in stages]

        def transformed(x):
            y = ops.cast(x, widest(x.dtype))
            for stage, own in zip(stages, numbers, strict=True):
                y = stage.transformed(y, own)
            return ops.cast(y, x.dtype)

        return transformed

    def factor(self):
        """Returns what the transforms' probabilities are multiplied by; `None` for 1."""
        return

    def observe(
        self, real_scores, fake_scores, threshold: float | None, samples_each: int = 1
    ) -> None:
        """Learns from the scores of a discriminator's move; nothing, unless it is adaptive.

        Args:
            real_scores: D(T(x)), `(batch, ...)`.
            fake_scores: D(T(G(z))), likewise.
            threshold: The objective's.
            samples_each: How many samples each score is of, more than 1 with packing.
        """

    def present(self) -> dict:
        """Returns what is logged of its state, scalars by name."""
        return {}

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        serialize = keras.saving.serialize_keras_object
        return {"transforms": [serialize(each) for each in self.transforms], **self.options()}

    @classmethod
    def from_config(cls, config: dict) -> "Augmentation":
        """Returns what `get_config` described."""
        restore = keras.saving.deserialize_keras_object
        config = dict(config)
        transforms = config.pop("transforms")
        return cls(transforms and [restore(each) for each in transforms], **config)


def _listed(transforms) -> list:
    """The transforms as a list."""
    single = isinstance(transforms, (str, Transform, keras.layers.Layer))
    return [transforms] if single else list(transforms)


def _transform(given) -> Transform:
    """The transform, or the layer as one.

    Raises:
        ValueError: For anything else.
    """
    if isinstance(given, str):
        from keras_gan.augment.diffaugment import DiffAugment

        return DiffAugment(given)
    if isinstance(given, Augmentation):
        raise ValueError(
            f"{type(given).__name__} is the whole of a game's augmentation, and not a transform "
            f"among others: give it all of them, as in "
            f"kg.augment.{type(given).__name__}([…])."
        )
    if isinstance(given, keras.layers.Layer):
        return LayerTransform(given)
    if not isinstance(given, Transform):
        raise ValueError(
            f"A transform must be a kg.augment.Transform, a Keras layer, or the names of a policy "
            f"such as 'color,translation,cutout'; received {given!r}."
        )
    return given
