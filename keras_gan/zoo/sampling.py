"""Samples of a trained generator: of a seed, of latent vectors, between two of them."""

import random
from collections.abc import Iterator

import numpy as np
from keras import ops

from keras_gan.arguments import whole
from keras_gan.data.checks import check_counts, checked_seed
from keras_gan.labels import chosen_labels
from keras_gan.models.prediction import in_batches
from keras_gan.networks.analysis.memory import (
    batch_size_of,
    check_room,
    check_room_of_latents,
    parts_of,
)
from keras_gan.networks.class_labels import with_labels
from keras_gan.zoo.interpolation import spherical


class Sampling:
    """The part of a `kg.Generator` that makes samples.

    It has a `prior` and a `latent_dim`, is `conditional` where it takes class labels, and then
    knows `classes` of them, or `None` where its network does not say how many, and the
    `label_limit` that they stay below.
    """

    def latents(self, n: int, seed: int | None = None) -> np.ndarray:
        """Latent vectors z of the prior, those of which `generate(n, seed)` makes samples.

        Args:
            n: How many.
            seed: Integer that fixes them; `None` takes new ones at every call.

        Returns:
            float32 array `(n, latent_dim)`.
        """
        check_counts(n=n)
        check_room_of_latents(n, self.latent_dim)
        seed = random.randrange(2**31) if seed is None else checked_seed(seed)
        return ops.convert_to_numpy(self.prior((n, self.latent_dim), seed=seed))

    def generate(
        self, n: int, seed: int | None = None, *, labels=None, batch_size: int | None = None
    ) -> np.ndarray:
        """Samples G(z), or G(z, y) of a generator that takes labels.

        Args:
            n: How many.
            seed: Integer that fixes the latent vectors; `None` takes new ones at every call.
            labels: For a generator that takes labels: the class of each sample, integers `(n,)`, or
                one for all. `None`, the default, takes all classes in turn, 0, 1, 2, ….
            batch_size: How many are made at a time; it does not change which. By default as many
                as memory allows, at most 256.

        Returns:
            float32 array `(n, ...)`; images lie in [-1, 1].

        Raises:
            ValueError: For a count or a seed that is none, more samples than memory holds, or
                labels that the generator has not.

        Example:

        >>> import keras_gan as kg
        >>> generator = kg.Generator(kg.networks.mlp_generator(classes=3))
        >>> generator.generate(4, seed=0, labels=2).shape
        (4, 2)
        """
        check_counts(n=n)
        check_room(self, n)
        self.chosen(labels, n)
        return self.samples_of(self.latents(n, seed), batch_size, labels)

    def generate_in_parts(self, n: int, seed: int | None = None, *, labels=None) -> Iterator:
        """The samples of `generate`, a part at a time: all of them need not fit into memory.

        Args:
            n: How many.
            seed: As in `generate`.
            labels: As in `generate`.

        Yields:
            float32 arrays `(m, ...)`, n samples altogether.

        Raises:
            ValueError: As `generate`, and for more latent vectors than memory holds.
        """
        z, chosen = self.latents(n, seed), self.chosen(labels, n)
        for rows in parts_of(n, self):
            yield self.samples_of(z[rows], None, *(each[rows] for each in chosen))

    def samples_of(self, z, batch_size: int | None = None, labels=None) -> np.ndarray:
        """Samples G(z), or G(z, y), of given latent vectors.

        Args:
            z: Array `(n, latent_dim)`.
            batch_size: As in `generate`.
            labels: As in `generate`.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: For z of another shape, or labels that the generator has not.
        """
        batch_size = batch_size_of(self, batch_size)
        check_counts(batch_size=batch_size)
        z = np.asarray(z, "float32")
        if z.ndim != 2 or z.shape[1] != self.latent_dim:
            raise ValueError(
                f"Latent vectors are an array (n, {self.latent_dim}); received shape {z.shape}."
            )
        if not np.isfinite(z).all():
            raise ValueError("Latent vectors must be finite numbers; received NaN or infinity.")

        def samples(z, labels=None):
            return self(with_labels(z, labels), training=False)

        return in_batches(samples, z, *self.chosen(labels, len(z)), batch_size=batch_size)

    def chosen(self, labels, n: int) -> list[np.ndarray]:
        """The labels of n samples, in a list; an empty one where the generator takes none."""
        if self.conditional:
            return [chosen_labels(labels, n, self.classes, self.label_limit)]
        if labels is not None:
            raise ValueError(
                "This generator knows no labels: leave labels out, or load a preset that has some."
            )
        return []

    def interpolate(self, z0, z1, n: int = 8, *, labels=None) -> np.ndarray:
        """Samples along the great circle from one latent vector to another.

            z(t) = (sin((1 − t) Ω) z₀ + sin(t Ω) z₁) / sin Ω,   cos Ω = ⟨z₀, z₁⟩ / (|z₀| |z₁|)

        for n equally spaced t from 0 to 1: the norms on the way are those that the prior has, which
        a straight line cuts short. Where z₀ and z₁ are parallel or opposite it is that line.

        Args:
            z0: Array `(latent_dim,)`, such as `latents(2, seed=0)[0]`.
            z1: Array `(latent_dim,)`.
            n: How many samples, both ends included. At least 2; defaults to 8.
            labels: For a generator that takes labels: the class of all samples on the way, or
                integers `(n,)`. `None`, the default, is class 0, so that one class is on the way.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: For other shapes, fewer than 2, or labels that the generator has not.

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
