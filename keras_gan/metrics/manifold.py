"""Precision, recall, density and coverage: whether samples lie where the others lie."""

import dataclasses
from collections.abc import Iterator

import numpy as np

from keras_gan.amounts import whole
from keras_gan.metrics.checks import checked_pair
from keras_gan.metrics.results import Result

BLOCK = 1000  # rows of the matrix of distances at a time: 80 MB against 10,000 samples
ROUNDING = 1e-12  # squared distances that are smaller, as a share of the squared lengths, are 0
HAIR = 2e-14  # likewise, of what rounding may do to a larger one


@dataclasses.dataclass(frozen=True, eq=False)
class PrecisionRecall(Result):
    """What `precision_recall` found.

    Args:
        precision: The share, in [0, 1], of fake samples within a ball around a real one.
        recall: The share, in [0, 1], of real samples within a ball around a fake one.
        neighbors: A ball reaches to the centre's neighbour of this number.
        real_samples: How many real samples there were.
        fake_samples: How many fake ones.
    """

    precision: float
    recall: float
    neighbors: int
    real_samples: int
    fake_samples: int

    def __str__(self):
        return f"precision {self.precision:.3f}, recall {self.recall:.3f} {circumstances(self)}"


@dataclasses.dataclass(frozen=True, eq=False)
class DensityCoverage(Result):
    """What `density_coverage` found.

    Args:
        density: The balls around real samples that a fake one lies in, over `neighbors`: about 1
            for the data's own distribution, more where fakes crowd into dense regions.
        coverage: The share, in [0, 1], of balls around real samples with a fake one in them.
        neighbors: A ball reaches to the centre's neighbour of this number.
        real_samples: How many real samples there were.
        fake_samples: How many fake ones.
    """

    density: float
    coverage: float
    neighbors: int
    real_samples: int
    fake_samples: int

    def __str__(self):
        return f"density {self.density:.3f}, coverage {self.coverage:.3f} {circumstances(self)}"


def circumstances(found: PrecisionRecall | DensityCoverage) -> str:
    """What a figure depends on beside the two distributions."""
    return (
        f"({found.neighbors} neighbours, {found.real_samples} real and {found.fake_samples} fake "
        f"samples)"
    )


def precision_recall(real, fake, *, neighbors: int = 3) -> PrecisionRecall:
    """How much of the fake lies within the real manifold, and of the real within the fake one.

        precision = share of fakes y with ‖y − x‖ ≤ r(x) for a real x
        recall    = share of reals x with ‖x − y‖ ≤ r(y) for a fake y

    where r is the distance to the k-th nearest other sample of the same set. Both grow with the
    number of samples and fall with k; of equal distributions they are below 1. One outlier among
    the centres makes a large ball: `density_coverage` suffers less from it. Distances are taken
    from the median of all samples, and those that are smaller than a millionth of the distance of
    both samples from there count as 0.

    Args:
        real: Array `(n, d)` of finite numbers. Flatten images first.
        fake: Array `(m, d)`, likewise.
        neighbors: k, smaller than n and m. Defaults to 3.

    Raises:
        ValueError: For arrays that do not fit each other, NaN, or too few samples for k.

    Reference: Kynkäänniemi, Karras, Laine, Lehtinen and Aila 2019, Improved Precision and Recall
    Metric for Assessing Generative Models, arXiv 1904.06991.

    Example, where half of the fakes are far off and half of the reals have no fake near:

    >>> real = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> fake = np.array([[0.5], [0.6], [50.0], [51.0]])
    >>> print(precision_recall(real, fake, neighbors=1))
    precision 0.500, recall 0.000 (1 neighbours, 4 real and 4 fake samples)
    """
    real, fake = centred_pair(real, fake)
    check_neighbors(neighbors, min(len(real), len(fake)))
    real_radii, fake_radii = (squared_radii(x, neighbors, closed=True) for x in (real, fake))
    within_real = np.zeros(len(fake), bool)
    within_fake = []
    for rows, squared in distance_blocks(real, fake):
        within_real |= (squared <= real_radii[rows, None]).any(axis=0)
        within_fake.append((squared <= fake_radii).any(axis=1))
    return PrecisionRecall(
        precision=float(within_real.mean()),
        recall=float(np.concatenate(within_fake).mean()),
        neighbors=neighbors,
        real_samples=len(real),
        fake_samples=len(fake),
    )


