"""What is wrong with labels, before the first step."""

import dataclasses

import keras
import numpy as np

from keras_gan.data.checks import check_data, first_batch
from keras_gan.labels import checked_labels, label_advice


def check_labelled_data(
    x, y, sample_shape: tuple, limit: int | None, schedule=None, batch_size: int | None = None
):
    """Looks at training data of pairs (samples, labels), as `check_data` does at samples alone.

    Returns:
        The pair that was looked at, or `None` where none can be.

    Args:
        x: The first argument of `fit`.
        y: The second: the labels, where x is an array.
        sample_shape: The shape of one sample.
        limit: The number that labels stay below; `None` where the networks do not say.
        schedule: As in `check_data`.
        batch_size: As in `check_data`.

    Raises:
        ValueError: As `check_data`, and for labels that are missing or not allowed.
    """
    samples = check_data(x, sample_shape, schedule, batch_size)
    if samples is None:
        return None
    batch = (x, y) if y is not None else first_batch(x)
    check_parts(batch, labelled=True)
    labels = labels_of(batch)
    if len(labels) != len(samples):
        raise ValueError(
            f"Every sample needs one label; received {len(samples)} samples and {len(labels)} "
            f"labels."
        )
    return samples, checked_labels(labels, limit)


@dataclasses.dataclass(frozen=True)
class LabelRange:
    """Where labels may lie: what a `Scale` is for samples, at every batch on its way to a step.

    Args:
        limit: The number that they stay below.
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
            ValueError: If there is any.
        """
        outside = labels[(labels < 0) | (labels >= self.limit)]
        if outside.size:
            raise ValueError(
                f"Labels must be in [0, {self.limit}), as the networks know them; received "
                f"{outside.flat[0]}{where}."
            )
        return told

    def bounds(self, labels: np.ndarray) -> tuple[float, float]:
        """The interval within which further labels need no look."""
        return 0.0, self.limit - 1.0

    def within(self, low: float, high: float) -> bool:
        """Whether extremes of samples tell of labels: they do not."""
        return False

    def warn(self, labels: np.ndarray) -> None:
        """Labels in range are right."""


def check_parts(data, labelled: bool, buildable: bool = False) -> None:
    """Refuses what stands beside samples, or samples and labels, and would be left aside.

    Args:
        data: A batch as Keras hands it over: x, or a tuple (x, y, weights) of which all but the
            first may be `None` or missing.
        labelled: Whether the game takes labels.
        buildable: Whether it would, if its networks did.

    Raises:
        ValueError: For labels of a game that takes none, weights of samples, and further parts.
    """
    parts = data[1:] if isinstance(data, (tuple, list)) else ()
    surplus = [i for i, part in enumerate(parts) if part is not None and (i > 0 or not labelled)]
    if not surplus:
        return
    names = ["labels" if labelled or buildable else "y", "weights"]
    received = " and ".join(names[i] if i < 2 else f"a part {i + 2}" for i in surplus)
    if labelled:
        raise ValueError(
            f"This game takes pairs (samples, labels); received {received} beside them, for which "
            f"no loss has a place: leave that out, in a data set by "
            f"dataset.map(lambda x, y, *rest: (x, y))."
        )
    choice = ", or build both networks with classes=… to use labels" if buildable else ""
    raise ValueError(
        f"This game takes samples alone; received {received} beside them: leave that out, "
        f"gan.fit(x), in a data set by dataset.map(lambda x, *rest: x){choice}."
    )


def labels_of(data):
    """The labels `(batch,)` among what Keras hands over: the second of `(x, labels)`.

    Raises:
        ValueError: For data without labels, or labels of another shape or type.
    """
    labels = data[1] if isinstance(data, (tuple, list)) and len(data) > 1 else None
    if labels is None:
        raise ValueError(
            "These networks take labels, so data are pairs of arrays (samples, labels): "
            "gan.fit(x, labels), or a data set such as kg.data.load(name, labels=True)."
        )
    if not _is_whole_array(labels):
        raise ValueError(f"Labels must be whole numbers, (batch,); {label_advice(labels)}")
    if getattr(labels.shape, "rank", 1) is None:  # of Keras's relaxed function, looked at before
        labels = keras.ops.reshape(labels, (-1,))
    if len(labels.shape) == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if len(labels.shape) != 1:
        raise ValueError(f"Labels must be whole numbers, (batch,); {label_advice(labels)}")
    return labels


def _is_whole_array(labels) -> bool:
    """Whether labels are an array or a tensor of whole numbers, one or more."""
    if not hasattr(labels, "dtype") or not hasattr(labels, "shape"):
        return False
    if any(hasattr(labels, mark) for mark in ("toarray", "row_splits", "dense_shape")):
        return False
    dtype = getattr(labels.dtype, "name", None) or str(labels.dtype).split(".")[-1]
    return dtype.lower().startswith(("int", "uint")) and _tuple_of(labels.shape) != ()


def _tuple_of(shape) -> tuple | None:
    """A shape as a tuple; `None` for one of unknown rank."""
    return None if getattr(shape, "rank", 0) is None else tuple(shape)
