"""Samples of latent vectors: of a seed, of given ones, between two of them."""

import numpy as np
from keras import ops

from keras_gan.arguments import amount, whole
from keras_gan.data.checks import check_counts, chosen_seed
from keras_gan.distributions.truncation import truncated
from keras_gan.models.interpolation import spherical
from keras_gan.models.moving import Moving, vectors
from keras_gan.models.projecting import Projecting
from keras_gan.models.random_samples import RandomSamples
from keras_gan.models.standing_statistics import standing_statistics
from keras_gan.networks.analysis.memory import batch_size_of, check_room_of_latents
from keras_gan.networks.analysis.styles import missing_parts, truncated_samples
from keras_gan.networks.class_labels import with_labels


class Sampling(Moving, Projecting, RandomSamples):
    """The ability of a model or a preset to make samples of latent vectors.

    It has a `prior` of z and a `latent_dim`; its `sample_network` is from z, or [z, labels].
    """

    def decoded(self, z, labels=None):
        """The samples of tensors of latent vectors, in inference mode."""
        return self.sample_network()(with_labels(z, labels), training=False)

    def check_number(self, n: int) -> None:
        """Refuses a number of samples below 1, or of more latent vectors than memory holds."""
        check_counts(n=n)
        check_room_of_latents(n, self.latent_dim)

    def latents(
        self, n: int, seed: int | None = None, truncation: float | None = None
    ) -> np.ndarray:
        """Latent vectors z of the prior, those of which `generate(n, seed)` makes samples.

        Args:
            n: How many.
            seed: Integer that fixes them; `None` takes new ones at every call.
            truncation: As in `generate`.

        Returns:
            float32 array `(n, latent_dim)`.

        Raises:
            ValueError: For a count below 1, a seed that is not an integer of at least 0, more
                latent vectors than memory holds, or a truncation as in `generate`.
        """
        self.check_number(n)
        seed = chosen_seed(seed)
        z = ops.convert_to_numpy(self.prior((n, self.latent_dim), seed=seed))
        of_z = truncation is not None and not self.truncating(truncation)
        return truncated(self.prior, z, truncation, seed) if of_z else z

    def truncating(self, truncation: float | None) -> dict:
        """The truncation, where it is one of styles, once it is known to be positive."""
        if truncation is None or missing_parts(self.sample_network()):
            return {}
        return {"truncation": amount("truncation", truncation, above=0)}

    def drawn_inputs(
        self, n: int, seed: int | None, labels, truncation: float | None = None
    ) -> list[np.ndarray]:
        """The latent vectors of n samples and, of a conditional model, their labels."""
        return [self.latents(n, seed, truncation), *self.chosen(labels, n)]

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
        z = vectors(z, self.latent_dim)
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
                Condition vectors as in `generate`.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: For other shapes, fewer than 2, or labels that the networks do not know.

        Example:

        >>> import keras_gan as kg
        >>> generator = kg.Generator(kg.networks.mlp_generator(latent_dim=4))
        >>> generator.interpolate(*generator.latents(2, seed=0), n=5).shape
        (5, 2)

        Reference: White 2016, Sampling Generative Networks, arXiv 1609.04468.
        """
        z0, z1 = (np.asarray(z, "float64") for z in (z0, z1))
        if z0.shape != (self.latent_dim,) or z1.shape != (self.latent_dim,):
            raise ValueError(
                f"interpolate goes between two latent vectors of shape ({self.latent_dim},); "
                f"received shapes {z0.shape} and {z1.shape}."
            )
        n = whole("n", n, least=2)
        if self.conditional and labels is None and self.condition_dim is None:
            labels = 0
        return self.samples_of(self.between(z0, z1, np.linspace(0.0, 1.0, n)), labels=labels)

    def standing_statistics(
        self,
        batches: int = 100,
        batch_size: int = 64,
        seed: int = 0,
        *,
        average: bool = True,
        labels=None,
        truncation: float | None = None,
    ) -> None:
        """Replaces the moving statistics of batch normalization by means over many batches.

            moving mean ← mean over batches of the batch's mean,  the variance likewise

        of samples of the prior, in training mode. In training they are averages over steps in which
        the weights moved, and those of an averaged generator belong to no weights at all. Weights
        and all other state stay as they are.

        Args:
            batches: The number of batches. Defaults to 100.
            batch_size: The number of samples in each, at least 2; take that of training. Defaults
                to 64.
            seed: Integer that determines the latent vectors. Defaults to 0.
            average: Whether the averaged network gets them, where there is one, instead of the
                network that is trained. Defaults to `True`.
            labels: For networks that take labels or condition vectors: an array of those that
                samples have, in turn. Defaults to `None`: all classes in turn.
            truncation: ψ of the `generate` that follows. Statistics of the whole prior do not fit
                truncated samples, which turn pale or bright by them. Defaults to `None`: none.

        Raises:
            ValueError: For a network without batch normalization, or a number out of its range.

        Example:

        >>> import keras_gan as kg
        >>> generator = kg.Generator(kg.networks.dcgan_generator((8, 8, 1), 16, width=8))
        >>> generator.standing_statistics(batches=5, batch_size=16)

        Reference: Brock, Donahue and Simonyan 2018, Large Scale GAN Training for High Fidelity
        Natural Image Synthesis, arXiv 1809.11096, section 4.1.
        """
        standing_statistics(self, batches, batch_size, seed, average, labels, truncation)

    def between(self, z0: np.ndarray, z1: np.ndarray, t: np.ndarray) -> np.ndarray:
        """The latent vectors on the way of `interpolate`, a row for each t from 0 to 1."""
        return spherical(z0, z1, t)

    def given_with_labels(self, samples, labels, role: str) -> list[np.ndarray]:
        """Samples, and labels where the networks take some, once they are known to be right.

        Args:
            samples: As in `given`.
            labels: Integers `(n,)`, one for all, or `None`.
            role: What takes them, for messages, such as `"discriminator"`.

        Raises:
            ValueError: For labels that are missing, out of range or not taken.
        """
        samples = self.given(samples)
        return [samples, *self.labels_beside(labels, len(samples), role)]

    def _made(
        self,
        z,
        *chosen,
        batch_size: int | None = None,
        average: bool = True,
        truncation: float | None = None,
    ) -> np.ndarray:
        """The samples of arrays that are known to be right, perhaps of truncated styles."""
        network = self.sample_network()

        def nearer(z, labels=None):
            return truncated_samples(network, with_labels(z, labels), truncation)

        size = batch_size_of(network, batch_size)
        given = {"batch_size": size, "average": average, "alike": True}
        function = self.decoded if truncation is None else nearer
        return self.computed(function, z, *chosen, **given)
