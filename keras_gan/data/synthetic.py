"""Point sets in the plane by name; of most of them the density is known."""

from __future__ import annotations

import numpy as np

from keras_gan.arguments import unknown_name
from keras_gan.data.densities import Checkerboard, Circles, Curves, Density, Mixture
from keras_gan.data.lazy import tf

COUNT = 50_000
SPLITS = ("train", "test")
UNLABELLED = ("swiss_roll", "checkerboard")


def _frozen(centers: np.ndarray) -> np.ndarray:
    centers = centers.astype(np.float32)
    centers.setflags(write=False)
    return centers


def _on_circle(t) -> np.ndarray:
    return np.stack((np.cos(t), np.sin(t)), axis=-1)


def _ring() -> np.ndarray:
    return _frozen(_on_circle(2 * np.pi * np.arange(8) / 8))


def _grid() -> np.ndarray:
    ticks = np.arange(-4, 5, 2)
    return _frozen(np.stack(np.meshgrid(ticks, ticks, indexing="ij"), axis=-1).reshape(25, 2))


def _swiss_roll() -> Curves:
    """A spiral of one and a half turns: t (cos t, sin t) / 4.5π, t uniform on [1.5π, 4.5π]."""

    def curve(t):
        return t[:, None] * _on_circle(t) / (4.5 * np.pi)

    return Curves((curve,), 1.5 * np.pi, 4.5 * np.pi, 0.02, (0.0,))


def _moons() -> Curves:
    """Two half circles that reach into each other."""

    def upper(t):
        return 2.0 * _on_circle(t) + (-1.0, -0.2)

    def lower(t):
        return 2.0 * (np.array((1.0, 0.5)) - _on_circle(t)) + (-1.0, -0.2)

    return Curves((upper, lower), 0.0, np.pi, 0.2, (0.0, 0.0))


def _two_spirals() -> Curves:
    """Two spirals of one and a half turns, each the other's mirror image in the origin."""

    def curve(t):
        return t[:, None] * np.stack((-np.cos(t), np.sin(t)), axis=-1) / 3.0

    shift = 0.5 / 3.0
    both = curve, lambda t: -curve(t)
    return Curves(both, 0.0, 3.0 * np.pi, 0.1, (shift, -shift), growing=True)


_DENSITIES = {
    "ring": Mixture(_ring(), 0.01),
    "grid": Mixture(_grid(), 0.05),
    "swiss_roll": _swiss_roll(),
    "moons": _moons(),
    "circles": Circles((3.0, 1.5), 0.24),
    "rings": Circles((3.0, 2.25, 1.5, 0.75), 0.08),
    "two_spirals": _two_spirals(),
    "checkerboard": Checkerboard(),
}
PLANE = (*_DENSITIES, "pinwheel")
_MIXTURES = {name: each for name, each in _DENSITIES.items() if isinstance(each, Mixture)}


def mixture(name: str) -> Mixture:
    """Returns the true distribution of a synthetic set, the reference for mode coverage.

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
    if not isinstance(name, str) or name not in _MIXTURES:
        raise unknown_name("mixture", name, _MIXTURES)
    return _MIXTURES[name]


def density(name: str) -> Density:
    """Returns the true distribution of a synthetic set, with its density.

    `sample(count, rng)` draws points and `log_prob(x)` says their log density in nats, so that the
    divergence of a model from the truth can be measured.

    Args:
        name: `"ring"`, `"grid"`, `"swiss_roll"`, `"moons"`, `"circles"`, `"rings"`,
            `"two_spirals"` or `"checkerboard"`.

    Raises:
        ValueError: For any other name; `"pinwheel"` has no density in closed form.

    Example:

    >>> from keras_gan import data
    >>> data.density("checkerboard").log_prob([[0.5, 0.5], [2.5, 0.5]]).round(3).tolist()
    [-3.466, -inf]

    Reference: The sets and their sizes are those of Grathwohl et al. 2019, FFJORD, arXiv
    1810.01367, but for "ring", "grid" and "swiss_roll".
    """
    if isinstance(name, str) and name == "pinwheel":
        raise ValueError(
            "'pinwheel' has no density in closed form: take one of "
            f"{', '.join(map(repr, _DENSITIES))}."
        )
    if not isinstance(name, str) or name not in _DENSITIES:
        raise unknown_name("density", name, _DENSITIES)
    return _DENSITIES[name]


def has_density(name) -> bool:
    """Whether `density` knows a data set of this name."""
    return isinstance(name, str) and name in _DENSITIES


def pinwheel(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draws points of five bent arms: Gaussians of σ (0.3, 0.1) at (1, 0), turned by their radius.

        x = 2 R(2πk/5 + exp(a) / 4) (a, b),   a = 1 + 0.3 ε₁,  b = 0.1 ε₂

    Args:
        count: The number of points.
        rng: The NumPy generator that draws them.

    Returns:
        float32 points of shape `(count, 2)`, and the arm k of each, int32 `(count,)`.

    Reference: Johnson et al. 2016, arXiv 1603.06277, as in Grathwohl et al. 2019.
    """
    arm = rng.integers(5, size=count, dtype=np.int32)
    along, across = rng.standard_normal((2, count)) * [[0.3], [0.1]] + [[1.0], [0.0]]
    angle = 2 * np.pi * arm / 5 + 0.25 * np.exp(along)
    cos, sin = np.cos(angle), np.sin(angle)
    points = 2.0 * np.stack((along * cos - across * sin, along * sin + across * cos), axis=1)
    return points.astype(np.float32), arm


def stream(split: str, seed: int) -> np.random.Generator:
    """Returns the random stream of a split: train and test never share one.

    Args:
        split: `"train"` or `"test"`.
        seed: An integer of at least 0.
    """
    return np.random.default_rng([SPLITS.index(split), seed])


def points(name: str, split: str, labels: bool, seed: int) -> tf.data.Dataset:
    """Builds a synthetic data set of 50,000 points, float32 `(2,)` each.

    Args:
        name: One of `PLANE`.
        split: `"train"` or `"test"`.
        labels: Whether each point comes with its component, an int32 scalar.
        seed: An integer of at least 0.

    Raises:
        ValueError: For labels of a set that has none.
    """
    rng = stream(split, seed)
    if labels and name in UNLABELLED:
        raise ValueError(f"{name!r} has no labels; load it with labels=False.")
    x, components = (pinwheel if name == "pinwheel" else density(name).sample)(COUNT, rng)
    return tf.data.Dataset.from_tensor_slices((x, components) if labels else x)
