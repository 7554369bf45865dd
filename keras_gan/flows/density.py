"""The density of samples under a flow."""

import numpy as np

from keras_gan.data.checks import chosen_seed
from keras_gan.flows.dequantization import bits, dequantized, noise_by


class FlowDensity:
    """The part of a `kg.Flow` that says how likely samples are, by its `log_density`."""

    def log_prob(
        self, x, average: bool = True, batch_size: int = 256, *, labels=None, seed: int = 0
    ) -> np.ndarray:
        """log p(x) of each sample, in nats.

        Args:
            x: Array `(n, ...)` of the samples' shape. Images of a flow with `dequantize` get noise
                first, by the seed: the value, log p(y) − log q(u|x), is then a lower bound, in
                expectation, on the log density of the image's levels, that is of its probability
                divided by (2/256)^d.
            average: Whether the averaged weights serve, where there are any.
            batch_size: How many at a time.
            labels: For a conditional flow: the class of each sample, integers `(n,)`, or one for
                all.
            seed: Integer that fixes the noise. Defaults to 0.

        Returns:
            float32 array `(n,)`.

        Raises:
            ValueError: For samples of another shape, or labels that are missing or not taken.
        """
        x, *given = self.given_with_labels(x, labels, "flow")
        if self.dequantize:
            given = [noise_by("dequantize", chosen_seed(seed), x.shape), *given]
        function = self.log_density_of_levels if self.dequantize else self.log_density
        return self.computed(function, x, *given, batch_size=batch_size, average=average)

    def log_density_of_levels(self, x, noise, labels=None, training: bool = False):
        """log p(y) − log q(u|x) of images with noise, `(batch,)`, in nats.

        Args:
            x: Images, `(batch, ...)`.
            noise: Uniform on [0, 1), of the same shape.
            labels: As in `log_density`.
            training: Likewise.
        """
        u, log_det = self.noise().forward_and_log_det(noise, x, training)
        return self.log_density(dequantized(x, u), labels, training) + log_det

    def bits_per_dim(
        self, x, average: bool = True, batch_size: int = 256, *, labels=None, seed: int = 0
    ) -> np.ndarray:
        """An upper bound, in expectation, of the bits per component of images of 256 levels.

            −(log p(x) + d log(2/256)) / (d log 2)

        Args:
            x: Images in [-1, 1], as in `log_prob`.
            average: Likewise.
            batch_size: Likewise.
            labels: Likewise.
            seed: Likewise.

        Returns:
            float32 array `(n,)`.

        Raises:
            ValueError: As `log_prob`, and for a flow without `dequantize`.
        """
        if not self.dequantize:
            raise ValueError(
                "Bits per dimension belong to images of 256 levels, and this flow has "
                "dequantize=False: log_prob gives its density in nats."
            )
        nats = self.log_prob(x, average, batch_size, labels=labels, seed=seed)
        return bits(nats, self.latent_dim)
