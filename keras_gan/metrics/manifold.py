"""Precision, recall, density and coverage: whether samples lie where the others lie."""

import contextlib
import contextvars
import dataclasses
from collections.abc import Iterator

import numpy as np

from keras_gan.arguments import whole
from keras_gan.metrics import progress
from keras_gan.metrics.checks import checked_pair
from keras_gan.metrics.distances import (
    BLOCK,
    HAIR,
    distance_blocks,
    middle,
    smallest,
    squared_lengths,
)
from keras_gan.metrics.results import Result

TOGETHER = {"precision_recall": 3, "density_coverage": 5}  # the neighbours that both take unasked
KEPT: contextvars.ContextVar["Kept | None"] = contextvars.ContextVar("kept", default=None)


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
        return f"precision {self.precision:.3f}, recall {self.recall:.3f} {_circumstances(self)}"


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
        return f"density {self.density:.3f}, coverage {self.coverage:.3f} {_circumstances(self)}"


def _circumstances(found: PrecisionRecall | DensityCoverage) -> str:
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
    return _of_pair(real, fake, "precision_recall", neighbors)


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
    return _of_pair(real, fake, "density_coverage", neighbors)


class Kept:
    """What both scores of some sets have in common: their centre, their radii, their distances.

    Args:
        center: `(d,)`, from which all distances are taken; `None` until the first pair has one.
    """

    def __init__(self, center: np.ndarray | None = None):
        self.center = center
        self.radii: dict[int, dict] = {}  # of sets, by their identity
        self.found: dict[tuple, dict] = {}  # of pairs of sets

    def forget(self, features: np.ndarray) -> None:
        """Forgets a set that goes away, whose identity another one may have later."""
        self.radii.pop(id(features), None)
        self.found = {pair: each for pair, each in self.found.items() if id(features) not in pair}


@contextlib.contextmanager
def shared(kept: Kept) -> Iterator[None]:
    """A scope in which both scores of the same arrays take their distances once.

    The centre is then that of the first pair, which changes no more than the last digits of
    distances. The arrays must live as long as `kept`, or be forgotten.

    Args:
        kept: What was found in earlier scopes.
    """
    before = KEPT.set(kept)
    try:
        yield
    finally:
        KEPT.reset(before)


def _of_pair(real, fake, score: str, neighbors: int) -> PrecisionRecall | DensityCoverage:
    """One of the scores; within `shared` the other one is computed with it, and kept.

    Args:
        real: As in the scores.
        fake: Likewise.
        score: The name of the function.
        neighbors: k.

    Raises:
        ValueError: As the function.
    """
    kept, pair, wanted = KEPT.get(), (id(real), id(fake)), {score: neighbors}
    if kept is not None and pair in kept.found and wanted.items() <= TOGETHER.items():
        return kept.found[pair][score]
    reals, fakes = checked_pair(real, fake, ("real", "fake"))
    fewest = min(len(reals), len(fakes)) if score == "precision_recall" else len(reals)
    _check_neighbors(neighbors, fewest)
    enough = max(TOGETHER.values()) < min(len(reals), len(fakes))
    same = reals is real and fakes is fake  # no copies, whose identities mean nothing
    if kept is None or not (enough and same and wanted.items() <= TOGETHER.items()):
        return _neighbourhoods(reals, fakes, wanted, Kept())[score]
    kept.found[pair] = _neighbourhoods(reals, fakes, TOGETHER, kept)
    return kept.found[pair][score]


def _neighbourhoods(
    real: np.ndarray, fake: np.ndarray, wanted: dict[str, int], kept: Kept
) -> dict[str, PrecisionRecall | DensityCoverage]:
    """The scores of two sets, by name, from one pass over the distances between them.

    Distances are taken from the median of all samples, which no outlier takes along: there they
    keep their digits. One set at a time is moved there, so that memory holds one copy.

    Args:
        real: Array `(n, d)`, checked.
        fake: Array `(m, d)`, checked.
        wanted: The neighbours of each score.
        kept: What is known of these sets.
    """
    if kept.center is None:
        kept.center = middle(real, fake)
    closed, opened = (wanted.get(name) for name in ("precision_recall", "density_coverage"))
    of_real, of_fakes, between = progress.parts([id(real) not in kept.radii, bool(closed), 1])
    with of_real:
        real_radii = _radii_of(real, wanted, kept)
    with of_fakes:
        fake_radii = _radii_of(fake, wanted, kept) if closed else {}
    within_real, within_fake = np.zeros(len(fake), bool), np.zeros(len(real), bool)
    inside = np.zeros(len(real), int)
    with between:
        for rows, squared in distance_blocks(real, fake - kept.center, kept.center, BLOCK):
            if closed:
                within = squared <= real_radii["precision_recall"][rows, None]
                within_real |= within.any(axis=0)
                within_fake[rows] = (squared <= fake_radii["precision_recall"]).any(axis=1)
            if opened:
                within = squared < real_radii["density_coverage"][rows, None]
                inside[rows] = np.count_nonzero(within, axis=1)
    found, sizes = {}, (len(real), len(fake))
    if closed:
        precision, recall = float(within_real.mean()), float(within_fake.mean())
        found["precision_recall"] = PrecisionRecall(precision, recall, closed, *sizes)
    if opened:
        density, coverage = float(inside.sum() / (opened * len(fake))), float((inside > 0).mean())
        found["density_coverage"] = DensityCoverage(density, coverage, opened, *sizes)
    return found


def _radii_of(x: np.ndarray, wanted: dict[str, int], kept: Kept) -> dict[str, np.ndarray]:
    """The `_squared_radii` of a set, computed once."""
    if id(x) not in kept.radii:
        kept.radii[id(x)] = _squared_radii(x - kept.center, wanted)
    return kept.radii[id(x)]


def _check_neighbors(neighbors: int, fewest: int) -> None:
    """Raises where a sample has fewer others around it than are asked for."""
    whole("neighbors", neighbors)
    if neighbors >= fewest:
        raise ValueError(
            f"neighbors={neighbors} needs at least {neighbors + 1} samples in a set; received a "
            f"set of {fewest}: take more samples or fewer neighbors."
        )


def _squared_radii(x: np.ndarray, wanted: dict[str, int]) -> dict[str, np.ndarray]:
    """The squared radii of the balls around every row, `(n,)`, by score, give or take a hair.

    Balls of `precision_recall` are closed: a sample exactly on the sphere lies in them, whichever
    way it is rounded; those of `density_coverage` are open.

    Args:
        x: Array `(n, d)`.
        wanted: The neighbour that a ball reaches to, by score.
    """
    columns = smallest(x, list(wanted.values()), BLOCK).T
    lengths, found = squared_lengths(x, 0.0), {}
    for name, radii in zip(wanted, columns, strict=True):
        hair = HAIR * (lengths + radii)
        found[name] = radii + hair if name == "precision_recall" else radii - hair
    return found
