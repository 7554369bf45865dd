"""How many modes of a mixture samples reach, and how many samples reach one."""

import dataclasses

import numpy as np

from keras_gan.metrics.frechet import checked_features


@dataclasses.dataclass(frozen=True)
class ModeCoverage:
    """What `mode_coverage` found.

    Args:
        modes: How many modes are covered.
        total: How many there are.
        high_quality: The share, in [0, 1], of samples within 3σ of a mode.
    """

    modes: int
    total: int
    high_quality: float


def mode_coverage(samples, centers, stddev: float) -> ModeCoverage:
    """The modes of an even mixture of isotropic Gaussians that samples cover.

    A sample is of high quality if it lies within 3σ of its nearest centre; a mode is covered if it
    is the nearest of at least one such sample.

    Args:
        samples: Array `(n, d)`.
        centers: Array `(k, d)` of the means.
        stddev: The standard deviation σ of every component, in the units of the samples.

    Raises:
        ValueError: For arrays of another rank, of different d, or with NaN.

    Reference: Srivastava, Valkov, Russell, Gutmann and Sutton 2017, VEEGAN: Reducing Mode Collapse
    in GANs using Implicit Variational Learning, arXiv 1705.07761.

    Example:

    >>> mode_coverage([[0.0, 0.1], [5.0, 5.0]], [[0.0, 0.0], [1.0, 0.0]], stddev=0.1)
    ModeCoverage(modes=1, total=2, high_quality=0.5)
    """
    samples, centers = checked_features(samples, "samples"), checked_features(centers, "centers")
    if samples.shape[1] != centers.shape[1]:
        raise ValueError(
            f"Samples and centres must lie in one space; received d = {samples.shape[1]} and "
            f"d = {centers.shape[1]}."
        )
    distances = np.linalg.norm(samples[:, None] - centers[None], axis=-1)
    nearest, close = distances.argmin(axis=1), distances.min(axis=1) <= 3 * stddev
    return ModeCoverage(len(np.unique(nearest[close])), len(centers), float(close.mean()))
