"""Samples of chosen codes, and rows along which one code alone varies."""

import numpy as np

from keras_gan.arguments import known_name, whole
from keras_gan.distributions.coded import UNIFORM
from keras_gan.games.generating import Generating
from keras_gan.models.interpolation import spherical


class CodedSamples(Generating):
    """The part of a game whose `prior` is a `kg.distributions.Coded`."""

    def latents(
        self, n: int, seed: int | None = None, truncation: float | None = None, *, codes=None
    ) -> np.ndarray:
        """Latent vectors z of the prior, those of which `generate(n, seed)` makes samples.

        Args:
            n: How many.
            seed: Integer that fixes them; `None` takes new ones at every call.
            truncation: As in `generate`.
            codes: As in `generate`.

        Returns:
            float32 array `(n, latent_dim)`.

        Raises:
            ValueError: As `generate`.
        """
        z = super().latents(n, seed, truncation)
        return z if codes is None else self.prior.placed(z, codes)

    def generate(
        self,
        n: int,
        seed: int | None = None,
        average: bool = True,
        batch_size: int | None = None,
        *,
        codes=None,
        labels=None,
        truncation: float | None = None,
        sampler=None,
    ) -> np.ndarray:
        """Samples of the game, of given codes where there are some.

        Args:
            n: How many.
            seed: Integer that fixes noise and codes; `None` takes new ones at every call.
            average: As in `kg.GAN.generate`, like the other arguments.
            batch_size: Likewise.
            codes: A dict from a code's name to the classes, 0, …, K − 1, or numbers of a continuous
                code: an array `(n,)` or one for all. Codes that are not in it are drawn, the same
                ones of a seed. `None`, the default, draws all.
            labels: Likewise.
            truncation: Likewise, of the noise, or of styles; codes stay as they are.
            sampler: Likewise; not together with codes.

        Returns:
            float32 array `(n, ...)`; images lie in [-1, 1].

        Raises:
            ValueError: As `kg.GAN.generate`; for an unknown code, values that it does not have, and
                codes together with a sampler.

        Example:

        >>> import keras_gan as kg
        >>> networks = kg.networks.mlp_generator(latent_dim=8), kg.networks.mlp_discriminator()
        >>> gan = kg.InfoGAN(*networks, codes={"cluster": 3, "place": "uniform"}, seed=0)
        >>> gan.generate(3, seed=0, codes={"cluster": [0, 1, 2], "place": 0.5}).shape
        (3, 2)
        """
        given = {"average": average, "batch_size": batch_size}
        if codes is None:
            asked = {"labels": labels, "truncation": truncation, "sampler": sampler}
            return super().generate(n, seed, **given, **asked)
        if sampler is not None:
            raise ValueError(
                "A sampler draws from the whole prior; received codes, too: leave one of them out."
            )
        z, *chosen = self.checked_inputs(n, seed, labels, truncation)
        given |= self.truncating(truncation)
        return self._made(self.prior.placed(z, codes), *chosen, **given)

    def traverse(
        self,
        code: str,
        values=None,
        n: int = 8,
        seed: int | None = None,
        average: bool = True,
        *,
        codes=None,
        labels=None,
    ) -> np.ndarray:
        """Rows of samples in each of which one code alone varies.

        Args:
            code: The name of the code.
            values: What it takes along a row, as in `generate`. Defaults to `None`: all classes, or
                ten numbers from −1 to 1.
            n: How many rows, each of other noise and other codes. Defaults to 8.
            seed: As in `generate`.
            average: As in `generate`.
            codes: Codes of each row, as in `generate`.
            labels: Of each row, as in `generate`.

        Returns:
            float32 array `(n, len(values), ...)`.

        Raises:
            ValueError: As `generate`.

        Example:

        >>> import keras_gan as kg
        >>> networks = kg.networks.mlp_generator(latent_dim=8), kg.networks.mlp_discriminator()
        >>> gan = kg.InfoGAN(*networks, codes={"cluster": 3, "place": "uniform"}, seed=0)
        >>> gan.traverse("place", n=4, seed=0).shape, gan.traverse("cluster", n=4, seed=0).shape
        ((4, 10, 2), (4, 3, 2))
        """
        kind = self.prior.codes[known_name("code", code, self.prior.codes)]
        if values is None:
            values = np.linspace(-1, 1, 10) if kind == UNIFORM else np.arange(kind)
        values, n = np.atleast_1d(values), whole("n", n)
        steps = len(values)
        z = self.latents(n, seed, codes=codes)
        chosen = [np.repeat(each, steps, axis=0) for each in self.chosen(labels, n)]
        along = self.prior.placed(np.repeat(z, steps, axis=0), {code: np.tile(values, n)})
        found = self._made(along, *chosen, average=average)
        return found.reshape(n, steps, *found.shape[1:])

    def between(self, z0, z1, t):
        """Of the noise as in every game; codes go straight from one to the other."""
        start = len(z0) - self.prior.size
        straight = (1 - t)[:, None] * z0[start:] + t[:, None] * z1[start:]
        return np.concatenate([spherical(z0[:start], z1[:start], t), straight], axis=1)
