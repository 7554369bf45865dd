"""The inception score."""

import dataclasses

import numpy as np

from keras_gan.arguments import whole
from keras_gan.metrics.checks import checked_features
from keras_gan.metrics.results import Result


@dataclasses.dataclass(frozen=True, eq=False)
class InceptionScore(Result):
    """The result of `inception_score`; `float(score)` is its `mean`.

    Args:
        mean: The mean of the scores of all splits.
        standard_deviation: Their standard deviation, √ mean (score − mean)².
        splits: The number of splits.
        samples: The number of samples.
    """

    mean: float
    standard_deviation: float
    splits: int
    samples: int

    def __float__(self):
        return self.mean

    def __str__(self):
        return (
            f"inception score {self.mean:.4g} ± {self.standard_deviation:.2g} "
            f"({self.splits} splits of {self.samples} samples)"
        )


def inception_score(probabilities, *, splits: int = 10, seed: int = 0) -> InceptionScore:
    """The inception score: high if a classifier is sure of each sample and finds all classes.

        score = exp E_x KL(p(y|x) ‖ E_x p(y|x))

    The score is the mean over several splits of the samples. The splits are random, because samples
    are often sorted by class. It lies between 1, if all samples look alike to the classifier, and
    the number of classes k. It does not compare with real data: a generator that repeats one sample
    per class has the best possible score.

    Args:
        probabilities: Array `(n, k)`, the classifier's probabilities for each sample; rows sum
            to 1.
        splits: The number of splits, at most n. Defaults to 10.
        seed: Integer that determines the splits. Defaults to 0.

    Returns:
        An `InceptionScore`.

    Raises:
        ValueError: For rows that are not probabilities, or more splits than samples.

    Example:

    >>> print(inception_score(np.tile(np.eye(4), (25, 1)), splits=1))
    inception score 4 ± 0 (1 splits of 100 samples)

    Reference: Salimans, Goodfellow, Zaremba, Cheung, Radford and Chen 2016, Improved Techniques for
    Training GANs, arXiv 1606.03498; its pitfalls: Barratt and Sharma 2018, A Note on the Inception
    Score, arXiv 1801.01973.
    """
    from scipy.special import rel_entr

    p = checked_features(probabilities, "probabilities")
    sums = p.sum(axis=1)
    if (p < 0).any() or np.abs(sums - 1).max() > 1e-2:
        worst = np.abs(sums - 1).argmax()
        raise ValueError(
            f"probabilities must be at least 0 and sum to 1 in every row; received values from "
            f"{p.min():.3g} on, and a row that sums to {sums[worst]:.4g}: apply keras.ops.softmax "
            f"to logits first."
        )
    if whole("splits", splits) > len(p):
        raise ValueError(
            f"Each split needs at least one sample; received splits={splits} for {len(p)} samples."
        )
    p = np.random.default_rng(seed).permutation(p / sums[:, None])
    scores = [
        np.exp(rel_entr(part, part.mean(axis=0)).sum(axis=1).mean())
        for part in np.array_split(p, splits)
    ]
    return InceptionScore(float(np.mean(scores)), float(np.std(scores)), splits, len(p))
