"""What noise on both sets of samples tells of the distance between them."""

import dataclasses
import math

import numpy as np

from keras_gan.arguments import amount, whole
from keras_gan.metrics.checks import checked_pair
from keras_gan.metrics.distances import distance_blocks
from keras_gan.metrics.results import Result
from keras_gan.metrics.transport import wasserstein

MOVES = 300  # of the centre of the ball: its radius is then a few percent above the least
DRAWS = 0x0153  # a separate random stream: samples may come from the same seed


@dataclasses.dataclass(frozen=True, eq=False)
class NoiseBound(Result):
    """The result of `noise_bound`; `float(bound)` is its `value`.

    Attributes:
        value: The bound, 2 √V + 2 C √JSD, in the units of the samples.
        wasserstein: W₁ of the two sets without noise, exact.
        variance: V = E‖ε‖² of the noise.
        radius: The radius of the ball that the noise fills.
        diameter: C, the diameter of a ball that holds all noised samples.
        jensen_shannon: JSD of the noised sets in nats, at most log 2.
        standard_error: The standard error of `jensen_shannon`; 0 where that is exact.

    Example:

    >>> NoiseBound(3.0, 1.5, 0.01, 0.1, 2.0, 0.49, 0.0).looseness
    2.0
    """

    value: float
    wasserstein: float
    variance: float
    radius: float
    diameter: float
    jensen_shannon: float
    standard_error: float

    def __float__(self):
        return self.value

    @property
    def noise_term(self) -> float:
        """2 √V, what the noise itself may have moved."""
        return 2.0 * math.sqrt(self.variance)

    @property
    def divergence_term(self) -> float:
        """2 C √JSD, what lies between the noised sets."""
        return 2.0 * self.diameter * math.sqrt(self.jensen_shannon)

    @property
    def looseness(self) -> float:
        """How many times as large as W the bound is; infinite if W is 0."""
        return self.value / self.wasserstein if self.wasserstein else math.inf


def noise_bound(a, b, sigma: float, *, draws: int = 10_000, seed: int = 0) -> NoiseBound:
    """Bounds the Wasserstein distance of two sets by the JSD of the sets with noise.

        W₁(a, b)  ≤  2 √V + 2 C √JSD(a + ε ‖ b + ε),   V = E‖ε‖²

    The bound is of the two sets as they are, each sample of equal weight, not of the distributions
    that they come from. It needs noised sets within a ball of diameter C, so ε is uniform in a ball
    of radius σ √(d + 2), where its standard deviation along every axis is σ and V = d σ². The
    noised sets then have densities proportional to the shares of samples within that radius, and

        JSD = ½ mean over x of a + ε of log 2p/(p + q) + ½ mean over x of b + ε of log 2q/(p + q)

    is summed exactly in one dimension, else a mean over draws with exact densities. Less σ lowers
    the first term. The second reaches 2 C √log 2 as soon as no ball meets one of the other set.

    Where ours differs: JSD has its usual weights of ½, under which the proof gives √2 C √JSD, too.
    The paper's theorem is kept, with its 2.

    Args:
        a: Array `(n, d)` of finite numbers. Flatten images first.
        b: Array `(m, d)`, likewise; n and m are limited as in `wasserstein`.
        sigma: Standard deviation of the noise along every axis, in the units of the samples.
        draws: Noised samples of each set for the JSD, at least 2. Defaults to 10,000. In one
            dimension none is drawn.
        seed: Integer that determines the draws. Defaults to 0.

    Returns:
        A `NoiseBound`, with W, V, C, JSD and the error of the JSD.

    Raises:
        ValueError: If σ is not positive, if the arrays do not fit each other or hold NaN, or for
            more samples than `wasserstein` compares.

    Example, two parallel segments at distance 1, whose JSD without noise is log 2:

    >>> z = np.linspace(0, 1, 50)
    >>> a, b = np.stack([0 * z, z], axis=1), np.stack([0 * z + 1, z], axis=1)
    >>> bound = noise_bound(a, b, sigma=0.5)
    >>> bound.wasserstein, bound.jensen_shannon < 0.5, float(bound) > 1
    (1.0, True, True)

    Reference: Arjovsky and Bottou 2017, Towards Principled Methods for Training Generative
    Adversarial Networks, arXiv 1701.04862, theorem 3.3.

    Experiment: docs/results/noise_bound.md.
    """
    sigma = amount("sigma", sigma, above=0)
    draws = whole("draws", draws, least=2)
    a, b = checked_pair(a, b, ("a", "b"))
    dimension = a.shape[1]
    radius = sigma * math.sqrt(dimension + 2)
    if dimension == 1:
        divergence, error = _exact_on_a_line(a[:, 0], b[:, 0], radius), 0.0
    else:
        divergence, error = _by_draws(a, b, radius, draws, seed)
    variance = dimension * sigma**2
    diameter = 2 * (_enclosing_radius(np.concatenate([a, b])) + radius)
    return NoiseBound(
        value=2 * math.sqrt(variance) + 2 * diameter * math.sqrt(divergence),
        wasserstein=wasserstein(a, b),
        variance=variance,
        radius=radius,
        diameter=diameter,
        jensen_shannon=divergence,
        standard_error=error,
    )


