"""Point sets in the plane whose distribution is known exactly."""

from __future__ import annotations

import dataclasses

import numpy as np

from keras_gan.arguments import unknown_name
from keras_gan.data.lazy import tf

COUNT = 50_000
SPLITS = ("train", "test")


@dataclasses.dataclass(frozen=True, eq=False)
class Mixture:
    """An even mixture of isotropic Gaussians, p(x) = 1/K Σₖ N(x; cₖ, σ² I).

    Args:
        centers: The means cₖ, float32 of shape `(K, dim)`, read-only.
        stddev: The standard deviation σ of every component, in data units.
    """

    centers: np.ndarray
    stddev: float

    def sample(self, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draws `count` points.

        Args:
            count: How many.
            rng: The NumPy generator that decides them.

        Returns:
            The points, float32 `(count, dim)`, and the component of each, int32 `(count,)`.
        """
        components = rng.integers(len(self.centers), size=count, dtype=np.int32)
        noise = rng.standard_normal((count, self.centers.shape[1]))
        return (self.centers[components] + self.stddev * noise).astype(np.float32), components


def _frozen(centers: np.ndarray) -> np.ndarray:
    centers = centers.astype(np.float32)
    centers.setflags(write=False)
    return centers


def _ring() -> np.ndarray:
    angles = 2 * np.pi * np.arange(8) / 8
    return _frozen(np.stack([np.cos(angles), np.sin(angles)], axis=1))


def _grid() -> np.ndarray:
    ticks = np.arange(-4, 5, 2)
    return _frozen(np.stack(np.meshgrid(ticks, ticks, indexing="ij"), axis=-1).reshape(25, 2))


_MIXTURES = {"ring": Mixture(_ring(), 0.01), "grid": Mixture(_grid(), 0.05)}


def mixture(name: str) -> Mixture:
    """Returns the true distribution of a synthetic set, which mode coverage is measured against.

    `"ring"` has 8 centres on the unit circle, the first at (1, 0), and σ = 0.01; `"grid"` has
    5 × 5 centres, 2 apart, from (-4, -4) to (4, 4), and σ = 0.05.

    Args:
        name: `"ring"` or `"grid"`.

    Raises:
        ValueError: For any other name.

    Example:

    >>> from keras_gan import data
    >>> data.mixture("ring").centers.shape
    (8, 2)
    >>> data.mixture("grid").stddev
    0.05
    """
    if name not in _MIXTURES:
        raise unknown_name("mixture", name, _MIXTURES)
    return _MIXTURES[name]


def swiss_roll(count: int, rng: np.random.Generator) -> np.ndarray:
    """Draws points along a spiral of one and a half turns, from radius 1/3 out to radius 1.

    x = t (cos t, sin t) / 4.5π + 0.02 ε, with t uniform in [1.5π, 4.5π] and ε standard normal.

    Args:
        count: How many points.
        rng: The NumPy generator that decides them.

    Returns:
        float32 points of shape `(count, 2)`.
    """
    t = np.pi * rng.uniform(1.5, 4.5, size=count)
    spiral = (t * np.stack([np.cos(t), np.sin(t)])).T / (4.5 * np.pi)
    return (spiral + 0.02 * rng.standard_normal((count, 2))).astype(np.float32)


def stream(split: str, seed: int) -> np.random.Generator:
    """Returns the random stream of a split: the seed's first for train, its second for test."""
    return np.random.default_rng([SPLITS.index(split), seed])


def points(name: str, split: str, labels: bool, seed: int) -> tf.data.Dataset:
    """Builds `ring`, `grid` (labels: the component) or `swiss_roll` (no labels)."""
    rng = stream(split, seed)
    if name == "swiss_roll":
        if labels:
            raise ValueError("'swiss_roll' has no labels; load it with labels=False.")
        return tf.data.Dataset.from_tensor_slices(swiss_roll(COUNT, rng))
    x, components = mixture(name).sample(COUNT, rng)
    return tf.data.Dataset.from_tensor_slices((x, components) if labels else x)
