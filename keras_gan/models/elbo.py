"""The evidence lower bound of samples, by draws of noise."""

import math
import zlib

import numpy as np
from keras import ops

from keras_gan.arguments import whole
from keras_gan.data.checks import check_counts, chosen_seed
from keras_gan.files.limits import check_memory
from keras_gan.models.prediction import Prediction
from keras_gan.networks.analysis.memory import bytes_of_sample
from keras_gan.parallel import random_numbers

WHILE_DRAWN = 24  # bytes of one number of the noise: NumPy's integers, float64, float32


class EvidenceBound(Prediction):
    """The ability of a model that defines a `bound` on log p(x), and the `noise_dim` of its ε.

    `bound(x, noise)` gives KL(q‖p) and −log p(x|z) at one draw of z each, two tensors `(batch,)`.
    """

    bounds_average = True  # whether the bound is that of the averaged networks, where there are any

    def elbo(
        self,
        x,
        samples: int = 1,
        seed: int | None = None,
        batch_size: int = 256,
        *,
        labels=None,
    ) -> np.ndarray:
        """The evidence lower bound of each sample in nats, float32 array `(n,)`.

        Args:
            x: Samples, array `(n, ...)`.
            samples: Over how many draws of z it is a mean. Defaults to 1.
            seed: Integer that fixes the noise; `None` takes a new one at every call.
            batch_size: How many samples at a time.
            labels: For networks that take labels: the class of each sample, integers `(n,)`, or
                one for all.

        Raises:
            ValueError: For samples of another shape, a seed that is not an integer of at least 0,
                or a count below 1 or beyond what memory holds.
        """
        count = whole("samples", samples)
        check_counts(batch_size=batch_size)

        def mean_bound(x, noise, *labels):
            noise = ops.reshape(noise, (-1, self.noise_dim))
            kl, reconstruction = self.bound(
                *(ops.repeat(x, count, axis=0), noise),
                *(ops.repeat(each, count, axis=0) for each in labels),
            )
            return ops.mean(ops.reshape(-kl - reconstruction, (-1, count)), axis=1)

        seed = chosen_seed(seed)
        x, *labels = self.observed(x, labels, seed)
        self.check_room_of_draws(min(len(x), batch_size), count)
        noise, average = self.noise_of(len(x), seed, count), self.bounds_average
        return self.computed(mean_bound, x, noise, *labels, batch_size=batch_size, average=average)

    def check_room_of_draws(self, batch: int, count: int) -> None:
        """Refuses more draws of z for each sample of a batch than memory holds.

        Raises:
            ValueError: See above.
        """
        check_memory(
            f"A batch of {batch:,} samples with {count:,} draws each",
            batch * count * bytes_of_sample(self.sample_network()),
            "pass a smaller batch_size or fewer draws, samples=",
        )

    def observed(self, x, labels, seed: int) -> list[np.ndarray]:
        """The samples of which a likelihood takes the density, and their labels, if any."""

        def draw(shape):
            return random_numbers.uniform(shape, seed=zlib.crc32(f"observed/{seed}".encode()))

        samples, *labels = self.given_with_labels(x, labels, "model")
        self.likelihood.check_samples(samples)
        return [ops.convert_to_numpy(self.likelihood.observed(samples, draw)), *labels]

    def noise_of(self, n: int, seed: int | None, *times: int) -> np.ndarray:
        """The ε of a seed, `(n, *times, noise_dim)`.

        Raises:
            ValueError: For more than memory holds.
        """
        shape = (n, *times, self.noise_dim)
        needed = WHILE_DRAWN * math.prod(shape)
        remedy = "pass fewer samples at a time, or fewer draws, samples="
        check_memory(f"The noise of {n:,} samples", needed, remedy)
        return ops.convert_to_numpy(random_numbers.normal(shape, seed=chosen_seed(seed)))
