"""Which classes of labelled data appear among samples, as a classifier sees them."""

import dataclasses
from collections.abc import Callable

import numpy as np

from keras_gan.arguments import whole
from keras_gan.metrics.modes import divergence_from_uniform
from keras_gan.metrics.results import Result

SHARE_OF_UNIFORM = 0.1


@dataclasses.dataclass(frozen=True, eq=False)
class ClassCoverage(Result):
    """What `class_coverage` found.

    Args:
        appearing: How many classes appear.
        total: How many there are.
        counts: The samples of each class.
        least: The samples a class needs in order to count as appearing.
        kl: KL(classes of the samples ‖ uniform) in nats: 0 for even shares, log(total) for a
            single class.
    """

    appearing: int
    total: int
    counts: tuple[int, ...]
    least: int
    kl: float


def class_coverage(classes, total: int) -> ClassCoverage:
    """The classes that appear: those with at least a tenth of the uniform share of the samples.

    Args:
        classes: Integers `(n,)` in [0, total), the class of each sample.
        total: The number of classes.

    Raises:
        ValueError: For anything but a list of whole numbers in that range, with one at least.

    Example:

    >>> class_coverage([0, 0, 0, 1], total=3)
    ClassCoverage(appearing=2, total=3, counts=(3, 1, 0), least=1, kl=0.536...)
    """
    classes = np.asarray(classes)
    if classes.ndim != 1 or not classes.size or not np.issubdtype(classes.dtype, np.integer):
        raise ValueError(
            f"classes must be whole numbers (n,), one a sample; received shape {classes.shape} of "
            f"type {classes.dtype}: of probabilities (n, k) take the argmax."
        )
    if classes.min() < 0 or classes.max() >= whole("total", total):
        raise ValueError(
            f"classes must lie in [0, {total}), for there are {total} of them; received "
            f"{classes.min()} to {classes.max()}."
        )
    counts = np.bincount(classes, minlength=total)
    least = int(np.ceil(SHARE_OF_UNIFORM * len(classes) / total))
    return ClassCoverage(
        appearing=int((counts >= least).sum()),
        total=total,
        counts=tuple(counts.tolist()),
        least=least,
        kl=divergence_from_uniform(counts),
    )


def stacked_classes(classify: Callable, images) -> np.ndarray:
    """The class 100 r + 10 g + b of images that stack three digits as red, green and blue.

    Args:
        classify: A function from images `(n, height, width, 1)` of single digits to their classes,
            integers `(n,)` in [0, 10).
        images: Array `(n, height, width, 3)`.

    Returns:
        Integers `(n,)` in [0, 1000), to be counted by `class_coverage(classes, 1000)`.

    Raises:
        ValueError: For arrays of another shape.

    Reference: Srivastava, Valkov, Russell, Gutmann and Sutton 2017, VEEGAN: Reducing Mode Collapse
    in GANs using Implicit Variational Learning, arXiv 1705.07761.

    Example, with a classifier that reads the digit off a pixel:

    >>> images = np.full((2, 8, 8, 3), [7, 0, 4])
    >>> stacked_classes(lambda digits: digits[:, 0, 0, 0], images)
    array([704, 704])
    """
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[-1] != 3:
        raise ValueError(
            f"Stacked digits are images (n, height, width, 3), a digit in each channel; received "
            f"shape {images.shape}."
        )
    red, green, blue = (np.asarray(classify(images[..., i : i + 1])) for i in range(3))
    return 100 * red + 10 * green + blue
