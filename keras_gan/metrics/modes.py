"""Mode coverage: how many modes of a mixture samples reach, and how evenly."""

import dataclasses

import numpy as np

from keras_gan.arguments import amount
from keras_gan.metrics.checks import checked_features
from keras_gan.metrics.results import Result


@dataclasses.dataclass(frozen=True, eq=False)
class ModeCoverage(Result):
    """The result of `mode_coverage`.

    Args:
        modes: The number of covered modes.
        total: The number of modes.
        high_quality: The fraction, in [0, 1], of samples within 3σ of a mode.
        kl: KL(samples by nearest centre ‖ uniform) in nats, over all samples: 0 if they are evenly
            spread, log(total) for a single mode.
    """

    modes: int
    total: int
    high_quality: float
    kl: float


def mode_coverage(samples, centers, stddev: float) -> ModeCoverage:
    """Counts the modes that samples cover, of an even mixture of isotropic Gaussians.

    A sample has high quality if it lies within 3σ of its nearest centre. A mode is covered if its
    centre is the nearest of at least one such sample. The divergence

        KL = Σₖ qₖ log(K qₖ)

    measures how evenly the samples are spread, where qₖ is the fraction of all samples whose
    nearest centre is k. For n samples of the mixture itself it is about (K − 1) / 2n.

    Args:
        samples: Array `(n, d)`.
        centers: Array `(K, d)` of the means.
        stddev: The standard deviation σ of every component, in the units of the samples.

    Returns:
        A `ModeCoverage`.

    Raises:
        ValueError: For arrays of another rank, of different d, or with NaN, or a standard deviation
            that is not positive.

    Example:

    >>> mode_coverage([[0.0, 0.1], [5.0, 5.0]], [[0.0, 0.0], [1.0, 0.0]], stddev=0.1)
    ModeCoverage(modes=1, total=2, high_quality=0.5, kl=0.0)

    Reference: Srivastava, Valkov, Russell, Gutmann and Sutton 2017, VEEGAN: Reducing Mode Collapse
    in GANs using Implicit Variational Learning, arXiv 1705.07761.
    """
    samples, centers = checked_features(samples, "samples"), checked_features(centers, "centers")
    if samples.shape[1] != centers.shape[1]:
        raise ValueError(
            f"Samples and centres need the same dimension; received d = {samples.shape[1]} and "
            f"d = {centers.shape[1]}."
        )
    amount("stddev", stddev, above=0)
    distances = np.linalg.norm(samples[:, None] - centers[None], axis=-1)
    nearest, close = distances.argmin(axis=1), distances.min(axis=1) <= 3 * stddev
    return ModeCoverage(
        modes=len(np.unique(nearest[close])),
        total=len(centers),
        high_quality=float(close.mean()),
        kl=divergence_from_uniform(np.bincount(nearest, minlength=len(centers))),
    )


def divergence_from_uniform(counts) -> float:
    """KL(q ‖ uniform) = Σₖ qₖ log(K qₖ) in nats, where q are relative frequencies.

    Args:
        counts: The K absolute frequencies, not all 0.

    Example:

    >>> divergence_from_uniform([5, 5]), round(divergence_from_uniform([10, 0]), 4)
    (0.0, 0.6931)
    """
    from scipy.special import rel_entr

    counts = np.asarray(counts, dtype="float64")
    return float(rel_entr(counts / counts.sum(), 1 / len(counts)).sum())
