"""The evidence lower bound of samples, by draws of noise."""

import numpy as np
from keras import ops

from keras_gan.arguments import whole
from keras_gan.data.checks import chosen_seed
from keras_gan.models.prediction import Prediction
from keras_gan.parallel.random_numbers import normal


class EvidenceBound(Prediction):
    """The ability of a model that defines a `bound` on log p(x), and the `noise_dim` of its ε.

    `bound(x, noise)` gives KL(q‖p) and −log p(x|z) at one draw of z each, two tensors `(batch,)`.
    """

    bounds_average = True  # whether the bound is that of the averaged networks, where there are any

    def elbo(
        self, x, samples: int = 1, seed: int | None = None, batch_size: int = 256
    ) -> np.ndarray:
        """The evidence lower bound of each sample in nats, float32 array `(n,)`.

        Args:
            x: Samples, array `(n, ...)`.
            samples: Over how many draws of z it is a mean. Defaults to 1.
            seed: Integer that fixes the noise; `None` takes a new one at every call.
            batch_size: How many samples at a time.

        Raises:
            ValueError: For samples of another shape, a seed that is not an integer of at least 0,
                or a count below 1.
        """
        count = whole("samples", samples)

        def mean_bound(x, noise):
            noise = ops.reshape(noise, (-1, self.noise_dim))
            kl, reconstruction = self.bound(ops.repeat(x, count, axis=0), noise)
            return ops.mean(ops.reshape(-kl - reconstruction, (-1, count)), axis=1)

        x, noise = self.given(x), self.noise_of(len(x), seed, count)
        average = self.bounds_average
        return self.computed(mean_bound, x, noise, batch_size=batch_size, average=average)

    def noise_of(self, n: int, seed: int | None, *times: int) -> np.ndarray:
        """The ε of a seed, `(n, *times, noise_dim)`."""
        shape = (n, *times, self.noise_dim)
        return ops.convert_to_numpy(normal(shape, seed=chosen_seed(seed)))
