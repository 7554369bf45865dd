"""The way from one latent vector to another."""

import numpy as np


def spherical(z0: np.ndarray, z1: np.ndarray, t: np.ndarray) -> np.ndarray:
    """The points at t of the great circle from z₀ to z₁.

    Args:
        z0: Array `(d,)`.
        z1: Array `(d,)`.
        t: Array `(n,)` in [0, 1].

    Returns:
        Array `(n, d)`.

    Example:

    >>> middle = spherical(np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([0.5]))
    >>> middle.round(4).tolist()
    [[0.7071, 0.7071]]
    """
    norms, t = np.linalg.norm(z0) * np.linalg.norm(z1), t[:, None]
    cosine = np.clip(z0 @ z1 / norms, -1.0, 1.0) if norms else 1.0
    angle = np.arccos(cosine)
    if np.sin(angle) < 1e-6:
        return (1 - t) * z0 + t * z1
    return (np.sin((1 - t) * angle) * z0 + np.sin(t * angle) * z1) / np.sin(angle)
