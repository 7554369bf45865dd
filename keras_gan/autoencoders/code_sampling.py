"""The samples of a prior of codes: drawn codes, decoded."""

import math

import keras
import numpy as np
from keras import ops

from keras_gan.arguments import amount
from keras_gan.autoencoders.autoregressive import sampled
from keras_gan.autoencoders.quantized import joined, parted
from keras_gan.data.checks import check_counts, chosen_seed
from keras_gan.models.random_samples import RandomSamples
from keras_gan.networks.analysis.memory import check_room_of_latents
from keras_gan.parallel.random_numbers import uniform

AT_ONCE = 256  # samples


class CodeSampling(RandomSamples):
    """The part of a `kg.CodePrior` that makes samples.

    It has a `vqvae`, and `networks`, one per level of its codes.
    """

    def check_number(self, n: int) -> None:
        """Refuses a number of samples below 1, or of more codes than memory holds."""
        check_counts(n=n)
        check_room_of_latents(n, sum(map(math.prod, self.vqvae.code_shapes)))

    def sample_network(self) -> keras.Model:
        """The decoder of the VQ-VAE."""
        return self.vqvae.sample_network()

    def drawn_inputs(
        self, n: int, seed: int | None, labels, truncation: float | None = None
    ) -> list[np.ndarray]:
        """A number in [0, 1) for each code of n samples and, of a conditional prior, their labels.

        Raises:
            ValueError: As `generate`, but for samples beyond memory; for a truncation.
        """
        if truncation is not None:
            raise ValueError(
                "Samples of a prior of codes are made of drawn codes, not of latent vectors that "
                "can be truncated: leave truncation out, or pass a temperature."
            )
        self.check_number(n)
        chosen = self.chosen(labels, n)
        shape = (n, sum(map(math.prod, self.vqvae.code_shapes)))
        return [ops.convert_to_numpy(uniform(shape, seed=chosen_seed(seed))), *chosen]

    def generate(
        self,
        n: int,
        seed: int | None = None,
        average: bool = True,
        batch_size: int | None = None,
        *,
        labels=None,
        temperature: float = 1.0,
    ) -> np.ndarray:
        """Samples of the prior, made by the VQ-VAE's decoder.

        Args:
            n: As in `kg.GAN.generate`, like all others but the last.
            seed: Likewise.
            average: Likewise.
            batch_size: Likewise; by default 256.
            labels: Likewise.
            temperature: Below 1 for likelier samples, which differ less. Defaults to 1.

        Returns:
            float32 array `(n, ...)`, of images as in `kg.VQVAE.decode`.

        Raises:
            ValueError: For a count below 1, a seed that is not an integer of at least 0, more
                samples than memory holds, a temperature that is not positive, or labels that the
                networks do not know.
        """
        temperature = amount("temperature", temperature, above=0)
        given = self.checked_inputs(n, seed, labels)
        options = {"batch_size": batch_size, "average": average, "temperature": temperature}
        return self._made(*given, **options)

    def generate_codes(
        self,
        n: int,
        seed: int | None = None,
        average: bool = True,
        batch_size: int | None = None,
        *,
        labels=None,
        temperature: float = 1.0,
    ):
        """The codes of `generate`: int32 `(n, ...)`, or a pair of both levels.

        A `kg.networks.pixelcnn` keeps what it has computed of earlier codes, so that all of a grid
        cost one pass; any other network makes a pass for each code.

        The arguments are those of `generate`.
        """
        temperature = amount("temperature", temperature, above=0)
        given = self.drawn_inputs(n, seed, labels)
        size = AT_ONCE if batch_size is None else batch_size
        levels = self._drawn(*given, average=average, batch_size=size, temperature=temperature)
        return levels[0] if len(levels) == 1 else tuple(levels)

    def _made(self, u, *chosen, batch_size: int | None = None, **options) -> np.ndarray:
        """The samples of the codes that numbers `(n, codes)` draw."""
        size = batch_size or AT_ONCE
        levels = self._drawn(u, *chosen, batch_size=size, **options)
        return self.vqvae.decode_levels(levels, batch_size=size)

    def _drawn(
        self, u, *chosen, average: bool, batch_size: int, temperature: float = 1.0
    ) -> list[np.ndarray]:
        """The codes of each level that numbers `(n, codes)` draw, the uppermost first."""
        shapes = self.vqvae.code_shapes

        def function(u, labels=None):
            levels, start = [], 0
            for network, shape in zip(self.networks, shapes, strict=True):
                end = start + math.prod(shape)
                part = ops.reshape(u[:, start:end], (-1, *shape))
                levels.append(sampled(network, part, levels, labels, temperature))
                start = end
            return joined(levels)

        flat = self.computed(function, u, *chosen, batch_size=batch_size, average=average)
        return parted(flat, shapes)