def _exact_on_a_line(a: np.ndarray, b: np.ndarray, radius: float) -> float:
    """JSD of two sets on a line with uniform noise: both densities are constant in pieces."""
    ends = np.unique(np.concatenate([each + s * radius for each in (a, b) for s in (-1, 1)]))
    middles, widths = (ends[1:] + ends[:-1]) / 2, np.diff(ends)
    p, q = (
        (np.searchsorted(each + radius, middles) - np.searchsorted(each - radius, middles))
        / (-2 * radius * len(each))
        for each in (np.sort(a), np.sort(b))
    )
    total = widths @ (p * _log_share(p, q) + q * _log_share(q, p)) / 2
    return float(np.clip(total, 0.0, math.log(2)))


def _by_draws(a, b, radius: float, draws: int, seed: int) -> tuple[float, float]:
    """JSD of two sets with noise uniform in a ball, and its standard error."""
    rng = np.random.default_rng([seed, DRAWS])
    means, variances = [], []
    for own, other in ((a, b), (b, a)):
        x = own[rng.integers(len(own), size=draws)] + radius * _in_ball(rng, draws, a.shape[1])
        p = np.maximum(_within(x, own, radius), 1) / len(own)  # its own, whatever the rounding
        logs = _log_share(p, _within(x, other, radius) / len(other))
        means.append(logs.mean())
        variances.append(logs.var(ddof=1) / draws)
    divergence = float(np.clip(sum(means) / 2, 0.0, math.log(2)))
    return divergence, math.sqrt(sum(variances)) / 2


def _log_share(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Log 2p/(p + q), and 0 where p is 0."""
    return np.log(2 * p, out=np.zeros_like(p), where=p > 0) - np.log(
        p + q, out=np.zeros_like(p), where=p > 0
    )


def _in_ball(rng: np.random.Generator, count: int, dimension: int) -> np.ndarray:
    """Points uniform in the unit ball, `(count, dimension)`."""
    x = rng.normal(size=(count, dimension))
    lengths = rng.uniform(size=(count, 1)) ** (1 / dimension)
    return x * (lengths / np.linalg.norm(x, axis=1, keepdims=True))


def _within(x: np.ndarray, samples: np.ndarray, radius: float) -> np.ndarray:
    """How many samples lie within a radius of each row of x, `(len(x),)`."""
    center = samples.mean(axis=0)  # distances are exact near the origin
    counts = np.empty(len(x), dtype="int64")
    for rows, squared in distance_blocks(x, samples - center, center):
        counts[rows] = (squared <= radius**2).sum(axis=1)
    return counts


def _enclosing_radius(x: np.ndarray) -> float:
    """The radius of a ball that holds all rows, hardly larger than the smallest one.

    The centre moves towards the farthest row by ever smaller parts of the way (Badoiu and Clarkson
    2003, Smaller Core-Sets for Balls). On a line the ball is exact.
    """
    if x.shape[1] == 1:
        return float(np.ptp(x)) / 2
    center, least = x.mean(axis=0), math.inf
    for move in range(1, MOVES + 1):
        lengths = np.square(x - center).sum(axis=1)
        farthest = int(lengths.argmax())
        least = min(least, math.sqrt(lengths[farthest]))
        center = center + (x[farthest] - center) / (move + 1)
    return least