def density_coverage(real, fake, *, neighbors: int = 5) -> DensityCoverage:
    """How densely fake samples lie among the real ones, and how many real ones have fakes near.

        density  = Σ_y Σ_x [‖y − x‖ < r(x)] / k m
        coverage = share of reals x with ‖y − x‖ < r(x) for a fake y

    where r(x) is the distance to the k-th nearest other real sample. For equal distributions the
    density is 1 and the coverage of n by n samples about 1 − 2^−k in expectation; for the reals
    themselves both are 1, if no two distances tie. As in the authors' code, the sphere is not part
    of its ball, so that a real sample with k copies has a ball with nothing in it. Distances count
    as in `precision_recall`.

    Args:
        real: Array `(n, d)` of finite numbers. Flatten images first.
        fake: Array `(m, d)`, likewise.
        neighbors: k, smaller than n. Defaults to 5.

    Raises:
        ValueError: For arrays that do not fit each other, NaN, or too few samples for k.

    Reference: Naeem, Oh, Uh, Choi and Yoo 2020, Reliable Fidelity and Diversity Metrics for
    Generative Models, arXiv 2002.09797.

    Example, where all fakes sit between the same two real samples:

    >>> real = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> print(density_coverage(real, [[0.4], [0.5], [0.6]], neighbors=1))
    density 2.000, coverage 0.500 (1 neighbours, 4 real and 3 fake samples)
    """
    real, fake = centred_pair(real, fake)
    check_neighbors(neighbors, len(real))
    radii = squared_radii(real, neighbors, closed=False)
    inside = np.concatenate(
        [
            np.count_nonzero(squared < radii[rows, None], axis=1)
            for rows, squared in distance_blocks(real, fake)
        ]
    )
    return DensityCoverage(
        density=float(inside.sum() / (neighbors * len(fake))),
        coverage=float((inside > 0).mean()),
        neighbors=neighbors,
        real_samples=len(real),
        fake_samples=len(fake),
    )


def centred_pair(real, fake) -> tuple[np.ndarray, np.ndarray]:
    """Both sets, checked and moved to their common centre, where squared distances keep digits."""
    real, fake = checked_pair(real, fake, ("real", "fake"))
    center = np.median(np.concatenate([real, fake]), axis=0)  # which no outlier takes along
    return real - center, fake - center


def check_neighbors(neighbors: int, fewest: int) -> None:
    """Raises where a sample has fewer others around it than are asked for."""
    whole("neighbors", neighbors)
    if neighbors >= fewest:
        raise ValueError(
            f"neighbors={neighbors} needs at least {neighbors + 1} samples in a set; received a "
            f"set of {fewest}: take more samples or fewer neighbors."
        )


def squared_radii(x: np.ndarray, neighbors: int, *, closed: bool) -> np.ndarray:
    """The squared distance of every row to its k-th nearest other row, `(n,)`, give or take a hair.

    Args:
        x: Array `(n, d)`.
        neighbors: k.
        closed: Whether a sample exactly on the sphere lies in the ball, whichever way it is
            rounded.
    """
    radii = np.empty(len(x))
    for rows, squared in distance_blocks(x):
        squared.partition(neighbors - 1, axis=1)
        radii[rows] = squared[:, neighbors - 1]
    hair = HAIR * (np.square(x).sum(axis=1) + radii)
    return radii + hair if closed else radii - hair


def distance_blocks(
    x: np.ndarray, y: np.ndarray | None = None
) -> Iterator[tuple[slice, np.ndarray]]:
    """Squared distances of some rows of x at a time to all of y: the rows and `(rows, m)`.

    Args:
        x: Array `(n, d)`.
        y: Array `(m, d)`, or `None` for the other rows of x; every row is then infinitely far from
            itself.
    """
    itself = y is None
    y = x if itself else y
    x_lengths, y_lengths = np.square(x).sum(axis=1), np.square(y).sum(axis=1)
    never_rounding = ROUNDING * (x_lengths.max() + y_lengths.max())
    for start in range(0, len(x), BLOCK):
        rows = slice(start, min(start + BLOCK, len(x)))
        squared = x[rows] @ y.T
        squared *= -2
        squared += x_lengths[rows, None]
        squared += y_lengths
        if itself:
            squared[np.arange(len(squared)), np.arange(rows.start, rows.stop)] = np.inf
        if squared.min() < never_rounding:
            squared[squared < ROUNDING * (x_lengths[rows, None] + y_lengths)] = 0.0
        yield rows, squared
