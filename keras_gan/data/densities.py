"""Distributions of points in the plane whose densities are known."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable

import numpy as np

from keras_gan.arguments import amount

NODES, CHUNK = 1_000, 1_000  # of the quadrature along a curve; points at a time
EDGE = 1e-6  # of a field, on which float32 could round a point off the field


class Density:
    """A distribution of points with a density: `sample` draws, `log_prob` says how likely."""

    dim = 2  # components of a point

    def sample(self, count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draws points.

        Args:
            count: The number of points.
            rng: The NumPy generator that draws them.

        Returns:
            The points, float32 `(count, 2)`, and the component of each, int32 `(count,)`.
        """
        raise NotImplementedError

    def log_prob(self, x) -> np.ndarray:
        """log p(x) in nats, float64 `(n,)`; −∞ where there is no density.

        Args:
            x: Points `(n, 2)`.

        Raises:
            ValueError: For points of another shape.
        """
        x = np.asarray(x, "float64")
        if x.ndim != 2 or x.shape[1] != self.dim:
            raise ValueError(
                f"This density is of points (n, {self.dim}); received an array of shape {x.shape}."
            )
        parts = [self._log_prob(x[i : i + CHUNK]) for i in range(0, len(x), CHUNK)]
        return np.concatenate([np.empty(0), *parts])

    def _log_prob(self, x) -> np.ndarray:
        raise NotImplementedError


@dataclasses.dataclass(frozen=True, eq=False)
class Mixture(Density):
    """An even mixture of isotropic Gaussians, p(x) = 1/K Σₖ N(x; cₖ, σ² I).

    Args:
        centers: The means cₖ, float32 of shape `(K, dim)`, read-only.
        stddev: The standard deviation σ of every component, in data units.

    Example:

    >>> import keras_gan as kg
    >>> points, components = kg.data.mixture("ring").sample(5, np.random.default_rng(0))
    >>> points.shape, components.shape
    ((5, 2), (5,))
    """

    centers: np.ndarray
    stddev: float

    @property
    def dim(self) -> int:
        """The number of components of a point."""
        return self.centers.shape[1]

    def sample(self, count, rng):
        """Draws points from the mixture."""
        components = rng.integers(len(self.centers), size=count, dtype=np.int32)
        noise = rng.standard_normal((count, self.centers.shape[1]))
        return (self.centers[components] + self.stddev * noise).astype(np.float32), components

    def _log_prob(self, x):
        squares = np.square(x[:, None] - self.centers.astype("float64")).sum(axis=-1)
        logs = -squares / (2 * self.stddev**2)
        constant = math.log(len(self.centers)) + self.dim * _log_unit(self.stddev)
        return np.logaddexp.reduce(logs, axis=1) - constant


@dataclasses.dataclass(frozen=True, eq=False)
class Circles(Density):
    """Points evenly on circles around the origin, plus Gaussian noise.

        p(x) = 1/K Σₖ exp(−(|x|² + Rₖ²) / 2σ²) I₀(|x| Rₖ / σ²) / 2πσ²

    Args:
        radii: The radii Rₖ.
        stddev: σ, in data units.
    """

    radii: tuple[float, ...]
    stddev: float

    def sample(self, count, rng):
        """Draws points of all circles."""
        circles = rng.integers(len(self.radii), size=count, dtype=np.int32)
        angles = rng.uniform(0.0, 2.0 * np.pi, size=count)
        points = np.array(self.radii)[circles, None] * np.stack((np.cos(angles), np.sin(angles)), 1)
        noise = self.stddev * rng.standard_normal((count, 2))
        return (points + noise).astype(np.float32), circles

    def _log_prob(self, x):
        from scipy.special import ive

        radius, variance = np.linalg.norm(x, axis=1)[:, None], self.stddev**2
        radii = np.array(self.radii)
        logs = -np.square(radius - radii) / (2 * variance) + np.log(
            ive(0, radius * radii / variance)
        )
        constant = math.log(len(self.radii)) + 2 * _log_unit(self.stddev)
        return np.logaddexp.reduce(logs, axis=1) - constant


