"""The Vendi score: the effective number of different samples in a set."""

import math
from collections.abc import Callable

import numpy as np

from keras_gan.arguments import amount
from keras_gan.files.limits import check_memory
from keras_gan.metrics import progress
from keras_gan.metrics.checks import checked_features
from keras_gan.metrics.distances import BLOCK

ROUNDING = 1e-8  # of similarities and of eigenvalues, whose sum is 1
LEAST = 1e-13  # smaller eigenvalues are rounding errors, whose roots would count


def vendi_score(features, *, kernel: str | Callable = "cosine", order: float = 1.0) -> float:
    """The effective number of different samples: the exponential of the entropy of a spectrum.

        VS_q = (Σᵢ λᵢ^q)^(1 / (1 − q)),   VS₁ = exp(−Σᵢ λᵢ log λᵢ),   VS_∞ = 1 / maxᵢ λᵢ

    where λ are the eigenvalues of K / n and K holds the similarities k(xᵢ, xⱼ), k(x, x) = 1. It is
    1 if all samples are alike, and n if none is like another. It needs no real data and does not
    notice nonsense: read it beside a score of quality, and the real data's own. Small orders weigh
    rare samples more.

    With the cosine similarity ⟨x, y⟩ / ‖x‖ ‖y‖ the score is at most d, and the spectrum is that of
    a matrix `(d + 1, d + 1)` if n > d, so that more samples take no more memory. Features of length
    0 are like each other and unlike all others, for which the matrix has one more column.

    Args:
        features: Array `(n, d)` of finite numbers. Flatten images first.
        kernel: `"cosine"`, or a function from arrays `(b, d)` and `(n, d)` to similarities `(b, n)`
            that are symmetric, positive semi-definite, and 1 of equal samples. Defaults to
            `"cosine"`.
        order: q > 0, or infinity. Defaults to 1.

    Returns:
        The score, in [1, n].

    Raises:
        ValueError: For arrays of another shape, NaN, another order, similarities that are no
            kernel, or an n × n matrix that memory does not hold.

    Example:

    >>> round(vendi_score([[1.0, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, 3.0]]), 6)
    2.0
    >>> alike = lambda a, b: (a == b.T).astype(float)
    >>> round(vendi_score([[1.0], [2.0], [3.0]], kernel=alike), 6)
    3.0

    Reference: Friedman and Dieng 2022, The Vendi Score: A Diversity Evaluation Metric for Machine
    Learning, arXiv 2210.02410; other orders: Pasarkar and Dieng 2023, Cousins of the Vendi Score,
    arXiv 2310.12952.
    """
    x = checked_features(features, "features")
    if order != math.inf:
        order = amount("order", order, above=0)
    if not (callable(kernel) or kernel == "cosine"):
        raise ValueError(
            f'kernel must be "cosine" or a function of two arrays of features; received {kernel!r}.'
        )
    matrix = _cosines(x) if kernel == "cosine" else _similarities(x, kernel)
    eigenvalues = np.linalg.eigvalsh(matrix)
    if eigenvalues[0] < -ROUNDING:
        raise ValueError(
            f"The similarities of a kernel have no negative eigenvalues; received one of "
            f"{len(x) * eigenvalues[0]:.3g}: use a positive semi-definite kernel."
        )
    return _effective_number(np.maximum(eigenvalues, 0.0), order)


def _effective_number(shares: np.ndarray, order: float) -> float:
    """The exponential of the Rényi entropy of eigenvalues whose sum is about 1."""
    shares = shares[shares > LEAST] / shares.sum()
    if order == math.inf:
        return float(1.0 / shares.max())
    logs = np.log(shares)
    if order == 1:
        return float(np.exp(-np.sum(shares * logs)))
    powers = order * logs
    most = powers.max()
    return float(np.exp((most + np.log(np.exp(powers - most).sum())) / (1.0 - order)))


def _cosines(x: np.ndarray) -> np.ndarray:
    """A matrix with the non-zero eigenvalues of K / n: the smaller one of U Uᵀ / n and Uᵀ U / n."""
    if len(x) <= x.shape[1]:
        units = _units(x)
        return units @ units.T / len(x)
    matrix = np.zeros((x.shape[1] + 1, x.shape[1] + 1))
    for start in progress.each(range(0, len(x), BLOCK)):
        units = _units(x[start : start + BLOCK])
        matrix += units.T @ units
    return matrix / len(x)


def _units(x: np.ndarray) -> np.ndarray:
    """Vectors of length 1 with the cosines of the rows; zeros lie along an axis of their own."""
    lengths = np.linalg.norm(x, axis=1, keepdims=True)
    return np.concatenate([x / np.where(lengths > 0, lengths, 1.0), lengths == 0], axis=1)


def _similarities(x: np.ndarray, kernel: Callable) -> np.ndarray:
    """K / n of a user's kernel, computed in blocks of rows and checked."""
    n = len(x)
    check_memory(f"The similarities of {n:,} samples", 3 * 8 * n * n, "use fewer samples")
    matrix = np.empty((n, n))
    for start in progress.each(range(0, n, BLOCK)):
        rows = slice(start, min(start + BLOCK, n))
        found = np.asarray(kernel(x[rows], x))
        if found.shape != matrix[rows].shape or not np.isfinite(found).all():
            raise ValueError(
                f"kernel must return finite similarities {matrix[rows].shape} of these numbers of "
                f"samples; received an array of shape {found.shape}."
            )
        matrix[rows] = found
    if np.abs(matrix - matrix.T).max() > ROUNDING or np.abs(matrix.diagonal() - 1).max() > ROUNDING:
        raise ValueError(
            "kernel must be symmetric, and 1 of equal samples; the similarities received are not: "
            "divide k(x, y) by √(k(x, x) k(y, y))."
        )
    return matrix / n
