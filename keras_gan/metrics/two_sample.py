"""Two-sample tests: whether two sets of samples could come from one distribution."""

import dataclasses

import numpy as np

from keras_gan.arguments import amount, whole
from keras_gan.metrics.checks import checked_pair
from keras_gan.metrics.distances import distance_blocks
from keras_gan.metrics.results import Result

BANDWIDTH_SAMPLES = 1000
LANDMARKS = 100
EXACT_PAIRS = 10_000  # held-out pairs; with more, the exact rank test takes seconds


@dataclasses.dataclass(frozen=True, eq=False)
class TwoSampleTest(Result):
    """The result of a two-sample test; `print` shows statistic, p, sample sizes and verdict.

    Args:
        test: The test's name.
        statistic: Its value; a larger one means a larger difference.
        p_value: The probability of at least this statistic if both sets come from one distribution.
        n: The number of samples in the first set.
        m: The number of samples in the second set.

    Example:

    >>> test = TwoSampleTest("MMD test", statistic=0.2, p_value=0.01, n=100, m=100)
    >>> test.differs(), test.differs(level=0.001)
    (True, False)
    """

    test: str
    statistic: float
    p_value: float
    n: int
    m: int

    def differs(self, level: float = 0.05) -> bool:
        """Whether the test rejects a common distribution at a significance level.

        Args:
            level: The accepted probability of a false rejection, in (0, 1). Defaults to 0.05.

        Raises:
            ValueError: For a level outside (0, 1).
        """
        return self.p_value <= amount("level", level, above=0, below=1)

    def verdict(self, level: float = 0.05) -> str:
        """The verdict at a level, in words.

        Args:
            level: As in `differs`.
        """
        found = "the sets differ" if self.differs(level) else "no difference found"
        return f"{found} at level {level:g}"

    def __str__(self):
        return (
            f"{self.test}: statistic {self.statistic:.4g}, p = {self.p_value:.2g}, "
            f"n = {self.n} and {self.m}: {self.verdict()}"
        )


def mmd_test(
    a, b, *, permutations: int = 999, bandwidth: float | None = None, seed: int = 0
) -> TwoSampleTest:
    """Tests whether two sets differ, by the maximum mean discrepancy with a Gaussian kernel.

        MMD² = mean k(aᵢ, aⱼ), i≠j  +  mean k(bᵢ, bⱼ), i≠j  −  2 mean k(aᵢ, bⱼ)
        k(x, y) = exp(−‖x − y‖² / 2σ²)
        p = (1 + permutations of the pooled samples with at least this MMD²) / (1 + permutations)

    If both sets come from one distribution, P(p ≤ α) is at most α for any n, and exactly α if
    α (1 + permutations) is an integer and no two values tie. Time grows with
    (n + m)² (d + permutations), memory with (n + m) (1,000 + permutations).

    Args:
        a: Array `(n, d)` of independent samples. Flatten images first.
        b: Array `(m, d)`, likewise.
        permutations: The number of permutations; the smallest possible p is
            1 / (1 + permutations). Defaults to 999.
        bandwidth: σ, in the units of the samples. Defaults to `None`: the median distance between
            different samples, among at most 1,000 drawn from both sets.
        seed: Integer that determines the permutations. Defaults to 0.

    Returns:
        A `TwoSampleTest`.

    Raises:
        ValueError: If the arrays do not fit each other or hold NaN, or the bandwidth is not
            positive.

    Example:

    >>> a, b = np.random.default_rng(0).normal(size=(2, 100, 2))
    >>> print(mmd_test(a, b + 1.0))
    MMD test: statistic 0.1621, p = 0.001, n = 100 and 100: the sets differ at level 0.05

    Reference: Gretton, Borgwardt, Rasch, Schölkopf and Smola 2012, A Kernel Two-Sample Test,
    Journal of Machine Learning Research 13; 2008 as arXiv 0805.2368.

    Experiment: docs/results/two_sample_training.md.
    """
    a, b = checked_pair(a, b, ("a", "b"))
    whole("permutations", permutations)
    pooled, n = np.concatenate([a, b]), len(a)
    pooled -= np.median(pooled, axis=0)  # so that squared distances keep their digits
    rng = np.random.default_rng(seed)
    if bandwidth is None:
        bandwidth = median_distance(pooled[rng.permutation(len(pooled))[:BANDWIDTH_SAMPLES]])
    amount("bandwidth", bandwidth, above=0)
    in_first = np.arange(len(pooled)) < n
    labels = np.stack([in_first, *(rng.permutation(in_first) for _ in range(permutations))], axis=1)
    values = _labelled_mmd(pooled, labels.astype("float64"), bandwidth)
    as_large = np.count_nonzero(values[1:] >= values[0] - 1e-12)  # kernels are at most 1
    p = (1 + as_large) / (1 + permutations)
    return TwoSampleTest("MMD test", float(values[0]), float(p), n, len(b))


