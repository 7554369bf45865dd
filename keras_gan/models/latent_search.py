"""The search for latent vectors whose samples are nearest to given ones."""

from collections.abc import Callable

import numpy as np
from keras import ops

from keras_gan.arguments import amount, whole
from keras_gan.backend import autodiff
from keras_gan.data.checks import checked_seed
from keras_gan.distributions import priors
from keras_gan.models.compiled_batches import MANY, OFTEN, CompiledBatches

CANDIDATES = 32  # random latent vectors per start
FIRST_DECAY, SECOND_DECAY, LEAST = 0.9, 0.99, 1e-12  # of Adam


class LatentSearch:
    """The search for z that minimises ‖φ(G(z)) − φ(x)‖² over a batch, from several starts each.

    Args:
        model: A model or a preset that makes samples of latent vectors.
        features: φ, from tensors of samples to tensors `(batch, ...)`, or `None`: the samples.
        steps: The number of steps.
        learning_rate: Their length at the start, in components of z.
        starts: The number of starts.
        seed: Integer that determines the starts.

    Raises:
        ValueError: For a number out of its range.
    """

    def __init__(self, model, features, *, steps, learning_rate, starts, seed):
        self.model, self.features = model, features
        self.steps, self.starts = whole("steps", steps, least=0), whole("starts", starts)
        self.learning_rate = amount("learning_rate", learning_rate, above=0)
        self.seed, self.compiled = checked_seed(seed), CompiledBatches()
        self.prior = priors.distribution_of(getattr(model, "prior", None))

    def __call__(self, x: np.ndarray, *labels, batch_size: int, average: bool) -> np.ndarray:
        """The best latent vectors of samples, float32 `(n, latent_dim)`.

        Args:
            x: float32 array `(n, ...)` of samples.
            *labels: Their labels `(n,)`, where the networks take some.
            batch_size: How many at a time.
            average: Whether averaged networks serve.
        """
        given = {"batch_size": batch_size, "average": average}
        targets = self.model.computed(self.seen, x, alike=True, **given)
        candidates = self.model.latents(CANDIDATES * self.starts, seed=self.seed)
        chosen = self.beginnings(candidates, targets, *labels, **given)
        at_once = max(1, batch_size // self.starts)  # samples, whose starts fill a batch
        look = self.looking(self.starts * min(at_once, len(x)), average)
        best = np.empty((len(x), candidates.shape[1]), "float32")
        for first in range(0, len(x), at_once):
            rows = slice(first, first + at_once)
            beside = [np.repeat(each[rows], self.starts, axis=0) for each in (targets, *labels)]
            z, values = self.descended(candidates[chosen[rows].ravel()], look, *beside)
            nearest = values.reshape(-1, self.starts).argmin(axis=1)
            best[rows] = z.reshape(-1, self.starts, z.shape[1])[np.arange(len(nearest)), nearest]
        return best

    def seen(self, samples):
        """φ of a tensor of samples, flattened to `(batch, k)`."""
        h = samples if self.features is None else self.features(samples)
        return ops.cast(ops.reshape(h, (ops.shape(h)[0], -1)), "float32")

    def beginnings(self, z: np.ndarray, targets: np.ndarray, *labels, **given) -> np.ndarray:
        """The indices of the candidates z that are nearest to each sample, `(n, starts)`."""
        n = len(targets)
        chosen = np.empty((n, self.starts), int)

        def made(z, *labels):
            return self.seen(self.model.decoded(z, *labels))

        for label in np.unique(labels[0], axis=0) if labels else [None]:
            rows = np.arange(n)
            if labels:
                rows = rows[(labels[0] == label).reshape(n, -1).all(axis=1)]
            beside = [np.repeat(label[None], len(z), axis=0)] if labels else []
            features = self.model.computed(made, z, *beside, alike=True, **given)
            lengths = np.square(features).sum(axis=1)
            for row in rows:  # by distances up to the length of the target
                order = np.argsort(lengths - 2 * features @ targets[row], kind="stable")
                chosen[row] = order[: self.starts]
        return chosen

    def descended(self, z: np.ndarray, look: Callable, *given) -> tuple:
        """The best latent vectors on the way of Adam from z, and their distances, `(n,)`."""
        z = z.astype("float64")
        first, second = np.zeros_like(z), np.zeros_like(z)
        best, least = z.copy(), np.full(len(z), np.inf)
        for step in range(self.steps + 1):
            values, slope = look(z, *given)
            nearer = values < least
            best[nearer], least[nearer] = z[nearer], values[nearer]
            if step == self.steps:
                break
            first = FIRST_DECAY * first + (1 - FIRST_DECAY) * slope
            second = SECOND_DECAY * second + (1 - SECOND_DECAY) * slope**2
            unbiased = first / (1 - FIRST_DECAY ** (step + 1))
            scale = np.sqrt(second / (1 - SECOND_DECAY ** (step + 1)))
            rate = self.learning_rate * 0.5 * (1 + np.cos(np.pi * step / self.steps))
            z = self.within(z - rate * unbiased / (scale + LEAST))
        return best.astype("float32"), least

    def within(self, z: np.ndarray) -> np.ndarray:
        """Latent vectors that the prior can draw, as far as its distribution is known."""
        return z if self.prior is None else self.prior.within(z)

    def looking(self, size: int, average: bool) -> Callable:
        """The function from z, targets and labels to distances `(n,)` and their slopes by z.

        Args:
            size: The most rows that it gets.
            average: Whether averaged networks serve.
        """

        def both(z, targets, *labels):
            def twice(z):
                difference = self.seen(self.model.decoded(z, *labels)) - targets
                found = ops.mean(ops.square(difference), axis=1, keepdims=True)
                return found, found

            value, slope = autodiff.with_slope(twice, z)
            return ops.concatenate([value, slope()], axis=1)

        network, rows = self.model.sample_network(), MANY if self.steps >= OFTEN else size
        variables = [*network.variables, *getattr(self.features, "variables", ())]

        def look(z, *others):
            function = self.compiled.of("distance", both, variables, rows, size)
            given = {"batch_size": size, "average": average}
            found = self.model.computed(function, z.astype("float32"), *others, **given)
            return found[:, 0].astype("float64"), found[:, 1:].astype("float64")

        return look
