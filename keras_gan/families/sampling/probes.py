"""What the latent vectors of an encoder know of classes that it was trained without."""

import dataclasses

import numpy as np

from keras_gan.families.datasets import open_dataset

HELD_OUT = 5  # one training sample in so many is a test sample of data without a test split
SEED = 0


@dataclasses.dataclass(frozen=True)
class Splits:
    """Real samples with their classes: some to learn from, and others.

    Args:
        samples: Array `(n, ...)`.
        labels: Integers `(n,)`.
        tests: Array `(m, ...)` of other samples.
        test_labels: Integers `(m,)`.
        name: What the others are.
    """

    samples: np.ndarray
    labels: np.ndarray
    tests: np.ndarray
    test_labels: np.ndarray
    name: str


def probes(generator, settings) -> dict | None:
    """Accuracies on test samples of what is told by E(x), the latent vectors of training samples.

    Under `pixels` stands what the samples' own numbers tell; `None` for data without classes.

    Args:
        generator: A `kg.Generator` with an encoder.
        settings: The run's: data set and image size.
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

    Of data without a test split a fifth of the training split, by a fixed permutation, serves.

    Args:
        settings: `dataset` and `image_size` count.
    """
    from keras_gan.data import load

    try:
        samples, labels = arrays(open_dataset(settings, labels=True))
    except ValueError:  # a data set without labels
        return None
    try:
        test = load(settings.dataset, "test", settings.image_size, labels=True)
    except ValueError:  # a data set without such a split
        order = np.random.default_rng(SEED).permutation(len(samples))
        tests, rest = np.split(order, [len(samples) // HELD_OUT])
        held_out = samples[tests], labels[tests]
        return Splits(samples[rest], labels[rest], *held_out, "training images held out")
    return Splits(samples, labels, *arrays(test), "test images")


def arrays(dataset) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of a data set."""
    batches = list(dataset.batch(1024).as_numpy_iterator())
    samples, labels = zip(*batches, strict=True)
    return np.concatenate(samples), np.concatenate(labels)
