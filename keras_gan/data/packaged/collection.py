"""A labelled set of pictures, and the whole of one before its splits are taken apart."""

from __future__ import annotations

import dataclasses

import numpy as np

from keras_gan.data.label_vectors import indicators
from keras_gan.data.packaged.licences import in_words


@dataclasses.dataclass(frozen=True)
class Collection:
    """Pictures with several labels each, and where they come from.

    Args:
        images: uint8 array `(n, height, width, channels)`.
        labels: int32 arrays `(n,)` by the name of the label.
        classes: The names of the classes of each label, in the order of their numbers.
        licences: The licences of what was read, by package.

    Example:

    >>> x, hair = np.zeros((2, 8, 8, 3), "uint8"), np.array([1, 0], "int32")
    >>> two = Collection(x, {"hair": hair}, {"hair": ("bald", "curly")}, {"own": "CC0"})
    >>> len(two), two.named("hair"), two.indicators("hair").tolist(), two.licence
    (2, ['curly', 'bald'], [[0.0, 1.0], [1.0, 0.0]], 'CC0 (own)')
    """

    images: np.ndarray
    labels: dict[str, np.ndarray]
    classes: dict[str, tuple[str, ...]]
    licences: dict[str, str]

    def __len__(self) -> int:
        return len(self.images)

    @property
    def licence(self) -> str:
        """The licences in a line."""
        return in_words(self.licences)

    def named(self, label: str) -> list[str]:
        """The class of each picture by name.

        Args:
            label: The name of a label.

        Raises:
            ValueError: For a label that the set has not.
        """
        self._check(label)
        return [self.classes[label][number] for number in self.labels[label]]

    def indicators(self, *labels: str) -> np.ndarray:
        """The unit vectors of labels, one behind the other, by `kg.data.indicators`.

        Args:
            *labels: Names of labels. Defaults to all of them.

        Returns:
            float32 array `(n, sum of the numbers of classes)`: condition vectors for networks.

        Raises:
            ValueError: For a label that the set has not.
        """
        labels = labels or tuple(self.labels)
        for label in labels:
            self._check(label)
        columns = np.stack([self.labels[label] for label in labels], axis=1)
        return indicators(columns, [len(self.classes[label]) for label in labels])

    def _check(self, label: str) -> None:
        if label not in self.labels:
            known = ", ".join(map(repr, self.labels)) or "none"
            raise ValueError(f"There is no label {label!r}; allowed: {known}.")


@dataclasses.dataclass(frozen=True)
class Whole:
    """All of a data set, as it is kept in the cache.

    Args:
        images: uint8 array `(m, height, width, channels)`, each picture once.
        rows: int32 array `(n,)`: the picture of each entry. A picture may be in several places.
        labels: int32 arrays `(n,)` by the name of the label.
        classes: The names of the classes of each label.
        held_out: Boolean array `(n,)`: what is of the test split.
    """

    images: np.ndarray
    rows: np.ndarray
    labels: dict[str, np.ndarray]
    classes: dict[str, tuple[str, ...]]
    held_out: np.ndarray

    def taken(self, chosen: np.ndarray, licences: dict[str, str]) -> Collection:
        """Some entries, each picture once: at the first of its places.

        Args:
            chosen: Boolean array `(n,)`.
            licences: As in `Collection`.
        """
        entries = np.flatnonzero(chosen)
        entries = np.sort(entries[np.unique(self.rows[entries], return_index=True)[1]])
        labels = {name: values[entries] for name, values in self.labels.items()}
        return Collection(self.images[self.rows[entries]], labels, self.classes, licences)


def each_once(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Different pictures among some, in their order, and for each which of those it is.

    Example:

    >>> x = np.array([5, 3, 5], "uint8").reshape(3, 1, 1, 1)
    >>> [each.ravel().tolist() for each in each_once(x)]
    [[5, 3], [0, 1, 0]]
    """
    seen: dict[bytes, int] = {}
    rows = [seen.setdefault(each.tobytes(), len(seen)) for each in images]
    first = np.unique(rows, return_index=True)[1]
    return images[first], np.array(rows, np.int32)