def _labelled_mmd(pooled: np.ndarray, labels: np.ndarray, bandwidth: float) -> np.ndarray:
    """The unbiased MMD² of the pooled samples for every column of labels.

    A label is 1 for a sample of the first set.

    Args:
        pooled: Array `(n + m, d)`.
        labels: Array `(n + m, P)` of zeros and ones, n ones in every column.
        bandwidth: σ.
    """
    within_first, between, everything = 0.0, 0.0, 0.0
    for rows, squared in distance_blocks(pooled):
        kernel = np.exp(-squared / (2 * bandwidth**2))  # 0 of a sample with itself
        to_first = kernel @ labels
        within_first += (labels[rows] * to_first).sum(axis=0)
        between += ((1 - labels[rows]) * to_first).sum(axis=0)
        everything += kernel.sum()
    n, m = labels[:, 0].sum(), (1 - labels[:, 0]).sum()
    within_second = everything - within_first - 2 * between
    return within_first / (n * (n - 1)) + within_second / (m * (m - 1)) - 2 * between / (n * m)


def median_distance(samples: np.ndarray) -> float:
    """The median distance between different samples; 1 if all are the same.

    Args:
        samples: Array `(n, d)`.
    """
    from scipy.spatial.distance import pdist

    distances = pdist(samples)
    distances = distances[distances > 0]
    return float(np.median(distances)) if distances.size else 1.0


def classifier_two_sample_test(a, b, *, classifier=None, seed: int = 0) -> TwoSampleTest:
    """Tests whether two sets differ, by whether a classifier separates held-out samples.

        statistic = fraction of held-out pairs (a, b) in which the classifier scores b higher

    A classifier is trained on a random half of each set. The statistic, the area under its ROC
    curve, is 1/2 in expectation if the sets do not differ and 1 if they are separate. p comes from
    the Mann-Whitney rank test on the held-out scores. Unlike accuracy, ranks give p in fine steps
    and allow unequal n and m.

    Args:
        a: Array `(n, d)` of independent samples, n ≥ 4. Flatten images first.
        b: Array `(m, d)`, likewise.
        classifier: A scikit-learn classifier with `fit` and `decision_function` or
            `predict_proba`; a clone of it is trained. Defaults to `None`: logistic regression on
            the Gaussian kernels between the standardized samples and 100 of them.
        seed: Integer that determines the halves and the default classifier. Defaults to 0.

    Returns:
        A `TwoSampleTest` whose n and m count all samples, training halves included.

    Raises:
        ValueError: If the arrays do not fit each other, hold NaN, or have fewer than four samples.

    Example:

    >>> a, b = np.random.default_rng(0).normal(size=(2, 100, 2))
    >>> print(classifier_two_sample_test(a, 2 * b))
    classifier test: statistic 0.7..., p = ..., n = 100 and 100: the sets differ at level 0.05

    Reference: Lopez-Paz and Oquab 2017, Revisiting Classifier Two-Sample Tests, arXiv 1610.06545.

    Experiment: docs/results/two_sample_training.md.
    """
    from scipy.stats import mannwhitneyu
    from sklearn.base import clone

    a, b = checked_pair(a, b, ("a", "b"))
    if min(len(a), len(b)) < 4:
        raise ValueError(
            f"The classifier test needs at least 4 samples per set, half of them for training; "
            f"received {len(a)} and {len(b)}."
        )
    rng = np.random.default_rng(seed)
    halves = [np.array_split(rng.permutation(each), 2) for each in (a, b)]
    (a_train, a_test), (b_train, b_test) = halves
    x = np.concatenate([a_train, b_train])
    classifier = _default_classifier(len(x), seed) if classifier is None else clone(classifier)
    classifier.fit(x, np.repeat([0, 1], [len(a_train), len(b_train)]))
    a_scores, b_scores = (_scores_for_second(classifier, each) for each in (a_test, b_test))
    pairs = len(a_test) * len(b_test)
    method = "auto" if pairs <= EXACT_PAIRS else "asymptotic"  # auto: exact for few, without ties
    found = mannwhitneyu(b_scores, a_scores, alternative="greater", method=method)
    area = found.statistic / pairs
    return TwoSampleTest("classifier test", float(area), float(found.pvalue), len(a), len(b))


def _default_classifier(samples: int, seed: int):
    """Logistic regression on Gaussian kernels: it detects shift and scale, in time linear in n."""
    from sklearn.kernel_approximation import Nystroem
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    kernels = Nystroem(n_components=min(LANDMARKS, samples), random_state=seed)
    return make_pipeline(StandardScaler(), kernels, LogisticRegression(max_iter=1000))


def _scores_for_second(classifier, samples: np.ndarray) -> np.ndarray:
    """The classifier's score for each sample, higher for the second set, `(n,)`."""
    if hasattr(classifier, "decision_function"):
        return classifier.decision_function(samples)
    return classifier.predict_proba(samples)[:, 1]
