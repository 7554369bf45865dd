"""GAN-train and GAN-test: what classifiers learn from generated samples, and say of them."""

import dataclasses
from collections.abc import Callable

import numpy as np

from keras_gan.data.levels import as_samples
from keras_gan.metrics.classifiers import convolutional_classifier, pixel_classifier
from keras_gan.metrics.results import Result


@dataclasses.dataclass(frozen=True, eq=False)
class GanTrainTest(Result):
    """The result of `gan_train_test_accuracy`; all accuracies lie in [0, 1].

    Args:
        gan_train: The accuracy, on held-out real samples, of a classifier trained on generated
            ones. It falls with lost modes and with bad samples.
        gan_test: The accuracy, on generated samples, of a classifier trained on real ones. It falls
            with bad samples, and not with lost modes. Above `real`, samples may be copies.
        real: The accuracy, on held-out real samples, of a classifier trained on real ones.
        training: The number of real training samples.
        held_out: The number of held-out real samples.
        samples: The number of generated samples.
    """

    gan_train: float
    gan_test: float
    real: float
    training: int
    held_out: int
    samples: int

    def __str__(self):
        return (
            f"GAN-train {self.gan_train:.4f}, GAN-test {self.gan_test:.4f}, real {self.real:.4f} "
            f"({self.samples} generated, {self.training} training and {self.held_out} held-out "
            f"samples)"
        )


def gan_train_test_accuracy(
    training,
    labels,
    held_out,
    held_out_labels,
    samples,
    sample_labels,
    *,
    classifier: Callable | None = None,
    seed: int = 0,
) -> GanTrainTest:
    """The accuracies of classifiers trained on generated samples, and tested on them.

        GAN-train = accuracy on held-out samples of a classifier trained on generated samples
        GAN-test  = accuracy on generated samples of a classifier trained on real samples

    and, to compare both with, the accuracy of the latter classifier on held-out samples. GAN-train
    measures how good and how varied the samples of each class are together, as a recall; GAN-test
    how good they are, as a precision. Generate as many samples as there are training samples: more
    of them teach more.

    Args:
        training: Array `(t, ...)` of real samples: images `(t, height, width, channels)` in
            [-1, 1], or vectors, such as features, `(t, d)`.
        labels: Integers `(t,)`, their classes, at least two different ones.
        held_out: Array `(m, ...)` of real samples that the model was not trained on.
        held_out_labels: Integers `(m,)`, their classes.
        samples: Array `(n, ...)` of generated samples.
        sample_labels: Integers `(n,)`, the classes for which they were generated.
        classifier: A function `(samples, labels, seed=…)` that trains, and returns a pair of which
            the first is a function from samples to classes. Defaults to
            `kg.metrics.convolutional_classifier` for images and `kg.metrics.pixel_classifier` for
            others.
        seed: Integer for the classifiers. Defaults to 0.

    Returns:
        A `GanTrainTest`.

    Raises:
        ValueError: For sets of different shapes, other labels than one whole number per sample, a
            single class, and as the classifier.

    Example, where the model has learnt both classes, but one of them in half of its places:

    >>> rng = np.random.default_rng(0)
    >>> def points(centres, n=100):
    ...     return np.concatenate([centre + rng.normal(size=(n, 2)) / 9 for centre in centres])
    >>> real = [(0, 0), (4, 4), (0, 4), (4, 0)]
    >>> y = np.repeat([0, 0, 1, 1], 100)
    >>> fake = points(real[:3])
    >>> found = gan_train_test_accuracy(points(real), y, points(real), y, fake, y[:300])
    >>> found.gan_train < 0.9 < found.gan_test, found.real
    (True, 1.0)

    Reference: Shmelkov, Schmid and Alahari 2018, How good is my GAN?, arXiv 1807.09499.
    """
    real, others, fakes = (as_samples(each) for each in (training, held_out, samples))
    sets = {"training": real, "held_out": others, "samples": fakes}
    shapes = {name: each.shape for name, each in sets.items()}
    if real.ndim < 2 or len({shape[1:] for shape in shapes.values()}) > 1:
        raise ValueError(f"All sets need samples of one shape (n, ...); received shapes {shapes}.")
    real_labels = _checked(labels, real, "labels", classes=2)
    other_labels = _checked(held_out_labels, others, "held_out_labels")
    fake_labels = _checked(sample_labels, fakes, "sample_labels", classes=2)
    if classifier is None:
        classifier = convolutional_classifier if real.ndim == 4 else pixel_classifier
    taught_by_fakes = classifier(fakes, fake_labels, seed=seed)[0]
    taught_by_real = classifier(real, real_labels, seed=seed)[0]

    def accuracy(classify, x, y):
        return float(np.mean(np.asarray(classify(x)) == y))

    return GanTrainTest(
        gan_train=accuracy(taught_by_fakes, others, other_labels),
        gan_test=accuracy(taught_by_real, fakes, fake_labels),
        real=accuracy(taught_by_real, others, other_labels),
        training=len(real),
        held_out=len(others),
        samples=len(fakes),
    )


def _checked(labels, samples: np.ndarray, name: str, classes: int = 1) -> np.ndarray:
    """Labels as an array of whole numbers, one per sample, of at least so many classes."""
    labels = np.asarray(labels)
    if labels.shape != (len(samples),) or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"{name} must be whole numbers, one for each of {len(samples)} samples; received "
            f"shape {labels.shape} of type {labels.dtype}."
        )
    if len(np.unique(labels)) < classes:
        raise ValueError(
            f"A classifier needs at least {classes} classes; {name} has "
            f"{len(np.unique(labels))}: generate samples of all classes."
        )
    return labels
