"""Whether samples suffice to estimate a variational bound, judged by its density ratio."""

import math

import numpy as np
from keras import ops

from keras_gan.backend import autodiff
from keras_gan.objectives import Variational

RARE = 1e8  # a density ratio large enough to show how a term grows
SLOWEST_GROWTH = 0.55  # terms that grow no faster than √r have a variance: that of √r is at most 1
MOST_SKEWNESS = 4.0  # of a mean: one mean in a hundred is 3.3 of its own standard errors too low
UPPER = 0.2  # the fraction of samples that measures the spread of log r
NORMAL_EXCESS = 0.5598  # E(z | z > q) − q for standard normal z and its quantile q of 1 − UPPER


def density_ratio(objective: Variational, scores: np.ndarray) -> np.ndarray:
    """The density ratio r = real / fake that belongs to a score at the optimum, r = f*'(g(v)).

    Args:
        objective: The f-divergence, not reversed.
        scores: Scores v, of any shape.

    Returns:
        float64 array of the shape of `scores`.

    Example, for the Kullback-Leibler divergence, with g(v) = v and f*(t) = e^(t − 1):

    >>> density_ratio(Variational("kl"), np.array([[1.0], [2.0]])).round(3).tolist()
    [[1.0], [2.718]]
    """
    v = ops.convert_to_tensor(np.asarray(scores, "float64"))  # which JAX makes float32
    rise, slope = (
        ops.convert_to_numpy(autodiff.input_gradient(function, v)).astype("float64")
        for function in (objective.divergence.fake_score, objective.divergence.activation)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.maximum(rise / slope, 0.0)


def decisive_weights(objective: Variational, real_scores, fake_scores) -> list[np.ndarray]:
    """The weights whose rare large values dominate the bound; each set has mean 1 at the optimum.

        E_fake r = 1     if f*(T) grows as fast as r, as for "kl" and "pearson"
        E_real 1/r = 1   if −T grows as fast as 1/r, as for "reverse_kl" and "neyman"

    Neither dominates bounded divergences, such as "jensen_shannon" or "squared_hellinger".

    Args:
        objective: The f-divergence, not reversed.
        real_scores: Scores of real samples, `(n, 1)`.
        fake_scores: Scores of fake samples, `(m, 1)`.

    Returns:
        A list of up to two arrays: r of the fake samples, 1/r of the real samples.

    Example:

    >>> v = np.zeros((4, 1))
    >>> [len(decisive_weights(Variational(name), v, v)) for name in ("kl", "jeffrey", "gan")]
    [1, 2, 0]
    """
    u = ops.convert_to_tensor(np.array([RARE, 1 / RARE]))
    f, t = (
        ops.convert_to_numpy(g(u))
        for g in (objective.divergence.f, objective.divergence.derivative)
    )
    weights = []
    if abs(RARE * t[0] - f[0]) > 1e-2 * RARE:  # f*(T) = u f'(u) − f(u)
        weights.append(density_ratio(objective, fake_scores))
    if abs(t[1]) > 1e-2 * RARE:
        with np.errstate(divide="ignore"):
            weights.append(1.0 / density_ratio(objective, real_scores))
    return weights


def effective_size(weights: np.ndarray) -> float:
    """The effective sample size (Σ w)² / Σ w²; 0 if weights overflow or none is positive.

    The mean of so many equally weighted samples would be as accurate.

    Args:
        weights: Array of weights of at least 0.

    Example:

    >>> effective_size(np.array([1.0, 1.0, 1.0, 1.0])), effective_size(np.array([1.0, 0.0, 0.0]))
    (4.0, 1.0)
    """
    largest = np.max(weights)
    if not math.isfinite(largest) or largest <= 0:
        return 0.0
    scaled = weights / largest
    return float(scaled.sum() ** 2 / np.square(scaled).sum())


def doubts(weights: np.ndarray) -> str | None:
    """Why a mean over these weights is unreliable, or `None`.

    Args:
        weights: r or 1/r of samples. Their mean is 1 if the samples cover all that matters.

    Example:

    >>> doubts(np.ones(100)) is None
    True
    """
    size, mean = effective_size(weights), float(np.mean(weights))
    if size < min(50.0, weights.size / 5):
        return f"it rests on {size:.0f} of {weights.size} samples"
    if abs(mean - 1.0) > 0.3 + 3.0 * mean / math.sqrt(size):
        return f"its density ratio has the mean {mean:.2g} instead of 1"
    return None


def tail_doubts(objective: Variational, real_scores, fake_scores) -> str | None:
    """Why heavy tails of the density ratio spoil the bound and its standard error, or `None`.

    The bound is the mean of f'(r) over real samples minus the mean of f*(f'(r)) over fake ones. If
    such a term grows like r^κ and log r has standard deviation σ, then r^κ is roughly lognormal,
    and its mean over n samples has skewness

        (e^{s²} + 2) √(e^{s²} − 1) / √n,   s = κσ

    Above 4 / κ² the mean is usually too small, and so is its estimated standard error: both depend
    on values that few samples show. The faster a term grows, the fewer of these values a network
    has learnt. Hill's estimator measures σ in the upper fifth of log r, not in the largest values
    alone, which a network of few steps flattens.

    Args:
        objective: The f-divergence, not reversed.
        real_scores: Scores of real samples, `(n, 1)`.
        fake_scores: Scores of fake samples, `(m, 1)`.

    Example, N(0, 1) against N(1, 1) with r = exp(½ − x), at quantiles of both:

    >>> from scipy.stats import norm
    >>> x = norm.ppf((np.arange(5000) + 0.5) / 5000)
    >>> tail_doubts(Variational("kl"), 1.5 - x, 0.5 - x) is None
    True
    >>> tail_doubts(Variational("pearson"), 2 * np.expm1(0.5 - x), 2 * np.expm1(-0.5 - x))
    'its terms grow like r^2 with the density ratio r, whose tail is too heavy ...'

    Reference: Hill 1975, A Simple General Approach to Inference About the Tail of a Distribution;
    what heavy tails do to means of density ratios: Vehtari et al. 2015, Pareto Smoothed Importance
    Sampling, arXiv 1507.02646.
    """
    with np.errstate(divide="ignore"):
        logs = [np.log(density_ratio(objective, v)).ravel() for v in (real_scores, fake_scores)]
    for log_r, kind, growths in zip(
        logs, ("real", "fake"), _growths(objective.divergence), strict=True
    ):
        for sign, growth in zip((1, -1), growths, strict=True):
            if growth < SLOWEST_GROWTH:
                continue
            skewness = _skewness_of_mean(growth * _upper_spread(sign * log_r), log_r.size)
            if skewness > MOST_SKEWNESS / growth**2:
                return (
                    f"its terms grow like r^{sign * growth:.2g} with the density ratio r, whose "
                    f"tail is too heavy for a mean over {log_r.size} {kind} samples (of skewness "
                    f"{skewness:.2g})"
                )
    return None


def _growths(divergence) -> tuple[tuple[float, float], tuple[float, float]]:
    """The growth κ of f'(u) and of f*(f'(u)) = u f'(u) − f(u), for u → ∞ and for 1/u as u → 0."""
    u = np.array([1e6, 1e4, 1e-6, 1e-4])
    f, slope = (
        ops.convert_to_numpy(g(ops.convert_to_tensor(u))).astype("float64")
        for g in (divergence.f, divergence.derivative)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = [np.log(np.abs(each)) for each in (slope, u * slope - f)]
        rises = [((e[0] - e[1]) / np.log(100), (e[2] - e[3]) / np.log(100)) for e in logs]
    return tuple(tuple(float(np.nan_to_num(k, nan=0.0)) for k in pair) for pair in rises)


def _upper_spread(log_r: np.ndarray) -> float:
    """The standard deviation of the normal distribution that has this upper fifth."""
    ordered = np.sort(log_r)
    count = max(1, int(UPPER * len(ordered)))
    start = ordered[-count - 1]
    if not np.isfinite(start):
        return 0.0 if start < 0 else math.inf
    return float(np.mean(ordered[-count:] - start)) / NORMAL_EXCESS


def _skewness_of_mean(sigma: float, n: int) -> float:
    """The skewness of the mean of n lognormal numbers whose logarithms deviate by sigma."""
    if sigma**2 > 50:
        return math.inf
    e = math.exp(sigma**2)
    return (e + 2) * math.sqrt(e - 1) / math.sqrt(n)
