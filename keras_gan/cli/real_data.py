"""The real samples that a run trains on and is scored against."""

import dataclasses
import pathlib

import numpy as np

from keras_gan.cli.settings import Settings


def located(settings: Settings) -> Settings:
    """The settings with an absolute path where the data set is a file or a folder."""
    from keras_gan.data import DATASETS

    path = pathlib.Path(settings.dataset)
    if settings.dataset in DATASETS or not path.exists():
        return settings
    return dataclasses.replace(settings, dataset=str(path.resolve()))


def open_dataset(settings: Settings, labels: bool = False):
    """The training split as a `tf.data.Dataset` of single samples.

    Args:
        settings: `dataset` and `image_size` count.
        labels: Whether the elements are pairs with a class.

    Raises:
        ValueError: As `kg.data.load`.
    """
    from keras_gan.data import load

    is_array = settings.dataset.endswith(".npy")
    source = np.load(settings.dataset, allow_pickle=False) if is_array else settings.dataset
    return load(source, split="train", image_size=settings.image_size, labels=labels)


def open_reference(settings: Settings) -> "Reference":
    """The real samples that scores compare with; with labels where the data set has some.

    Args:
        settings: `dataset`, `image_size`, `score_samples` and `seed` count.

    Raises:
        ValueError: As `draw_reference`.
    """
    try:
        dataset, labelled = open_dataset(settings, labels=True), True
    except ValueError:  # a data set without labels
        dataset, labelled = open_dataset(settings), False
    return draw_reference(dataset, settings.score_samples, settings.seed, labelled)


@dataclasses.dataclass(frozen=True)
class Reference:
    """Two disjoint random halves of real samples.

    Args:
        first: Array `(n, ...)`.
        second: Array `(n, ...)`.
        labels: Integers `(2n,)`, the classes of both halves in turn, or `None`.
        classes: The number of classes in the whole data set; 0 without labels.
    """

    first: np.ndarray
    second: np.ndarray
    labels: np.ndarray | None
    classes: int

    @property
    def n(self) -> int:
        """The number of samples in a half."""
        return len(self.first)

    @property
    def samples(self) -> np.ndarray:
        """Both halves."""
        return np.concatenate([self.first, self.second])


def draw_reference(dataset, most: int, seed: int, labelled: bool) -> Reference:
    """Takes as many real samples as there are, at most `most` a half, without repetition.

    Args:
        dataset: What `kg.data.load` returned, of known length.
        most: The most samples in a half.
        seed: Integer that decides which.
        labelled: Whether the elements are pairs with a class.

    Raises:
        ValueError: For fewer than four samples, of which no two halves have a covariance.
    """
    count = int(dataset.cardinality())
    n = min(count // 2, most)
    if n < 2:
        raise ValueError(f"The data set has {count} samples; at least 4 are needed for scores.")
    chosen = np.random.default_rng(seed).permutation(count)[: 2 * n]
    place = np.full(count, -1)
    place[chosen] = np.arange(2 * n)
    shape = (dataset.element_spec[0] if labelled else dataset.element_spec).shape
    samples, labels = np.empty((2 * n, *shape), "float32"), np.empty(2 * n, int)
    start, classes = 0, 0
    for batch in dataset.batch(1024).as_numpy_iterator():
        x, y = batch if labelled else (batch, None)
        rows = place[start : start + len(x)]
        samples[rows[rows >= 0]] = x[rows >= 0]
        if labelled:
            labels[rows[rows >= 0]] = y[rows >= 0]
            classes = max(classes, int(y.max()) + 1)
        start += len(x)
    return Reference(samples[:n], samples[n:], labels if labelled else None, classes)
