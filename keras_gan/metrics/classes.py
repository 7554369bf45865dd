"""The classes of labelled data that appear among samples, according to a classifier."""

import dataclasses
from collections.abc import Callable

import numpy as np

from keras_gan.arguments import whole
from keras_gan.metrics.modes import divergence_from_uniform
from keras_gan.metrics.results import Result

FRACTION_OF_UNIFORM = 0.1


@dataclasses.dataclass(frozen=True, eq=False)
class ClassCoverage(Result):
    """The result of `class_coverage`.

    Args:
        appearing: The number of classes that appear.
        total: The number of classes.
        counts: The number of samples in each class.
        least: The number of samples from which on a class counts as appearing.
        kl: KL(classes of the samples ‖ uniform) in nats: 0 if all classes are equally frequent,
            log(total) for a single class.
    """

    appearing: int
    total: int
    counts: tuple[int, ...]
    least: int
    kl: float


def class_coverage(classes, total: int) -> ClassCoverage:
    """Counts the classes that appear: with at least a tenth of n / total samples.

    Args:
        classes: Integers `(n,)` in [0, total), the class of each sample.
        total: The number of classes.

    Returns:
        A `ClassCoverage`.

    Raises:
        ValueError: For anything but at least one whole number in that range.

    Example:

    >>> class_coverage([0, 0, 0, 1], total=3)
    ClassCoverage(appearing=2, total=3, counts=(3, 1, 0), least=1, kl=0.536...)
    """
    classes = np.asarray(classes)
    if classes.ndim != 1 or not classes.size or not np.issubdtype(classes.dtype, np.integer):
        raise ValueError(
            f"classes must be whole numbers (n,), one per sample; received shape {classes.shape} "
            f"of type {classes.dtype}: of probabilities (n, k) take the argmax."
        )
    if classes.min() < 0 or classes.max() >= whole("total", total):
        raise ValueError(
            f"classes must lie in [0, {total}), since total={total}; received values from "
            f"{classes.min()} to {classes.max()}."
        )
    counts = np.bincount(classes, minlength=total)
    least = int(np.ceil(FRACTION_OF_UNIFORM * len(classes) / total))
    return ClassCoverage(
        appearing=int((counts >= least).sum()),
        total=total,
        counts=tuple(counts.tolist()),
        least=least,
        kl=divergence_from_uniform(counts),
    )


def stacked_classes(classify: Callable, images) -> np.ndarray:
    """The classes 100 r + 10 g + b of images that show three digits as red, green and blue.

    Args:
        classify: A function from images `(n, height, width, 1)` of single digits to their classes,
            integers `(n,)` in [0, 10).
        images: Array `(n, height, width, 3)`.

    Returns:
        Integers `(n,)` in [0, 1000), for `class_coverage(classes, 1000)`.

    Raises:
        ValueError: For arrays of another shape.

    Example, with a classifier that reads the digit from a pixel:

    >>> images = np.full((2, 8, 8, 3), [7, 0, 4])
    >>> stacked_classes(lambda digits: digits[:, 0, 0, 0], images)
    array([704, 704])

    Reference: Srivastava, Valkov, Russell, Gutmann and Sutton 2017, VEEGAN: Reducing Mode Collapse
    in GANs using Implicit Variational Learning, arXiv 1705.07761.
    """
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[-1] != 3:
        raise ValueError(
            f"Stacked digits are images (n, height, width, 3), one digit per channel; received "
            f"shape {images.shape}."
        )
    red, green, blue = (np.asarray(classify(images[..., i : i + 1])) for i in range(3))
    return 100 * red + 10 * green + blue
