"""Precision, recall, density and coverage: how far two sets of samples overlap."""

import contextlib
import contextvars
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
from keras_gan.metrics.manifold_results import DensityCoverage, PrecisionRecall

TOGETHER = {"precision_recall": 3, "density_coverage": 5}  # default neighbours
KEPT: contextvars.ContextVar["Kept | None"] = contextvars.ContextVar("kept", default=None)


def precision_recall(real, fake, *, neighbors: int = 3) -> PrecisionRecall:
    """The fraction of fake samples in the real manifold, and of real samples in the fake one.

        precision = fraction of fake y with ‖y − x‖ ≤ r(x) for a real x
        recall    = fraction of real x with ‖x − y‖ ≤ r(y) for a fake y

    where r is the distance to the k-th nearest other sample of the same set. Both grow with k, and
    are below 1 for equal distributions. An outlier has a large ball, which `density_coverage`
    counts less. The samples are centred at their median, and distances smaller than a millionth of
    both samples' distances from it count as 0.

    Args:
        real: Array `(n, d)` of finite numbers. Flatten images first.
        fake: Array `(m, d)`, likewise.
        neighbors: k, smaller than n and m. Defaults to 3.

    Returns:
        A `PrecisionRecall`.

    Raises:
        ValueError: If the arrays do not fit each other, hold NaN, or have too few samples for k.

    Example, where half of the fake samples are far away, and no real one is in a ball of them:

    >>> real = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> fake = np.array([[0.5], [0.6], [50.0], [51.0]])
    >>> print(precision_recall(real, fake, neighbors=1))
    precision 0.500, recall 0.000 (1 neighbours, 4 real and 4 fake samples)

    Reference: Kynkäänniemi, Karras, Laine, Lehtinen and Aila 2019, Improved Precision and Recall
    Metric for Assessing Generative Models, arXiv 1904.06991.
    """
    return _of_pair(real, fake, "precision_recall", neighbors)


def density_coverage(real, fake, *, neighbors: int = 5) -> DensityCoverage:
    """How densely fake samples lie among real ones, and how many real ones have fakes nearby.

        density  = Σ_y Σ_x [‖y − x‖ < r(x)] / k m
        coverage = fraction of real x with ‖y − x‖ < r(x) for a fake y

    where r(x) is the distance to the k-th nearest other real sample. For equal distributions the
    expected density is 1, and the expected coverage about 1 − 2^−k if n = m. If the fake samples
    are the real ones, both are 1 unless distances tie. As in the authors' code, a ball does not
    include its sphere, so the ball of a real sample with k copies is empty. Distances are computed
    as in `precision_recall`.

    Args:
        real: Array `(n, d)` of finite numbers. Flatten images first.
        fake: Array `(m, d)`, likewise.
        neighbors: k, smaller than n. Defaults to 5.

    Returns:
        A `DensityCoverage`.

    Raises:
        ValueError: If the arrays do not fit each other, hold NaN, or have too few samples for k.

    Example, where all fake samples lie between the same two real ones:

    >>> real = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> print(density_coverage(real, [[0.4], [0.5], [0.6]], neighbors=1))
    density 2.000, coverage 0.500 (1 neighbours, 4 real and 3 fake samples)

    Reference: Naeem, Oh, Uh, Choi and Yoo 2020, Reliable Fidelity and Diversity Metrics for
    Generative Models, arXiv 2002.09797.
    """
    return _of_pair(real, fake, "density_coverage", neighbors)


class Kept:
    """Intermediate results that both scores of the same sets use: centre, radii, distances.

    Args:
        center: `(d,)`, the centre of all samples. Defaults to `None`: the median of the first pair.
    """

    def __init__(self, center: np.ndarray | None = None):
        self.center = center
        self.radii: dict[int, dict] = {}  # by the id of a set
        self.found: dict[tuple, dict] = {}  # by the ids of a pair

    def forget(self, features: np.ndarray) -> None:
        """Forgets a set that will be deleted, since another set may get its id."""
        self.radii.pop(id(features), None)
        self.found = {pair: each for pair, each in self.found.items() if id(features) not in pair}


@contextlib.contextmanager
def shared(kept: Kept) -> Iterator[None]:
    """A scope in which both scores of the same arrays compute their distances only once.

    All pairs use the centre of the first pair, which affects only the last digits of distances. The
    arrays must exist as long as `kept`, or be forgotten.

    Args:
        kept: The intermediate results of earlier scopes.
    """
    before = KEPT.set(kept)
    try:
        yield
    finally:
        KEPT.reset(before)


def _of_pair(real, fake, score: str, neighbors: int) -> PrecisionRecall | DensityCoverage:
    """One of the scores; within `shared` the other is computed with it, and both are kept.

    Args:
        real: As in `precision_recall`.
        fake: As in `precision_recall`.
        score: The name of the score's function.
        neighbors: k.

    Raises:
        ValueError: As the score's function.
    """
    kept, pair, wanted = KEPT.get(), (id(real), id(fake)), {score: neighbors}
    if kept is not None and pair in kept.found and wanted.items() <= TOGETHER.items():
        return kept.found[pair][score]
    reals, fakes = checked_pair(real, fake, ("real", "fake"))
    fewest = min(len(reals), len(fakes)) if score == "precision_recall" else len(reals)
    _check_neighbors(neighbors, fewest)
    enough = max(TOGETHER.values()) < min(len(reals), len(fakes))
    same = reals is real and fakes is fake  # copies would have other ids
    if kept is None or not (enough and same and wanted.items() <= TOGETHER.items()):
        return _neighbourhoods(reals, fakes, wanted, Kept())[score]
    kept.found[pair] = _neighbourhoods(reals, fakes, TOGETHER, kept)
    return kept.found[pair][score]


def _neighbourhoods(
    real: np.ndarray, fake: np.ndarray, wanted: dict[str, int], kept: Kept
) -> dict[str, PrecisionRecall | DensityCoverage]:
    """The scores of two sets, by name, from one pass over the distances between them.

    The samples are centred at their median, on which outliers have little influence, so that
    squared distances keep their digits. One set at a time is centred, so that memory holds only one
    copy.

    Args:
        real: Array `(n, d)`, checked.
        fake: Array `(m, d)`, checked.
        wanted: The number of neighbours for each score.
        kept: Intermediate results for these sets.
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
    """Refuses sets in which a sample has fewer than k others."""
    whole("neighbors", neighbors)
    if neighbors >= fewest:
        raise ValueError(
            f"neighbors={neighbors} needs at least {neighbors + 1} samples in each set; received a "
            f"set of {fewest}: use more samples or fewer neighbors."
        )


def _squared_radii(x: np.ndarray, wanted: dict[str, int]) -> dict[str, np.ndarray]:
    """The squared radii of the balls around each row, `(n,)`, by score, with a rounding margin.

    The margin makes the balls of `precision_recall` closed and those of `density_coverage` open,
    however a sample on the sphere is rounded.

    Args:
        x: Array `(n, d)`.
        wanted: The rank of the neighbour on the sphere, by score.
    """
    columns = smallest(x, list(wanted.values()), BLOCK).T
    lengths, found = squared_lengths(x, 0.0), {}
    for name, radii in zip(wanted, columns, strict=True):
        hair = HAIR * (lengths + radii)
        found[name] = radii + hair if name == "precision_recall" else radii - hair
    return found
