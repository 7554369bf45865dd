"""The Fréchet distance between the Gaussians of two sets of samples."""

import warnings

import numpy as np

from keras_gan.metrics.checks import checked_pair


def frechet_distance(features_a, features_b) -> float:
    """The squared Fréchet distance between the Gaussians fitted to two sets of feature vectors.

        d(a, b) = ‖μ_a − μ_b‖² + tr(A + B − 2 (√A B √A)^½)

    where μ are the means and A, B the unbiased covariances. The result, in float64, is never
    complex, and is exact even if covariances are singular. For few samples it is biased upwards:
    compare only distances of equal n, and also report the distance between two halves of the real
    data. If n ≤ d, a covariance is singular and the bias is as large as the distance.

    Args:
        features_a: Array `(n, d)` of finite numbers, n ≥ 2. Flatten images first.
        features_b: Array `(m, d)`, likewise.

    Returns:
        The distance, at least 0, in squared units of the features.

    Raises:
        ValueError: For arrays that are not two-dimensional, of different d, with NaN or infinite
            values, or of fewer than two samples.

    Warns:
        UserWarning: If n ≤ d or m ≤ d.

    Example:

    >>> a = np.random.default_rng(0).normal(size=(1000, 3))
    >>> round(frechet_distance(a, a + [3.0, 4.0, 0.0]), 6)
    25.0

    Reference: Heusel, Ramsauer, Unterthiner, Nessler and Hochreiter 2017, GANs Trained by a Two
    Time-Scale Update Rule Converge to a Local Nash Equilibrium, arXiv 1706.08500.
    """
    a, b = checked_pair(features_a, features_b)
    warn_if_singular(min(len(a), len(b)), a.shape[1])
    return gaussian_frechet_distance(a.mean(axis=0), covariance(a), b.mean(axis=0), covariance(b))


def warn_if_singular(fewest: int, d: int) -> None:
    """Warns if the smaller set has too few samples for a covariance of full rank."""
    if fewest <= d:
        warnings.warn(
            f"The Fréchet distance of {fewest} samples in {d} dimensions is much too large, "
            f"because their covariance is singular: use more than {d} samples, better {10 * d}, or "
            f"the kernel distance, which is unbiased.",
            UserWarning,
            stacklevel=3,
        )


def gaussian_frechet_distance(mean_a, covariance_a, mean_b, covariance_b) -> float:
    """The squared Fréchet distance between two Gaussians of known mean and covariance.

        d = ‖μ_a − μ_b‖² + tr(A + B − 2 (√A B √A)^½)

    The last trace is the sum of the singular values of FᵀG, where A = F Fᵀ and B = G Gᵀ, so that no
    root of a rounding error is taken.

    Args:
        mean_a: Array `(d,)`, the mean of the first Gaussian.
        covariance_a: Array `(d, d)`, its covariance: symmetric, positive semi-definite.
        mean_b: Array `(d,)`, the mean of the second.
        covariance_b: Array `(d, d)`, its covariance.

    Returns:
        The distance, at least 0; it is also the squared Wasserstein-2 distance.

    Raises:
        ValueError: For shapes that do not fit each other, NaN or infinite values, or matrices that
            are not symmetric or have negative eigenvalues.

    Example, two Gaussians on a line at distance (3 − 0)² + (2 − 1)²:

    >>> gaussian_frechet_distance([0.0], [[1.0]], [3.0], [[4.0]])
    10.0

    Reference: Dowson and Landau 1982, The Fréchet Distance between Multivariate Normal
    Distributions.
    """
    (μ_a, A), (μ_b, B) = (
        checked_gaussian(mean, matrix, name)
        for mean, matrix, name in ((mean_a, covariance_a, "_a"), (mean_b, covariance_b, "_b"))
    )
    if len(μ_a) != len(μ_b):
        raise ValueError(
            f"Both Gaussians need the same dimension; received d = {len(μ_a)} and d = {len(μ_b)}."
        )
    F, G = _factor(A, "covariance_a"), _factor(B, "covariance_b")
    cross = np.linalg.svd(F.T @ G, compute_uv=False).sum()
    shift = np.square(μ_a - μ_b).sum()
    spread = np.trace(A) + np.trace(B) - 2 * cross
    return float(max(shift + spread, 0.0))


def checked_gaussian(mean, matrix, ending: str = "") -> tuple[np.ndarray, np.ndarray]:
    """Checks a mean `(d,)` and a covariance `(d, d)`, and returns both in float64.

    Args:
        mean: The mean.
        matrix: The covariance, whose eigenvalues are not checked.
        ending: How their names end, for the message. Defaults to `""`.

    Raises:
        ValueError: For other shapes, NaN or infinite values, or a matrix that is not symmetric.
    """
    mean, matrix = np.asarray(mean, dtype="float64"), np.asarray(matrix, dtype="float64")
    if mean.ndim != 1 or matrix.shape != 2 * mean.shape:
        raise ValueError(
            f"mean{ending} must be an array (d,) and covariance{ending} an array (d, d); received "
            f"shapes {mean.shape} and {matrix.shape}."
        )
    if not (np.isfinite(mean).all() and np.isfinite(matrix).all()):
        raise ValueError(f"mean{ending} or covariance{ending} has NaN or infinite values.")
    if not np.allclose(matrix, matrix.T, rtol=1e-6, atol=1e-9 * np.abs(matrix).max(initial=0)):
        raise ValueError(f"covariance{ending} must be symmetric, as every covariance is.")
    return mean, matrix


def covariance(features: np.ndarray) -> np.ndarray:
    """The unbiased covariance, `(d, d)` even for d = 1."""
    centred = features - features.mean(axis=0)
    return centred.T @ centred / (len(features) - 1)


def _factor(matrix: np.ndarray, name: str) -> np.ndarray:
    """F, `(d, rank)`, with F Fᵀ = a positive semi-definite matrix `(d, d)`, up to rounding."""
    values, vectors = np.linalg.eigh(matrix)
    largest = np.abs(values).max()
    if values[0] < -1e-6 * largest:
        raise ValueError(
            f"{name} must be positive semi-definite, as every covariance is; received a matrix "
            f"with eigenvalues from {values[0]:.3g} to {values[-1]:.3g}."
        )
    kept = values > len(values) * np.finfo("float64").eps * largest
    return vectors[:, kept] * np.sqrt(values[kept])
