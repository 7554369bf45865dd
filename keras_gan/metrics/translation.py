"""Whether translated images keep their labels."""

from collections.abc import Callable

import numpy as np


def label_preservation(translated, labels, classify: Callable) -> float:
    """The fraction of translated images that keep their label, according to a classifier.

        1/n #{i : classify(G(xᵢ)) = label of xᵢ}

    A translator that maps each class to another one can fool the discriminators as well as one that
    keeps the classes; this metric tells them apart. Report with it the same fraction for the
    untranslated images, and the classifier's accuracy on real images of the target domain.

    Args:
        translated: Array `(n, ...)` of translated images.
        labels: Integers `(n,)`, the classes of the images that were translated.
        classify: A function from images of the target domain to their classes, integers `(n,)`,
            such as `convolutional_classifier` or `pixel_classifier` returns.

    Raises:
        ValueError: Without images, or if there is not one label and one class per image.

    Example, with a classifier that reads the class from a pixel:

    >>> images = np.array([0, 1, 1, 3])[:, None, None, None] * np.ones((4, 2, 2, 1))
    >>> label_preservation(images, [0, 1, 2, 3], lambda images: images[:, 0, 0, 0])
    0.75
    """
    translated, labels = np.asarray(translated), np.asarray(labels)
    if not len(translated) or labels.shape != (len(translated),):
        raise ValueError(
            f"label_preservation needs at least one translated image, and one label per image; "
            f"received {len(translated)} images and labels of shape {labels.shape}."
        )
    seen = np.asarray(classify(translated))
    if seen.shape != labels.shape:
        raise ValueError(
            f"The classifier must return one class per image, shape {labels.shape}; received "
            f"{seen.shape}: of probabilities (n, k) take the argmax."
        )
    return float(np.mean(seen == labels))
