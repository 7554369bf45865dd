"""Games whose generator makes samples of latent vectors."""

import random

import keras
import numpy as np
from keras import ops

from keras_gan import validation
from keras_gan.games.inference import Inference
from keras_gan.labels import chosen_labels, with_labels


class Generating(Inference):
    """The part of a game with a `generator` from z to samples and a `prior` of z."""

    conditional = False  # whether generator and discriminator take class labels
    classes = None  # how many the networks know
    label_limit = None  # the number that labels stay below, also where `classes` is unknown

    @property
    def latent_dim(self) -> int:
        """The number of components of z."""
        return validation.single_shape(self.generator.input_shape)[-1]

    def call(self, z, training: bool = False):
        """G(z) of the generator as trained, so that `predict` maps latent vectors to samples.

        Of networks that take labels it takes pairs [z, labels].
        """
        return self.generator(z, training=training)

    def generate(
        self,
        n: int,
        seed: int | None = None,
        average: bool = True,
        batch_size: int = 256,
        *,
        labels=None,
    ) -> np.ndarray:
        """Samples of the model.

        Args:
            n: How many.
            seed: Integer that fixes the latent vectors; `None` takes new ones at every call.
            average: Whether the averaged generator, if there is one, makes them.
            batch_size: How many are made at a time; it does not change which.
            labels: For networks that take labels: the class of each sample, integers `(n,)`, or one
                for all. `None`, the default, takes all classes in turn, 0, 1, 2, ….

        Returns:
            float32 array `(n, ...)`; images lie in [-1, 1].

        Raises:
            ValueError: For a count or a seed that is none, or labels that the networks do not know.
        """
        validation.check_counts(n=n)
        if labels is not None and not self.conditional:
            raise ValueError(
                "This game knows no labels: leave labels out, or build its networks with classes=…"
            )
        seed = random.randrange(2**31) if seed is None else validation.checked_seed(seed)
        z = ops.convert_to_numpy(self.prior((n, self.latent_dim), seed=seed))
        chosen = []
        if self.conditional:
            chosen = [chosen_labels(labels, n, self.classes, self.label_limit)]
        return self.computed(self.samples_of, z, *chosen, batch_size=batch_size, average=average)

    def samples_of(self, z, labels=None):
        """The samples of latent vectors, in inference mode."""
        return self.generator(with_labels(z, labels), training=False)

    def export(self, filepath, format="tf_saved_model", average: bool = True, **options) -> None:
        """Exports the generator, from z to samples, as `keras.Model.export` does.

        Args:
            filepath: Where to.
            format: As in `keras.Model.export`.
            average: Whether it has its averaged weights, if there are any.
            **options: As in `keras.Model.export`.
        """
        with self.holding(average):
            self.exported().export(filepath, format=format, **options)

    def exported(self) -> keras.Model:
        """The network from latent vectors to samples that `export` writes."""
        return self.generator
