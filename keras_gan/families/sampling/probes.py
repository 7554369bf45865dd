"""Probes: what an encoder's latent vectors tell about classes that it has never seen."""

import dataclasses

import numpy as np

from keras_gan.families.datasets import open_dataset, open_test_split

HELD_OUT = 5  # without a test split, every fifth training sample is a test sample
SEED = 0


@dataclasses.dataclass(frozen=True)
class Splits:
    """Real samples with their classes: training samples and test samples.

    Args:
        samples: Training samples, array `(n, ...)`.
        labels: Their classes, integers `(n,)`.
        tests: Test samples, array `(m, ...)`.
        test_labels: Their classes, integers `(m,)`.
        name: What the test samples are, in words.
    """

    samples: np.ndarray
    labels: np.ndarray
    tests: np.ndarray
    test_labels: np.ndarray
    name: str


def probes(generator, settings) -> dict | None:
    """Accuracies on test samples of classifiers of the latent vectors E(x).

    `pixels` holds the accuracies of the same classifiers on the samples themselves.

    Args:
        generator: A `kg.Generator` with an encoder.
        settings: The run's settings: data set and image size.

    Returns:
        Plain values, or `None` for data without classes.
    """
    from keras_gan.metrics import linear_probe_accuracy, nearest_neighbour_accuracy

    splits = labelled_splits(settings)
    if splits is None:
        return None

    def told_by(accuracy, features) -> float:
        known, tests = features(splits.samples), features(splits.tests)
        return accuracy(known, splits.labels, tests, splits.test_labels)

    return {
        "samples": len(splits.samples),
        "test_samples": len(splits.tests),
        "test_data": splits.name,
        "nearest_neighbour_accuracy": told_by(nearest_neighbour_accuracy, generator.encode),
        "linear_probe_accuracy": told_by(linear_probe_accuracy, generator.encode),
        "pixels": {"nearest_neighbour_accuracy": told_by(nearest_neighbour_accuracy, flat)},
    }


def flat(samples: np.ndarray) -> np.ndarray:
    """Samples as vectors, `(n, d)`."""
    return samples.reshape(len(samples), -1)


def labelled_splits(settings) -> Splits | None:
    """Training and test samples with their classes; `None` for data without classes.

    Without a test split, a fixed random fifth of the training split is held out.

    Args:
        settings: The run's settings, of which `dataset` and `image_size` count.
    """
    try:
        samples, labels = arrays(open_dataset(settings, labels=True))
    except ValueError:  # a data set without labels
        return None
    test = open_test_split(settings, labels=True)
    if test is None:
        order = np.random.default_rng(SEED).permutation(len(samples))
        tests, rest = np.split(order, [len(samples) // HELD_OUT])
        held_out = samples[tests], labels[tests]
        return Splits(samples[rest], labels[rest], *held_out, "training images held out")
    return Splits(samples, labels, *arrays(test), "test images")


def arrays(dataset) -> tuple[np.ndarray, np.ndarray]:
    """All samples and labels of a data set, as two arrays."""
    batches = list(dataset.batch(1024).as_numpy_iterator())
    samples, labels = zip(*batches, strict=True)
    return np.concatenate(samples), np.concatenate(labels)
