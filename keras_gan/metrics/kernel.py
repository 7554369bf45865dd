"""The kernel distance: an unbiased estimate of the squared maximum mean discrepancy."""

import dataclasses
import math

import numpy as np

from keras_gan.arguments import whole
from keras_gan.metrics import progress
from keras_gan.metrics.checks import checked_pair
from keras_gan.metrics.results import Result

LARGEST_SUBSET = 1000  # by default


@dataclasses.dataclass(frozen=True, eq=False)
class KernelDistanceEstimate(Result):
    """The result of `kernel_distance`; `float(estimate)` is its `mean`.

    Args:
        mean: The mean of the values of all subsets.
        standard_deviation: Their standard deviation, √ mean (value − mean)²; NaN if the only subset
            has all samples.
        subsets: The number of subsets.
        subset_size: The number of samples of each set in a subset.
        n: The number of samples in the first set.
        m: The number of samples in the second set.
    """

    mean: float
    standard_deviation: float
    subsets: int
    subset_size: int
    n: int
    m: int

    def __float__(self):
        return self.mean

    def __str__(self):
        sets = f"{self.n} and {self.m} samples"
        if self.subset_size == self.n == self.m:
            return f"kernel distance {self.mean:.4g} (of all {sets} at once)"
        return (
            f"kernel distance {self.mean:.4g} ± {self.standard_deviation:.2g} "
            f"({self.subsets} subsets of {self.subset_size} from {sets})"
        )


def kernel_distance(
    features_a,
    features_b,
    *,
    subsets: int = 100,
    subset_size: int | None = None,
    degree: int = 3,
    seed: int = 0,
) -> KernelDistanceEstimate:
    """An unbiased estimate of the squared maximum mean discrepancy of two sets of features.

        MMD² = Σ_{i≠j} k(aᵢ, aⱼ) / s(s−1) + Σ_{i≠j} k(bᵢ, bⱼ) / s(s−1) − 2 Σ_{ij} k(aᵢ, bⱼ) / s²
        k(x, y) = (x·y / d + 1)^degree

    It is the mean over many random subsets of s samples, each drawn without replacement. Its
    expectation is the same for every s, and 0 for equal distributions, so values can be a little
    below 0. Subsets overlap, so their standard deviation over √subsets is not the standard error.
    If s = n = m, every subset has all samples: only one is computed, without a standard deviation.

    Args:
        features_a: Array `(n, d)` of finite numbers. Flatten images first.
        features_b: Array `(m, d)`, likewise.
        subsets: The number of subsets. Defaults to 100.
        subset_size: s, the number of samples of each set in a subset, at most min(n, m). Defaults
            to `None`: min(1000, n, m).
        degree: The degree of the kernel, at least 1. Defaults to 3, which compares means,
            covariances and skewness.
        seed: Integer that determines the subsets. Defaults to 0.

    Returns:
        A `KernelDistanceEstimate`.

    Raises:
        ValueError: If the arrays do not fit each other or hold NaN, or if a subset is larger than a
            set.

    Example:

    >>> a, b = np.random.default_rng(0).normal(size=(2, 500, 4))
    >>> print(kernel_distance(a, b + 1.0, subsets=10, subset_size=200))
    kernel distance 9.082 ± 1.1 (10 subsets of 200 from 500 and 500 samples)

    Reference: Bińkowski, Sutherland, Arbel and Gretton 2018, Demystifying MMD GANs,
    arXiv 1801.01401.
    """
    a, b = checked_pair(features_a, features_b)
    for name, value, least in (("subsets", subsets, 1), ("degree", degree, 1)):
        whole(name, value, least=least)
    if subset_size is None:
        subset_size = min(LARGEST_SUBSET, len(a), len(b))
    whole("subset_size", subset_size, least=2)
    if subset_size > min(len(a), len(b)):
        raise ValueError(
            f"A subset cannot be larger than a set; received subset_size={subset_size} for sets of "
            f"{len(a)} and {len(b)} samples: use more samples or a smaller subset_size."
        )
    of_all = subset_size == len(a) == len(b)
    rng = np.random.default_rng(seed)
    values = []
    for _ in progress.each(range(1 if of_all else subsets)):
        x, y = (each[rng.choice(len(each), subset_size, replace=False)] for each in (a, b))
        kernels = (polynomial_kernel(*pair, degree) for pair in ((x, x), (y, y), (x, y)))
        values.append(unbiased_mmd(*kernels))
    return KernelDistanceEstimate(
        mean=float(np.mean(values)),
        standard_deviation=math.nan if of_all else float(np.std(values)),
        subsets=len(values),
        subset_size=subset_size,
        n=len(a),
        m=len(b),
    )


def polynomial_kernel(x: np.ndarray, y: np.ndarray, degree: int) -> np.ndarray:
    """k(x, y) = (x·y / d + 1)^degree of all pairs, `(n, m)`."""
    base = x @ y.T / x.shape[1] + 1.0
    kernel = base.copy()
    for _ in range(degree - 1):  # ten times as fast as NumPy's power
        kernel *= base
    return kernel


def unbiased_mmd(aa: np.ndarray, bb: np.ndarray, ab: np.ndarray) -> float:
    """MMD² from the kernels within both sets, without their diagonals, and between them."""
    within = sum((k.sum() - np.trace(k)) / (len(k) * (len(k) - 1)) for k in (aa, bb))
    return float(within - 2 * ab.mean())
