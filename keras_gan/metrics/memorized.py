"""Whether generated samples are copies of the training data."""

import dataclasses

import numpy as np

from keras_gan.metrics import progress
from keras_gan.metrics.checks import checked_pair
from keras_gan.metrics.distances import BLOCK, middle, nearest, smallest
from keras_gan.metrics.results import Result


@dataclasses.dataclass(frozen=True, eq=False)
class Memorization(Result):
    """The result of `memorization`.

    Args:
        ratio: The median distance of generated samples to their nearest training sample, divided by
            that of held-out samples: 1 for a perfect model, 0 if at least half of the samples are
            copies; NaN if at least half of the held-out samples are copies.
        closer: The probability, in [0, 1], that a generated sample is closer to the training data
            than a held-out one, where a tie counts half: ½ for a perfect model, 1 if all samples
            are copies.
        z: The rank statistic in its own standard deviations: standard normal for a perfect model,
            negative for copies, positive for samples farther away than held-out ones.
        p_value: The probability of a z as low as this for a perfect model.
        training: The number of training samples.
        held_out: The number of held-out samples.
        samples: The number of generated samples.
    """

    ratio: float
    closer: float
    z: float
    p_value: float
    training: int
    held_out: int
    samples: int

    def __str__(self):
        return (
            f"distance ratio {self.ratio:.3f}, closer than held-out {self.closer:.3f} (z = "
            f"{self.z:.2f}, p = {self.p_value:.2g}; {self.samples} generated and {self.held_out} "
            f"held-out against {self.training} training samples)"
        )


def memorization(training, held_out, samples) -> Memorization:
    """Whether samples lie closer to the training data than other data of their kind do.

        ratio  = median over samples y of r(y) / median over held-out x of r(x)
        closer = P(r(y) < r(x)) + ½ P(r(y) = r(x)),   r(a) = min over training t of ‖a − t‖
        z      = (U − nm / 2) / √(nm (n + m + 1) / 12),   U = (1 − closer) n m

    where n and m count samples and held-out samples, and the variance of the rank statistic U of
    Mann and Whitney is corrected for ties. Copies make z negative. Samples that are blurred, or
    otherwise unlike the data, lie farther away and can hide copies among them: read it beside a
    score of quality. Distances are computed as in `precision_recall`.

    Ours differs from the paper's data-copying test, which has the opposite order of differences
    and averages z over the cells of a clustering: it is that test with a single cell.

    Args:
        training: Array `(t, d)` of features of the samples that the model was trained on.
        held_out: Array `(m, d)` of features of real samples that it was not trained on.
        samples: Array `(n, d)` of features of generated samples.

    Returns:
        A `Memorization`.

    Raises:
        ValueError: For arrays that are not two-dimensional, of different d, with NaN or infinite
            values, or of fewer than two samples.

    Example, in which half of the samples are copies:

    >>> rng = np.random.default_rng(0)
    >>> training, held_out, samples = rng.normal(size=(3, 200, 4))
    >>> samples[:100] = training[:100]
    >>> found = memorization(training, held_out, samples)
    >>> found.closer > 0.7, found.p_value < 1e-6
    (True, True)

    Reference: Meehan, Chaudhuri and Dasgupta 2020, A Non-Parametric Test to Detect Data-Copying in
    Generative Models, arXiv 2004.05675.
    """
    known, others = checked_pair(training, held_out, ("training", "held_out"))
    known, fakes = checked_pair(known, samples, ("training", "samples"))
    center = middle(known, others)
    centred = known - center
    distances = []
    for each, scope in zip((fakes, others), progress.parts([len(fakes), len(others)]), strict=True):
        with scope:
            distances.append(np.sqrt(nearest(each, centred, center, BLOCK)[1]))
    median, usual = (float(np.median(each)) for each in distances)
    closer, z, p_value = _ranked(*distances)
    return Memorization(
        ratio=median / usual if usual > 0 else float("nan"),
        closer=closer,
        z=z,
        p_value=p_value,
        training=len(known),
        held_out=len(others),
        samples=len(fakes),
    )


def authenticity(training, samples) -> float:
    """The fraction of samples that are no noisy copies of a training sample.

        A = mean over samples y of  [ ‖y − t‖ > min over other training t′ of ‖t − t′‖ ],
        t = the nearest training sample of y

    A sample is authentic if its nearest training sample has a nearer neighbour of its own kind.
    For samples of the data's own distribution A is the probability that nearest neighbours are not
    mutual: 1/3 on a line, 0.38 in the plane, up to ½ in many dimensions; for copies it is 0. It
    grows towards 1 for samples that are unlike the data, so more is not better: compare it with the
    A of held-out samples in place of `samples`. As in the authors' code, a tie counts as a copy.
    Distances are computed as in `precision_recall`. `kg.callbacks.Evaluation` takes it as
    `kg.metrics.Score("authenticity", kg.metrics.authenticity, better="max")`, of training data.

    Args:
        training: Array `(t, d)` of features of the samples that the model was trained on.
        samples: Array `(n, d)` of features of generated samples.

    Returns:
        A, in [0, 1].

    Raises:
        ValueError: As `memorization`.

    Example, a copy, a noisy copy and an authentic sample:

    >>> authenticity([[0.0], [1.0], [2.0], [3.0]], [[1.0], [2.1], [5.0]])
    0.333...

    Reference: Alaa, van Breugel, Saveliev and van der Schaar 2022, How Faithful is your Synthetic
    Data? Sample-level Metrics for Evaluating and Auditing Generative Models, arXiv 2102.08921.
    """
    known, fakes = checked_pair(training, samples, ("training", "samples"))
    center = middle(known, fakes)
    centred = known - center
    of_known, between = progress.parts([len(known), len(fakes)])
    with of_known:
        gaps = smallest(centred, [1], BLOCK)[:, 0]
    with between:
        indices, squared = nearest(fakes, centred, center, BLOCK)
    return float(np.mean(squared > gaps[indices]))


def _ranked(fakes: np.ndarray, others: np.ndarray) -> tuple[float, float, float]:
    """The rank test of two sets of numbers: P(fakes < others), z, and the p-value of a low z."""
    from scipy.special import ndtr
    from scipy.stats import rankdata

    n, m = len(fakes), len(others)
    ranks = rankdata(np.concatenate([fakes, others]))
    u = ranks[:n].sum() - n * (n + 1) / 2
    ties = np.unique(ranks, return_counts=True)[1].astype("float64")
    total = n + m
    variance = n * m / 12 * (total + 1 - (ties**3 - ties).sum() / (total * (total - 1)))
    z = float((u - n * m / 2) / np.sqrt(variance)) if variance > 0 else 0.0
    return float(1 - u / (n * m)), z, float(ndtr(z))
