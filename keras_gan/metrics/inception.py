"""The inception score: whether a classifier is sure of each sample and sees all classes."""

import dataclasses

import numpy as np

from keras_gan.arguments import whole
from keras_gan.metrics.checks import checked_features
from keras_gan.metrics.results import Result


@dataclasses.dataclass(frozen=True, eq=False)
class InceptionScore(Result):
    """What `inception_score` found; `float(score)` is its `mean`.

    Args:
        mean: The mean of the splits' scores.
        standard_deviation: Their standard deviation, √ mean (score − mean)².
        splits: How many parts the samples were split into.
        samples: How many samples there were.
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
    """How sure a classifier is of each sample, and how evenly it sees all classes.

        score = exp E_x KL(p(y|x) ‖ E_x p(y|x))

    on each of several random parts of the samples; random, because samples often come in an order
    of their classes. Between 1, for samples that all look alike to the classifier, and the number
    of classes k. Real data are not compared with: a generator that repeats one sample a class has
    the best score of all.

    Args:
        probabilities: Array `(n, k)`, what the classifier makes of each sample; rows sum to 1.
        splits: The number of parts, at most n. Defaults to 10.
        seed: Integer that decides which sample is in which part. Defaults to 0.

    Raises:
        ValueError: For rows that are not probabilities, or more splits than samples.

    Reference: Salimans, Goodfellow, Zaremba, Cheung, Radford and Chen 2016, Improved Techniques for
    Training GANs, arXiv 1606.03498; its pitfalls: Barratt and Sharma 2018, A Note on the Inception
    Score, arXiv 1801.01973.

    Example:

    >>> print(inception_score(np.tile(np.eye(4), (25, 1)), splits=1))
    inception score 4 ± 0 (1 splits of 100 samples)
    """
    from scipy.special import rel_entr

    p = checked_features(probabilities, "probabilities")
    sums = p.sum(axis=1)
    if (p < 0).any() or np.abs(sums - 1).max() > 1e-2:
        worst = np.abs(sums - 1).argmax()
        raise ValueError(
            f"probabilities must be non-negative and sum to 1 in every row; received a smallest "
            f"value {p.min():.3g} and a row that sums to {sums[worst]:.4g}: of logits take "
            f"keras.ops.softmax first."
        )
    if whole("splits", splits) > len(p):
        raise ValueError(
            f"Every split needs a sample; received splits={splits} for {len(p)} samples."
        )
    p = np.random.default_rng(seed).permutation(p / sums[:, None])
    scores = [
        np.exp(rel_entr(part, part.mean(axis=0)).sum(axis=1).mean())
        for part in np.array_split(p, splits)
    ]
    return InceptionScore(float(np.mean(scores)), float(np.std(scores)), splits, len(p))
