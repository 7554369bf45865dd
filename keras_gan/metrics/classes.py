"""Which classes of labelled data appear among samples, as a classifier sees them."""

import dataclasses
from collections.abc import Callable

import numpy as np

from keras_gan.metrics.pixels import pixel_features

MOST_TRAINING_IMAGES = 5000
SHARE_OF_UNIFORM = 0.1


@dataclasses.dataclass(frozen=True)
class ClassCoverage:
    """What `class_coverage` found.

    Args:
        appearing: How many classes appear.
        total: How many there are.
        counts: The samples of each class.
        least: The samples a class needs in order to count as appearing.
    """

    appearing: int
    total: int
    counts: tuple[int, ...]
    least: int


def class_coverage(classes, total: int) -> ClassCoverage:
    """The classes that appear: those with at least a tenth of the uniform share of the samples.

    Args:
        classes: Integers `(n,)` in [0, total), the class of each sample.
        total: The number of classes.

    Example:

    >>> class_coverage([0, 0, 0, 1], total=3)
    ClassCoverage(appearing=2, total=3, counts=(3, 1, 0), least=1)
    """
    counts = np.bincount(np.asarray(classes), minlength=total)
    least = int(np.ceil(SHARE_OF_UNIFORM * len(classes) / total))
    return ClassCoverage(int((counts >= least).sum()), total, tuple(counts.tolist()), least)


def pixel_classifier(images, labels, seed: int = 0) -> tuple[Callable, float]:
    """A support vector machine on pixels, and its accuracy on real images it has not seen.

    A fifth of the images is held out; at most 5,000 of the others are trained on.

    Args:
        images: Array `(n, height, width, channels)` of real images.
        labels: Integers `(n,)`.
        seed: Integer that decides which images are held out.

    Returns:
        A function from images to integer classes `(n,)`, and the held-out accuracy in [0, 1].

    Example:

    >>> images = np.repeat([-1.0, 1.0], 20)[:, None, None, None] * np.ones((40, 4, 4, 1))
    >>> classify, accuracy = pixel_classifier(images, np.repeat([0, 1], 20))
    >>> classify(np.ones((2, 4, 4, 1))), accuracy
    (array([1, 1]), 1.0)
    """
    from sklearn.svm import SVC

    order = np.random.default_rng(seed).permutation(len(images))
    fifth = max(1, len(order) // 5)
    held_out, training = order[:fifth], order[fifth:][:MOST_TRAINING_IMAGES]
    features, _ = pixel_features(images)
    machine = SVC(C=10.0).fit(features[training], np.asarray(labels)[training])

    def classify(samples):
        return machine.predict(pixel_features(samples)[0])

    return classify, float(machine.score(features[held_out], np.asarray(labels)[held_out]))
