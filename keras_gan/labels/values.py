"""Which labels are allowed."""

import numpy as np

from keras_gan.labels.conversion import label_advice


def chosen_labels(labels, n: int, classes: int | None, limit: int | None = None) -> np.ndarray:
    """Returns the labels of n samples: the given ones, or all classes in turn, 0, 1, …, 0, 1, ….

    Args:
        labels: Integers `(n,)`, one integer for all, or `None`.
        n: The number of samples.
        classes: The number of classes; `None` if the networks do not say it.
        limit: If `classes` is `None`, labels must be below this number. Defaults to `None`: any
            labels.

    Raises:
        ValueError: If the labels are not n whole numbers, or out of range.

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
    given = _whole_numbers(labels)
    if given.ndim == 0:
        given = np.full(n, given)
    if given.shape == (n, 1):
        given = given[:, 0]
    if given.ndim > 1:
        raise ValueError(f"Labels must be whole numbers, one per sample; {label_advice(labels)}")
    if given.shape != (n,):
        raise ValueError(
            f"labels must be one whole number, or {n} of them, one per sample; received an array "
            f"of shape {given.shape}."
        )
    return checked_labels(given, classes if classes is not None else limit)


def in_turn(labels, n: int) -> np.ndarray | None:
    """Returns as many labels or condition vectors as there are samples, the given ones in turn.

    Args:
        labels: Array `(m,)` or `(m, d)`, or `None`, which is returned.
        n: The number of samples.

    Example:

    >>> in_turn([2, 0, 1], 5).tolist()
    [2, 0, 1, 2, 0]
    """
    if labels is None:
        return None
    labels = np.asarray(labels)
    return np.resize(labels, (n, *labels.shape[1:])) if labels.size else labels


def checked_labels(labels, limit: int | None) -> np.ndarray:
    """Checks that labels are whole numbers in range, and returns them as an int32 array.

    Args:
        labels: Array `(n,)`.
        limit: Labels must be below this number, such as the number of classes; `None` if unknown.

    Raises:
        ValueError: If they are not.

    Example:

    >>> checked_labels([0, 2], limit=3)
    array([0, 2], dtype=int32)
    """
    labels = _whole_numbers(labels)
    outside = labels[(labels < 0) | (labels >= (2**31 if limit is None else limit))]
    if len(outside):
        allowed = "0 or more" if limit is None else f"in [0, {limit})"
        raise ValueError(
            f"Labels must be {allowed}, as the networks know them; received {outside.flat[0]}."
        )
    return labels.astype("int32")


def _whole_numbers(labels) -> np.ndarray:
    """Returns labels as an array of whole numbers, of any shape.

    Raises:
        ValueError: For any other object; the message says how to make labels of it.
    """
    if np.ma.is_masked(labels):
        raise ValueError(
            f"Labels must all be known; received {int(np.ma.getmaskarray(labels).sum())} masked "
            f"ones: leave such samples out, x[~labels.mask] and labels.compressed()."
        )
    try:
        values = np.asarray(labels)
    except (ValueError, TypeError):
        values = np.empty((), object)
    if values.dtype.kind not in "iu" or (values.ndim == 0 and hasattr(labels, "toarray")):
        raise ValueError(f"Labels must be whole numbers, one per sample; {label_advice(labels)}")
    return values
