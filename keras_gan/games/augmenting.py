"""Games in which what a discriminator sees is augmented."""

from collections.abc import Callable

import keras
from keras import ops

from keras_gan import augment
from keras_gan.augment import Augmentation
from keras_gan.parallel.random_numbers import Draws


class Augmenting(keras.Model):
    """The part of a game with an `objective` that augments what its discriminators see.

    Its numbers have a stream of their own, so that an augmentation which changes nothing leaves all
    other random numbers as they are without it.
    """

    augment: Augmentation | None = None

    def own_augmentation(self, given, sample_shape: tuple, penalties: list, copies: bool = True):
        """What to augment by, made of what the user gave; `None` for nothing.

        Args:
            given: As in `keras_gan.augment.get`.
            sample_shape: The shape of what D takes, with `None` for an unknown axis.
            penalties: Those on what D says of augmented samples.
            copies: As in `keras_gan.augment.get`.

        Raises:
            ValueError: As `keras_gan.augment.get` and `Augmentation`.
        """
        made = augment.get(given, copies)
        if made is not None:
            made.prepare(sample_shape, any(each.differentiates for each in penalties))
            if not hasattr(self, "augment_draws"):
                self.augment_draws = Draws(self.seed, "augmentation")
        return made

    def augmented(
        self, samples, training: bool, by: Augmentation | None = None
    ) -> tuple[Callable, Callable]:
        """By what the real samples of a minibatch and its fakes are augmented, two functions.

        Args:
            samples: As many of the same shape, `(batch, ...)`.
            training: Whether in training, the only time when they are.
            by: One of the game's, `augment` by default.
        """
        by = by or self.augment
        if by is None or not training:
            return _same, _same
        step = self.optimizer_of("discriminator").iterations
        shape = tuple(ops.shape(samples))
        return by.pair(shape, self.augment_draws, step, self.objective.paired)

    def settings(self) -> dict:
        """`augment`, where there is one, and the further settings."""
        return {**settings_of(self.augment), **super().settings()}


def settings_of(augmentation: Augmentation | None) -> dict:
    """The setting `augment` of a game, where it has one.

    Args:
        augmentation: The game's.
    """
    serialize = keras.saving.serialize_keras_object
    return {} if augmentation is None else {"augment": serialize(augmentation)}


def _same(samples):
    """The samples."""
    return samples
