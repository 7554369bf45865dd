"""The discriminator that estimates a divergence, and the checks of its estimate."""

import math
import warnings

import keras
import numpy as np
from keras import ops

from keras_gan.metrics.density_ratio import decisive_weights, doubts, tail_doubts
from keras_gan.objectives import Objective, Wasserstein
from keras_gan.parallel.random_numbers import Draws

MOST_UNEVEN = 0.02  # of a Wasserstein distance: the most that an uneven slope may add to it


def network(dimension: int, width: int, seed: int) -> keras.Model:
    """A smooth MLP with two hidden layers, from samples to scores.

    It computes in float32 under every dtype policy, so that estimates do not depend on it.

    Args:
        dimension: The number of components of a sample.
        width: The units in each hidden layer.
        seed: Integer that determines the weights.
    """
    inputs = keras.Input((dimension,), dtype="float32")
    h = inputs
    for i, units in enumerate((width, width, 1)):
        h = keras.layers.Dense(
            units,
            activation="silu" if i < 2 else None,
            kernel_initializer=keras.initializers.GlorotUniform(seed=seed + i),
            dtype="float32",
        )(h)
    return keras.Model(inputs, h)


class Critic(keras.Model):
    """A discriminator alone, trained on pairs of real and fake samples.

    Args:
        network: Its network, from samples to scores.
        objective: The `Objective` whose discriminator loss it minimises.
        penalties: A list of `Penalty`, added to the loss.
        seed: Integer for the random numbers of the penalties.
    """

    def __init__(self, network: keras.Model, objective: Objective, penalties: list, seed: int):
        super().__init__(dtype="float32")
        self.network = network
        self.objective = objective
        self.penalties = penalties
        self.draws = Draws(seed)

    def call(self, pair):
        """The scores of both samples of each pair."""
        return tuple(self.network(samples) for samples in pair)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """The discriminator's loss and penalties."""
        penalties = [penalty(self.network, *x, self.draws) for penalty in self.penalties]
        return self.objective.discriminator_loss(*y_pred) + sum(penalties)

    def scores_of(self, *sets: np.ndarray) -> list:
        """The scores of all samples of each set, `(n, 1)`."""
        return [
            ops.concatenate([self.network(each[i : i + 4096]) for i in range(0, len(each), 4096)])
            for each in sets
        ]

    def estimate_on(self, real: np.ndarray, fake: np.ndarray) -> tuple[float, float]:
        """The bound on these samples, or W₁ of a penalised critic, with its standard error."""
        real_scores, fake_scores = self.scores_of(real, fake)
        terms = self.objective.real_term(real_scores), self.objective.fake_term(fake_scores)
        error = math.sqrt(sum(float(ops.var(term)) / len(term) for term in terms))
        bound = -float(self.objective.discriminator_loss(real_scores, fake_scores))
        if not self.penalties:
            return bound, error
        slope = math.sqrt(max(1.0 + 2.0 * bound / self.penalties[0].weight, 0.01))
        return self.penalties[0].weight * (slope - 1.0), error / slope

    def doubt_on(self, real: np.ndarray, fake: np.ndarray) -> str | None:
        """Why the estimate on these samples is unreliable, or `None`; it also warns."""
        if isinstance(self.objective, Wasserstein):
            doubt = self.steepness_on(real, fake)
            name = "wasserstein"
            why = "a few samples lie far from the others; kg.metrics.wasserstein is exact"
        else:
            scores = list(map(ops.convert_to_numpy, self.scores_of(real, fake)))
            found = map(doubts, decisive_weights(self.objective, *scores))
            doubt = next(filter(None, found), None) or tail_doubts(self.objective, *scores)
            name = self.objective.divergence
            why = (
                "the sets are too far apart for so few samples or steps. Use a bounded divergence, "
                "'jensen_shannon' or 'squared_hellinger'"
            )
        if doubt is not None:
            warnings.warn(
                f"The estimate of {name!r} is unreliable: {doubt}. The cause: {why}.",
                stacklevel=3,
            )
        return doubt

    def steepness_on(self, real: np.ndarray, fake: np.ndarray) -> str | None:
        """A sentence if D is so steep in places that the estimate of W₁ is too high; or `None`.

        For the best D, W₁ = bound − 2 penalty, however its slope varies. `estimate_on` is higher if
        the slope differs between real and fake samples.
        """
        value, _ = self.estimate_on(real, fake)
        bound = value + value**2 / (2.0 * self.penalties[0].weight)
        rng = np.random.default_rng(0)
        pairs = (ops.convert_to_tensor(e[rng.integers(len(e), size=4096)]) for e in (real, fake))
        least = bound - 2.0 * float(self.penalties[0](self.network, *pairs, Draws(0)))
        if value - least <= MOST_UNEVEN * max(value, 0.01):
            return None
        return f"its discriminator is steeper than 1 in places, which adds {value / least - 1:.0%}"
