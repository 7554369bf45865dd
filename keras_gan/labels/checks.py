"""Checks of labels before the first step."""

import dataclasses

import keras
import numpy as np

from keras_gan.data.checks import check_data, first_batch
from keras_gan.labels import checked_labels, label_advice


def check_labelled_data(
    x, y, sample_shape: tuple, limit: int | None, schedule=None, batch_size: int | None = None
):
    """Checks training data of pairs (samples, labels), as `check_data` checks samples alone.

    Args:
        x: The first argument of `fit`.
        y: The second: the labels, if x is an array.
        sample_shape: The shape of one sample.
        limit: Labels must be below this number; `None` if the networks do not say it.
        schedule: As in `check_data`.
        batch_size: As in `check_data`.

    Returns:
        The pair that was checked, or `None` if the data cannot be read here.

    Raises:
        ValueError: As in `check_data`, and for labels that are missing or not allowed.
    """
    found = checked_pair(x, y, sample_shape, schedule, batch_size)
    if found is None:
        return None
    samples, batch = found
    labels = labels_of(batch)
    if len(labels) != len(samples):
        raise ValueError(
            f"Every sample needs one label; received {len(samples)} samples and {len(labels)} "
            f"labels."
        )
    return samples, checked_labels(labels, limit)


def checked_pair(x, y, sample_shape: tuple, schedule, batch_size: int | None) -> tuple | None:
    """Checks the samples of pairs; what stands beside them is the caller's to check.

    Args:
        x: The first argument of `fit`.
        y: The second, if x is an array.
        sample_shape: The shape of one sample.
        schedule: As in `check_data`.
        batch_size: As in `check_data`.

    Returns:
        The samples and the batch of the pair, or `None` if the data cannot be read here.

    Raises:
        ValueError: As in `check_data`, and for batches of other parts.
    """
    samples = check_data(x, sample_shape, schedule, batch_size)
    if samples is None:
        return None
    batch = (x, y) if y is not None else first_batch(x)
    check_parts(batch, labelled=True)
    return samples, batch


@dataclasses.dataclass(frozen=True)
class LabelRange:
    """The range of labels, checked in every batch as a `Scale` checks samples.

    Args:
        limit: Labels must be below this number.
    """

    limit: int
    made = None  # by no network

    def check(
        self,
        labels: np.ndarray,
        extremes_of_all=None,
        where: str = "",
        later: bool = False,
        told: bool = False,
    ) -> bool:
        """Refuses labels out of range, as `Scale.check` refuses samples; returns `told`.

        Raises:
            ValueError: If a label is out of range.
        """
        outside = labels[(labels < 0) | (labels >= self.limit)]
        if outside.size:
            raise ValueError(
                f"Labels must be in [0, {self.limit}), as the networks know them; received "
                f"{outside.flat[0]}{where}."
            )
        return told

    def bounds(self, labels: np.ndarray) -> tuple[float, float]:
        """Returns the interval in which further labels need no check."""
        return 0.0, self.limit - 1.0

    def within(self, low: float, high: float) -> bool:
        """Returns `False`: the extremes of samples do not say anything about labels."""
        return False

    def warn(self, labels: np.ndarray) -> None:
        """Does nothing: labels in range need no warning."""


def check_parts(data, labelled: bool, buildable: bool = False) -> None:
    """Refuses parts of a batch, beside samples or samples and labels, that would be ignored.

    Args:
        data: A batch of Keras: x, or a tuple (x, y, weights) of which all but the first may be
            `None` or missing.
        labelled: Whether the model takes labels.
        buildable: Whether the model would take labels if its networks did. Defaults to `False`.

    Raises:
        ValueError: For labels if the model does not take any, sample weights, and further parts.
    """
    parts = data[1:] if isinstance(data, (tuple, list)) else ()
    surplus = [i for i, part in enumerate(parts) if part is not None and (i > 0 or not labelled)]
    if not surplus:
        return
    names = ["labels" if labelled or buildable else "y", "weights"]
    received = " and ".join(names[i] if i < 2 else f"a part {i + 2}" for i in surplus)
    if labelled:
        raise ValueError(
            f"This model takes pairs (samples, labels); received {received} beside them, which no "
            f"loss uses: leave that out, in a data set with "
            f"dataset.map(lambda x, y, *rest: (x, y))."
        )
    choice = ", or build both networks with classes=… to use labels" if buildable else ""
    raise ValueError(
        f"This model takes samples alone; received {received} beside them: leave that out, as "
        f"in model.fit(x), or in a data set with dataset.map(lambda x, *rest: x){choice}."
    )


def labels_of(data):
    """Returns the labels `(batch,)` in a batch of Keras, the second of `(x, labels)`.

    Raises:
        ValueError: For data without labels, or labels of another shape or type.
    """
    labels = data[1] if isinstance(data, (tuple, list)) and len(data) > 1 else None
    if labels is None:
        raise ValueError(
            "These networks take labels, so data are pairs of arrays (samples, labels): "
            "model.fit(x, labels), or a data set such as kg.data.load(name, labels=True)."
        )
    if not _is_whole_array(labels):
        raise ValueError(f"Labels must be whole numbers, (batch,); {label_advice(labels)}")
    if getattr(labels.shape, "rank", 1) is None:  # in Keras's relaxed function; checked before
        labels = keras.ops.reshape(labels, (-1,))
    if len(labels.shape) == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if len(labels.shape) != 1:
        raise ValueError(f"Labels must be whole numbers, (batch,); {label_advice(labels)}")
    return labels


def _is_whole_array(labels) -> bool:
    """Whether labels are an array or a tensor of one or more whole numbers."""
    if not hasattr(labels, "dtype") or not hasattr(labels, "shape"):
        return False
    if any(hasattr(labels, mark) for mark in ("toarray", "row_splits", "dense_shape")):
        return False
    dtype = getattr(labels.dtype, "name", None) or str(labels.dtype).split(".")[-1]
    return dtype.lower().startswith(("int", "uint")) and _tuple_of(labels.shape) != ()


def _tuple_of(shape) -> tuple | None:
    """Returns a shape as a tuple, or `None` if its rank is unknown."""
    return None if getattr(shape, "rank", 0) is None else tuple(shape)
