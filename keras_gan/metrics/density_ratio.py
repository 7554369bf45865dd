"""Whether the samples at hand carry a bound: what its density ratio says of itself."""

import math

import numpy as np
from keras import ops

from keras_gan import autodiff
from keras_gan.objectives import Variational

RARE = 1e8  # a density ratio at which it shows how a term grows


def density_ratio(objective: Variational, scores: np.ndarray) -> np.ndarray:
    """The density ratio r = real / fake that a score stands for at the optimum, r = f*'(g(v)).

    Args:
        objective: The f-divergence, not reversed.
        scores: Scores v, of any shape.

    Example, for Kullback and Leibler's divergence, where g(v) = v and f*(t) = e^(t − 1):

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
    """The weights on whose rare large values the bound rests; each set has mean 1 at the optimum.

        E_fake r = 1   decides where f*(T) grows as fast as r, as for "kl" and "pearson"
        E_real 1/r = 1   where −T grows as fast as 1/r, as for "reverse_kl" and "neyman"

    Bounded divergences, such as "jensen_shannon" or "squared_hellinger", rest on neither.

    Args:
        objective: The f-divergence, not reversed.
        real_scores: Scores of real samples, `(n, 1)`.
        fake_scores: Scores of fake samples, `(m, 1)`.

    Returns:
        r of all fake samples and 1/r of all real ones, as far as they decide.

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
    """(Σ w)² / Σ w²: as many equal weights would give a mean as sure; 0 for weights that overflow.

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
    """Why a mean over these weights is not to be relied upon, or `None`.

    Args:
        weights: r or 1/r of samples, whose mean is 1 when the samples have seen all that matters.

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
