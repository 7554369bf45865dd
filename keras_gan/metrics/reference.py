"""Real samples for scores, in two disjoint halves, so that real can be compared with real."""

import dataclasses
import math

import numpy as np

from keras_gan.backend.shapes import shapes_agree
from keras_gan.files.limits import check_memory

AT_ONCE = 2**22  # bytes that are read at a time


@dataclasses.dataclass(frozen=True)
class Reference:
    """Two disjoint random halves of real samples.

    Args:
        first: Array `(n, ...)`, or `kg.data`'s `Levels` of images that are held as bytes.
        second: Likewise.
        labels: Integers `(2n,)`, the classes of the first and then of the second half. Defaults to
            `None`: no labels.
        classes: The number of classes in the whole data set. Defaults to 0, for no labels.
    """

    first: np.ndarray
    second: np.ndarray
    labels: np.ndarray | None = None
    classes: int = 0

    @property
    def n(self) -> int:
        """The number of samples in a half."""
        return len(self.first)

    @property
    def samples(self) -> np.ndarray:
        """Both halves."""
        return np.concatenate([self.first, self.second])

    def check(self, scale) -> None:
        """Refuses samples that are not on a `Scale`; warns of some that leave it a little."""
        ends = [(half.min(), half.max()) for half in (self.first, self.second)]
        lowest, highest = min(low for low, _ in ends), max(high for _, high in ends)
        told = False
        for half in (self.first, self.second):
            told = scale.check(half, lambda: (lowest, highest, True), told=told)


def draw_reference(dataset, most: int, seed: int, labelled: bool = False) -> Reference:
    """Draws two halves of real samples, as large as possible, without repetition.

    Args:
        dataset: A data set of `kg.data.load`, of known length, or a float32 array of samples.
        most: The most samples in a half.
        seed: Integer that determines which samples.
        labelled: Whether the elements are pairs of a sample and a class. Defaults to `False`.

    Raises:
        ValueError: For fewer than four samples, or a data set of unknown length.
    """
    count = count_of(dataset)
    n = min(count // 2, most)
    if n < 2:
        raise ValueError(f"The data set has {count} samples; scores need at least 4.")
    held = getattr(dataset, "held", None)
    if held is not None:  # as bytes: these samples stay in memory while a model trains
        from keras_gan.data.levels import Levels

        needed = 2 * n * math.prod(held.columns[0].shape[1:])
        check_memory(f"{2 * n:,} samples", needed, "take fewer")
        chosen = _chosen(count, 2 * n, seed)
        halves = (Levels(held.columns[0].taken(rows)) for rows in (chosen[:n], chosen[n:]))
        return Reference(*halves, *(_labels_of(held, chosen) if labelled else ()))
    samples, labels, classes = draw(dataset, 2 * n, seed, labelled)
    return Reference(samples[:n], samples[n:], labels, classes)


def count_of(dataset) -> int:
    """The number of samples in an array or a data set of `kg.data.load`.

    Raises:
        ValueError: If it is unknown.
    """
    count = len(dataset) if isinstance(dataset, np.ndarray) else int(dataset.cardinality())
    if count < 0:
        raise ValueError(
            "Scores need a data set of single samples and known length, as kg.data.load(…) returns "
            "it: pass it without .repeat() and .filter(), and not from a generator."
        )
    return count


def draw(dataset, n: int, seed: int, labelled: bool = False) -> tuple:
    """Draws n different samples of a data set in random order, in one pass.

    Args:
        dataset: A data set of `kg.data.load`, or an array, with at least n samples.
        n: The number of samples.
        seed: Integer that determines the samples and their order.
        labelled: Whether the elements are pairs of a sample and a class. Defaults to `False`.

    Returns:
        A float32 array `(n, ...)`; the labels `(n,)` or `None`; the number of classes in the whole
        data set, or 0 without labels.

    Raises:
        ValueError: For a data set of unknown length, or more samples than memory holds.
    """
    count = count_of(dataset)
    chosen = _chosen(count, n, seed)
    if isinstance(dataset, np.ndarray):
        return dataset[chosen], None, 0
    shape = (dataset.element_spec[0] if labelled else dataset.element_spec).shape
    needed = 4 * n * math.prod(length or 1 for length in shape)
    check_memory(f"{n:,} samples of shape {tuple(shape)}", needed, "take fewer")
    samples = np.empty((n, *shape), "float32")
    at_once = max(1, min(1024, AT_ONCE * n // max(1, needed)))
    held = getattr(dataset, "held", None)
    if held is None:
        return samples, *_read(dataset, chosen, samples, at_once, labelled)
    for start in range(0, n, at_once):
        samples[start : start + at_once] = held.taken(chosen[start : start + at_once])
    return samples, *(_labels_of(held, chosen) if labelled else (None, 0))


def _chosen(count: int, n: int, seed: int) -> np.ndarray:
    """The numbers of n samples among `count`, in random order."""
    return np.random.default_rng(seed).permutation(count)[:n]


def _labels_of(held, chosen: np.ndarray) -> tuple[np.ndarray, int]:
    """The labels of some samples, and the number of classes among all."""
    labels = held.columns[1].taken(slice(None))
    return labels[chosen].astype(int), int(labels.max()) + 1


def _read(dataset, chosen: np.ndarray, samples: np.ndarray, at_once: int, labelled: bool) -> tuple:
    """Writes samples of a data set into an array, in one pass; returns labels and classes."""
    from keras_gan.data.options import untuned

    place = np.full(count_of(dataset), -1)
    place[chosen] = np.arange(len(chosen))
    labels, start, classes = np.empty(len(chosen), int), 0, 0
    for batch in dataset.batch(at_once).with_options(untuned()).as_numpy_iterator():
        x, y = batch if labelled else (batch, None)
        rows = place[start : start + len(x)]
        samples[rows[rows >= 0]] = x[rows >= 0]
        if labelled:
            labels[rows[rows >= 0]] = y[rows >= 0]
            classes = max(classes, int(y.max()) + 1)
        start += len(x)
    return labels if labelled else None, classes


def reference_of(real, samples: int, seed: int) -> Reference:
    """Two halves of anything that `kg.data.load` takes or returns; a `Reference` as it is."""
    if isinstance(real, Reference):
        return real
    if not hasattr(real, "element_spec"):
        from keras_gan.data import arrays, load

        if hasattr(real, "__array__"):  # this needs no TensorFlow
            return draw_reference(arrays.in_memory(real, value_range=None), samples, seed)
        real = load(real, value_range=None)
    return draw_reference(real, samples, seed, labelled=isinstance(real.element_spec, tuple))


def fitted(reference: Reference, shape: tuple) -> Reference:
    """The real samples in the shape of a model's samples; grey images get a channel axis.

    Args:
        reference: The real samples.
        shape: The shape of one of the model's samples.

    Raises:
        ValueError: For real samples of another shape.
    """
    real = reference.first.shape[1:]
    if shape is not None and shapes_agree((*real, 1), shape):
        halves = (half[..., None] for half in (reference.first, reference.second))
        return dataclasses.replace(reference, **dict(zip(("first", "second"), halves, strict=True)))
    if shape is None or not shapes_agree(real, shape):
        raise ValueError(
            f"Evaluation compares samples of one shape; the model generates {shape}, but the real "
            f"samples are {real}: pass real samples of that shape."
        )
    return reference
