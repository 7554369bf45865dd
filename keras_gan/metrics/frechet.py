"""The Fréchet distance between the Gaussians of two sets of samples."""

import numpy as np


def frechet_distance(features_a, features_b) -> float:
    """The squared Fréchet distance between the Gaussians fitted to two sets of feature vectors.

        d(a, b) = ‖μ_a − μ_b‖² + tr(A + B − 2 (√A B √A)^½)

    with μ the means and A, B the unbiased covariances. The roots are taken by `eigh` in float64, so
    the result is never complex. It is biased upwards for few samples: compare only figures of equal
    n, and put the distance between two halves of the real data beside them.

    Args:
        features_a: Array `(n, d)` of finite numbers, n ≥ 2. Flatten images first.
        features_b: Array `(m, d)`, likewise.

    Returns:
        The distance, at least 0, in squared units of the features.

    Raises:
        ValueError: For arrays that are not two-dimensional, of different d, with NaN or infinite
            values, or of fewer than two samples.

    Reference: Heusel, Ramsauer, Unterthiner, Nessler and Hochreiter 2017, GANs Trained by a Two
    Time-Scale Update Rule Converge to a Local Nash Equilibrium, arXiv 1706.08500.

    Example:

    >>> a = np.random.default_rng(0).normal(size=(1000, 3))
    >>> round(frechet_distance(a, a + [3.0, 4.0, 0.0]), 6)
    25.0
    """
    a = checked_features(features_a, "features_a")
    b = checked_features(features_b, "features_b")
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            f"Both sets need feature vectors of one length; received d = {a.shape[1]} in "
            f"features_a and d = {b.shape[1]} in features_b."
        )
    A, B = covariance(a), covariance(b)
    root = symmetric_root(A)
    cross = np.linalg.eigvalsh(root @ B @ root)
    shift = np.square(a.mean(axis=0) - b.mean(axis=0)).sum()
    spread = np.trace(A) + np.trace(B) - 2 * np.sqrt(np.maximum(cross, 0)).sum()
    return float(max(shift + spread, 0.0))


def checked_features(features, name: str) -> np.ndarray:
    """The features as a float64 array `(n, d)`, once they are known to be that."""
    features = np.asarray(features, dtype="float64")
    if features.ndim != 2:
        raise ValueError(
            f"{name} must be an array (n, d) of feature vectors; received shape {features.shape}. "
            f"Flatten images first: x.reshape(len(x), -1)."
        )
    if len(features) < 2 or features.shape[1] < 1:
        raise ValueError(
            f"{name} must hold at least two feature vectors of at least one number, since a "
            f"covariance is taken; received shape {features.shape}."
        )
    if not np.isfinite(features).all():
        bad = np.argwhere(~np.isfinite(features))[0]
        raise ValueError(
            f"{name} has NaN or infinite values, the first in row {bad[0]}: clean or leave out "
            f"such samples."
        )
    return features


def covariance(features: np.ndarray) -> np.ndarray:
    """The unbiased covariance, always `(d, d)`."""
    centred = features - features.mean(axis=0)
    return centred.T @ centred / (len(features) - 1)


def symmetric_root(matrix: np.ndarray) -> np.ndarray:
    """√M of a positive semi-definite matrix; eigenvalues that rounding made negative count as 0."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
