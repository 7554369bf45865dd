"""Samples of latent vectors: of a seed, of given ones, between two of them."""

from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from keras_gan.arguments import whole
from keras_gan.data.checks import check_counts, chosen_seed
from keras_gan.labels import chosen_labels
from keras_gan.models.interpolation import spherical
from keras_gan.models.prediction import Prediction
from keras_gan.networks.analysis.memory import (
    batch_size_of,
    check_room,
    check_room_of_latents,
    parts_of,
)
from keras_gan.networks.class_labels import with_labels


class Sampling(Prediction):
    """The ability of a game, a likelihood model or a preset to make samples of latent vectors.

    It has a `prior` of z and a `latent_dim`, and says which is its `sample_network`. It is
    `conditional` where that takes class labels, and then knows `classes` of them, or `None` where
    the network does not say how many, and the `label_limit` that they stay below.
    """

    conditional = False
    classes: int | None = None
    label_limit: int | None = None
    without_labels = (
        "This game knows no labels: leave labels out, or build its networks with classes=…"
    )

    def sample_network(self) -> keras.Model:
        """The network from z, or [z, labels], to samples."""
        raise NotImplementedError

    def decoded(self, z, labels=None):
        """The samples of tensors of latent vectors, in inference mode."""
        return self.sample_network()(with_labels(z, labels), training=False)

    def latents(self, n: int, seed: int | None = None) -> np.ndarray:
        """Latent vectors z of the prior, those of which `generate(n, seed)` makes samples.

        Args:
            n: How many.
            seed: Integer that fixes them; `None` takes new ones at every call.

        Returns:
            float32 array `(n, latent_dim)`.

        Raises:
            ValueError: For a count below 1, a seed that is not an integer of at least 0, or more
                latent vectors than memory holds.
        """
        check_counts(n=n)
        check_room_of_latents(n, self.latent_dim)
        seed = chosen_seed(seed)
        return ops.convert_to_numpy(self.prior((n, self.latent_dim), seed=seed))

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
            average: Whether the averaged network makes them, where there is one.
            batch_size: How many are made at a time; it does not change which. By default as many
                as memory allows, at most 256.
            labels: For networks that take labels: the class of each sample, integers `(n,)`, or one
                for all. `None`, the default, takes all classes in turn, 0, 1, 2, ….

        Returns:
            float32 array `(n, ...)`; images lie in [-1, 1].

        Raises:
            ValueError: For a count below 1, a seed that is not an integer of at least 0, more
                samples than memory holds, or labels that the networks do not know.

        Example:

        >>> import keras_gan as kg
        >>> generator = kg.Generator(kg.networks.mlp_generator(classes=3))
        >>> generator.generate(4, seed=0, labels=2).shape
        (4, 2)
        """
        check_counts(n=n)
        check_room(self.sample_network(), n)
        chosen = self.chosen(labels, n)
        return self._made(self.latents(n, seed), *chosen, batch_size=batch_size, average=average)

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
        z, chosen = self.latents(n, seed), self.chosen(labels, n)
        for rows in parts_of(n, self.sample_network()):
            yield self._made(z[rows], *(each[rows] for each in chosen), average=average)

    def samples_of(
        self, z, batch_size: int | None = None, labels=None, average: bool = True
    ) -> np.ndarray:
        """Samples of given latent vectors.

        Args:
            z: Array `(n, latent_dim)`.
            batch_size: As in `generate`.
            labels: As in `generate`.
            average: As in `generate`.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: For z of another shape or not finite, or labels that the networks do not
                know.
        """
        z = np.asarray(z, "float32")
        if z.ndim != 2 or z.shape[1] != self.latent_dim:
            raise ValueError(
                f"Latent vectors are an array (n, {self.latent_dim}); received shape {z.shape}."
            )
        if not np.isfinite(z).all():
            raise ValueError("Latent vectors must be finite numbers; received NaN or infinity.")
        return self._made(z, *self.chosen(labels, len(z)), batch_size=batch_size, average=average)

    def interpolate(self, z0, z1, n: int = 8, *, labels=None) -> np.ndarray:
        """Samples along the great circle from one latent vector to another.

            z(t) = (sin((1 − t) Ω) z₀ + sin(t Ω) z₁) / sin Ω,   cos Ω = ⟨z₀, z₁⟩ / (|z₀| |z₁|)

        for n equally spaced t from 0 to 1: the norms on the way are those that the prior has, which
        a straight line cuts short. Where z₀ and z₁ are parallel or opposite it is that line.

        Args:
            z0: Array `(latent_dim,)`, such as `latents(2, seed=0)[0]`.
            z1: Array `(latent_dim,)`.
            n: How many samples, both ends included. At least 2; defaults to 8.
            labels: For networks that take labels: the class of all samples on the way, or
                integers `(n,)`. `None`, the default, is class 0, so that one class is on the way.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: For other shapes, fewer than 2, or labels that the networks do not know.

        Reference: White 2016, Sampling Generative Networks, arXiv 1609.04468.

        Example:

        >>> import keras_gan as kg
        >>> generator = kg.Generator(kg.networks.mlp_generator(latent_dim=4))
        >>> generator.interpolate(*generator.latents(2, seed=0), n=5).shape
        (5, 2)
        """
        z0, z1 = (np.asarray(z, "float64") for z in (z0, z1))
        if z0.shape != (self.latent_dim,) or z1.shape != (self.latent_dim,):
            raise ValueError(
                f"interpolate goes between two latent vectors of shape ({self.latent_dim},); "
                f"received shapes {z0.shape} and {z1.shape}."
            )
        n = whole("n", n, least=2)
        if self.conditional and labels is None:
            labels = 0
        return self.samples_of(spherical(z0, z1, np.linspace(0.0, 1.0, n)), labels=labels)

    def chosen(self, labels, n: int) -> list[np.ndarray]:
        """The labels of n samples, in a list; an empty one where the networks take none."""
        if self.conditional:
            return [chosen_labels(labels, n, self.classes, self.label_limit)]
        if labels is not None:
            raise ValueError(self.without_labels)
        return []

    def _made(self, z, *chosen, batch_size: int | None = None, average: bool = True) -> np.ndarray:
        """The samples of arrays that are known to be right."""
        size = batch_size_of(self.sample_network(), batch_size)
        return self.computed(self.decoded, z, *chosen, batch_size=size, average=average)
