"""Games whose generator makes samples of latent vectors."""

import random
from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from keras_gan.backend.finite import refuse_broken_weights
from keras_gan.backend.shapes import single_shape
from keras_gan.data.checks import check_counts, checked_seed
from keras_gan.labels import chosen_labels
from keras_gan.models.prediction import Inference
from keras_gan.networks.analysis.memory import (
    batch_size_of,
    check_room,
    check_room_of_latents,
    parts_of,
)
from keras_gan.networks.class_labels import with_labels


class Generating(Inference):
    """The part of a game with a `generator` from z to samples and a `prior` of z."""

    conditional = False  # whether generator and discriminator take class labels
    classes = None  # how many the networks know
    label_limit = None  # the number that labels stay below, also where `classes` is unknown

    @property
    def latent_dim(self) -> int:
        """The number of components of z."""
        return single_shape(self.generator.input_shape)[-1]

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
        batch_size: int | None = None,
        *,
        labels=None,
    ) -> np.ndarray:
        """Samples of the model.

        Args:
            n: How many.
            seed: Integer that fixes the latent vectors; `None` takes new ones at every call.
            average: Whether the averaged generator, if there is one, makes them.
            batch_size: How many are made at a time; it does not change which. By default as many
                as memory allows, at most 256.
            labels: For networks that take labels: the class of each sample, integers `(n,)`, or one
                for all. `None`, the default, takes all classes in turn, 0, 1, 2, ….

        Returns:
            float32 array `(n, ...)`; images lie in [-1, 1].

        Raises:
            ValueError: For a count or a seed that is none, more samples than memory holds, or
                labels that the networks do not know.
        """
        check_counts(n=n)
        check_room(self.generator, n)
        size = batch_size_of(self.generator, batch_size)
        inputs = self._inputs(n, seed, labels)
        return self.computed(self.samples_of, *inputs, batch_size=size, average=average)

    def generate_in_parts(
        self, n: int, seed: int | None = None, average: bool = True, *, labels=None
    ) -> Iterator[np.ndarray]:
        """The samples of `generate`, a part at a time: all of them need not fit into memory.

        Args:
            n: How many.
            seed: As in `generate`.
            average: As in `generate`.
            labels: As in `generate`.

        Yields:
            float32 arrays `(m, ...)`, n samples altogether.

        Raises:
            ValueError: As `generate`, and for more latent vectors than memory holds.
        """
        inputs, size = self._inputs(n, seed, labels), batch_size_of(self.generator)
        for rows in parts_of(n, self.generator):
            part = [each[rows] for each in inputs]
            yield self.computed(self.samples_of, *part, batch_size=size, average=average)

    def _inputs(self, n: int, seed: int | None, labels) -> list[np.ndarray]:
        """The latent vectors of n samples and, where the networks take some, the labels."""
        check_counts(n=n)
        check_room_of_latents(n, self.latent_dim)
        if labels is not None and not self.conditional:
            raise ValueError(
                "This game knows no labels: leave labels out, or build its networks with classes=…"
            )
        seed = random.randrange(2**31) if seed is None else checked_seed(seed)
        z = ops.convert_to_numpy(self.prior((n, self.latent_dim), seed=seed))
        if not self.conditional:
            return [z]
        return [z, chosen_labels(labels, n, self.classes, self.label_limit)]

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

        Raises:
            ValueError: For weights that are not finite.
        """
        with self.holding(average):
            refuse_broken_weights([self.generator], "nothing was exported")
            self.exported().export(filepath, format=format, **options)

    def exported(self) -> keras.Model:
        """The network from latent vectors to samples that `export` writes."""
        return self.generator