@dataclasses.dataclass(frozen=True, eq=False)
class Curves(Density):
    """Points of curves cₖ(t), plus Gaussian noise and perhaps uniform noise.

        p(x) = 1/K Σₖ ∫ p(t) Πⱼ g(xⱼ − cₖⱼ(t)) dt

    with g the density of one component of the noise: N(0, σ²), or its mean over an interval [0, w]
    by which a point is moved. t is uniform, or p(t) ∝ t. The integral is Gauss and Legendre's sum
    over 1,000 nodes, exact to 1e-9 for noise of at least a 400th of the curve's length.

    Args:
        curves: Functions cₖ from t, array `(n,)`, to points `(n, 2)`.
        low: The least t.
        high: The greatest t.
        stddev: σ, in data units.
        shifts: w of each curve, negative to move points to the other side, 0 for none.
        growing: Whether p(t) ∝ t, with `low` 0. Defaults to `False`.
    """

    curves: tuple[Callable, ...]
    low: float
    high: float
    stddev: float
    shifts: tuple[float, ...]
    growing: bool = False

    def sample(self, count, rng):
        """Draws points of all curves."""
        of = np.zeros(count, np.int32)
        if len(self.curves) > 1:
            of = rng.integers(len(self.curves), size=count, dtype=np.int32)
        u = rng.uniform(size=count)
        t = self.low + (self.high - self.low) * (np.sqrt(u) if self.growing else u)
        points = np.stack([curve(t) for curve in self.curves])[of, np.arange(count)]
        if any(self.shifts):
            points += np.array(self.shifts)[of, None] * rng.uniform(size=(count, 2))
        noise = self.stddev * rng.standard_normal((count, 2))
        return (points + noise).astype(np.float32), of

    def _log_prob(self, x):
        from scipy.special import logsumexp

        u, weights = _nodes()
        t = self.low + (self.high - self.low) * u
        weights = np.log(weights * 2 * u if self.growing else weights)
        logs = []
        for curve, shift in zip(self.curves, self.shifts, strict=True):
            offsets = x[:, None] - curve(t)
            logs.append(self._log_noise(offsets, shift).sum(axis=-1) + weights)
        return logsumexp(np.concatenate(logs, axis=1), axis=1) - math.log(len(self.curves))

    def _log_noise(self, offsets, shift):
        """log g."""
        if shift == 0.0:
            return -np.square(offsets / self.stddev) / 2 - _log_unit(self.stddev)
        from scipy.special import log_ndtr

        low, high = (
            (offsets - max(shift, 0.0)) / self.stddev,
            (offsets - min(shift, 0.0)) / self.stddev,
        )
        mirrored = low > 0  # the tail in which differences are exact
        low, high = np.where(mirrored, -high, low), np.where(mirrored, -low, high)
        above, below = log_ndtr(high), log_ndtr(low)
        return above + np.log(-np.expm1(below - above)) - math.log(abs(shift))


@functools.cache
def _nodes() -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of Gauss and Legendre on [0, 1]."""
    from scipy.special import roots_legendre

    nodes, weights = roots_legendre(NODES)
    return (nodes + 1.0) / 2.0, weights / 2.0


@dataclasses.dataclass(frozen=True)
class Checkerboard(Density):
    """Points evenly on the fields of one colour of a board of 4 × 4 fields on [−4, 4]²."""

    def sample(self, count, rng):
        """Draws points; the component is the column."""
        column = rng.integers(4, size=count, dtype=np.int32)
        row = 2 * rng.integers(2, size=count) + column % 2
        corner = np.stack((column, row), axis=1)
        within = EDGE + (1.0 - 2.0 * EDGE) * rng.uniform(size=(count, 2))
        points = 2.0 * (corner + within) - 4.0
        return points.astype(np.float32), column

    def _log_prob(self, x):
        field = np.floor((x + 4.0) / 2.0)
        inside = np.all((field >= 0) & (field < 4), axis=1) & (field.sum(axis=1) % 2 == 0)
        return np.where(inside, -math.log(32.0), -np.inf)


def _log_unit(stddev: float) -> float:
    """log σ + ½ log 2π."""
    return math.log(amount("stddev", stddev, above=0)) + 0.5 * math.log(2 * math.pi)
