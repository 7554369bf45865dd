"""Class labels: which networks take them, how many classes they know, which labels are allowed."""

import keras
import numpy as np

from keras_gan.layers.one_hot import OneHot


def takes_labels(network: keras.Model) -> bool:
    """Whether a network's second input is a class label, `(batch,)`.

    Args:
        network: A built `keras.Model`.

    Example:

    >>> import keras_gan as kg
    >>> takes_labels(kg.networks.mlp_generator(classes=3))
    True
    """
    shape = network.input_shape
    return isinstance(shape, list) and len(shape) == 2 and len(shape[1]) == 1


def classes_of(network: keras.Model) -> int | None:
    """How many classes a network knows, by its `kg.layers.OneHot`; `None` where it has none.

    Args:
        network: A built `keras.Model`.
    """
    layers = network._flatten_layers()
    return next((layer.classes for layer in layers if isinstance(layer, OneHot)), None)


def common_classes(*networks: keras.Model) -> int | None:
    """The number of classes that networks know; `None` where none of them says it.

    Raises:
        ValueError: Where they know different numbers.
    """
    known = {n.name: classes_of(n) for n in networks if classes_of(n) is not None}
    if len(set(known.values())) > 1:
        each = ", ".join(f"{name} {classes}" for name, classes in known.items())
        raise ValueError(f"The networks know different numbers of classes ({each}): give them one.")
    return next(iter(known.values()), None)


def with_labels(x, labels):
    """A network's input: x alone, or beside labels where there are some.

    Args:
        x: Tensor `(batch, ...)`.
        labels: Integer tensor `(batch,)` or `None`.

    Example:

    >>> with_labels("x", None), with_labels("x", "labels")
    ('x', ['x', 'labels'])
    """
    return x if labels is None else [x, labels]


def chosen_labels(labels, n: int, classes: int | None) -> np.ndarray:
    """The labels of n samples: as asked for, or all classes in turn, 0, 1, …, 0, 1, ….

    Args:
        labels: Integers `(n,)`, one for all, or `None`.
        n: How many samples.
        classes: How many classes there are; `None` where the networks do not say.

    Raises:
        ValueError: For labels of another number, other than whole, or out of range.

    Example:

    >>> chosen_labels(None, 5, classes=3), chosen_labels(2, 3, classes=3)
    (array([0, 1, 2, 0, 1], dtype=int32), array([2, 2, 2], dtype=int32))
    """
    if labels is None and classes is None:
        raise ValueError(
            "These networks do not say how many classes they know: pass labels=…, whole numbers, "
            "or build them with kg.layers.OneHot(classes)."
        )
    if labels is None:
        return (np.arange(n) % classes).astype("int32")
    given = np.asarray(labels)
    if given.ndim == 0:
        given = np.full(n, given)
    if given.shape != (n,):
        raise ValueError(
            f"labels must be one whole number, or {n} of them, one a sample; received an array of "
            f"shape {given.shape}."
        )
    return checked_labels(given, classes)


def checked_labels(labels, classes: int | None) -> np.ndarray:
    """Labels as an int32 array, once they are known to be whole and in range.

    Args:
        labels: Array `(n,)`.
        classes: How many classes there are; `None` where that is unknown.

    Raises:
        ValueError: Otherwise.
    """
    labels = np.asarray(labels)
    if not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"Labels must be whole numbers, one a sample; received {labels.dtype}. Of one-hot rows "
            f"take labels.argmax(-1); of whole numbers in another type, labels.astype('int32')."
        )
    outside = labels[(labels < 0) | (labels >= (2**31 if classes is None else classes))]
    if len(outside):
        allowed = "0 or more" if classes is None else f"in [0, {classes})"
        raise ValueError(
            f"Labels must be {allowed}, as the networks know them; received {outside.flat[0]}."
        )
    return labels.astype("int32")
