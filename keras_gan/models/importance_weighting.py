"""The log-likelihood of samples by importance sampling from the posterior."""

import math

import numpy as np
from keras import ops

from keras_gan.arguments import whole
from keras_gan.data.checks import check_counts, chosen_seed
from keras_gan.models.elbo import EvidenceBound


class ImportanceWeighting(EvidenceBound):
    """The ability of a model with a density q(z|x), of which it defines `log_weights`.

    `log_weights(x, noise)` gives log p(x, z) − log q(z|x) at k draws of z each, `(batch, k)`.
    """

    def log_likelihood(
        self,
        x,
        samples: int = 5000,
        seed: int | None = None,
        batch_size: int = 4096,
        *,
        labels=None,
        errors: bool = False,
    ):
        """The importance-weighted estimate of log p(x) of each sample, in nats.

            log p(x) ≈ log (1/k) Σⱼ wⱼ,   wⱼ = p(x, zⱼ) / q(zⱼ|x),   z₁ … z_k ~ q(z|x)

        In the mean it is a lower bound, which rises to log p(x) with k. The noise of a sample
        depends on the seed and its place alone, and memory on neither n nor k.

        Args:
            x: Samples, array `(n, ...)`.
            samples: k, at least 1. Defaults to 5,000, with which likelihoods are usually reported.
            seed: Integer that fixes the noise; `None` takes a new one at every call.
            batch_size: How many latent vectors are decoded at a time. Defaults to 4,096.
            labels: As in `elbo`.
            errors: Whether the standard error of each estimate is returned beside it, by the delta
                method √(Var w / k) / mean w. Where few weights carry the sum it is too small.

        Returns:
            float64 array `(n,)`, or two of them.

        Raises:
            ValueError: As `elbo`.

        Reference: Burda, Grosse and Salakhutdinov 2015, Importance Weighted Autoencoders, arXiv
        1509.00519, section 5.
        """
        k = whole("samples", samples)
        check_counts(batch_size=batch_size)
        seed = chosen_seed(seed)
        x, *labels = self.observed(x, labels, seed)
        sums = [_LogMean() for _ in range(len(x))]
        rows, width = max(1, batch_size // k), min(k, batch_size)
        self.check_room_of_draws(min(len(x), rows), width)
        with self.networks_for(self.bounds_average):
            for start in range(0, len(x), rows):
                block = slice(start, start + rows)
                given = [each[block] for each in (x, *labels)]
                streams = [np.random.default_rng([seed, i]) for i in range(len(x))[block]]
                for first in range(0, k, width):
                    count = min(width, k - first)
                    noise = np.stack(
                        [s.standard_normal((count, self.noise_dim), "float32") for s in streams]
                    )
                    weights = self.log_weights(given[0], ops.convert_to_tensor(noise), *given[1:])
                    for row, found in zip(sums[block], ops.convert_to_numpy(weights), strict=True):
                        row.add(found)
        values = np.array([row.value() for row in sums])
        return (values, np.array([row.error() for row in sums])) if errors else values


class _LogMean:
    """The logarithm of the mean of numbers that are given by their logarithms, in parts."""

    def __init__(self):
        self.count, self.largest, self.total, self.squares = 0, -math.inf, 0.0, 0.0

    def add(self, logarithms: np.ndarray) -> None:
        """Takes further numbers in."""
        largest = max(float(logarithms.max()), self.largest)  # in this order NaN stays
        if largest == -math.inf:  # nothing but zeros so far
            self.count += len(logarithms)
            return
        shrink = math.exp(self.largest - largest)
        numbers = np.exp(logarithms.astype("float64") - largest)
        self.total = self.total * shrink + numbers.sum()
        self.squares = self.squares * shrink**2 + np.square(numbers).sum()
        self.count, self.largest = self.count + len(logarithms), largest

    def value(self) -> float:
        """The logarithm of the mean of all; −∞ where all are 0."""
        if self.total == 0:
            return -math.inf
        return self.largest + math.log(self.total / self.count)

    def error(self) -> float:
        """The standard error of that, by the delta method; NaN of a single number or zeros."""
        if self.count < 2 or self.total == 0:
            return math.nan
        mean = self.total / self.count
        variance = max(self.squares / self.count - mean**2, 0.0) * self.count / (self.count - 1)
        return math.sqrt(variance / self.count) / mean
