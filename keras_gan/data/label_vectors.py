"""Several class labels of a sample as one vector."""

from collections.abc import Sequence

import numpy as np

from keras_gan.arguments import whole


def indicators(labels, classes: int | Sequence[int]) -> np.ndarray:
    """The unit vectors of several labels of each sample, one behind the other.

        (y₁, …, y_k)  ↦  (e_{y₁}, …, e_{y_k})

    They are condition vectors for networks with `condition_dim=sum(classes)`, alone or beside other
    numbers, by `np.concatenate`. Where a sample may have any number of labels, an array of zeros
    and ones is such a vector already.

    Args:
        labels: Integers `(n, k)`, or `(n,)` for one label each.
        classes: How many classes each of the k labels has; one number for all.

    Returns:
        float32 array `(n, sum of classes)`.

    Raises:
        ValueError: For anything but whole numbers in [0, classes), or another number of classes
            than of labels.

    Example, of three colours and two sizes:

    >>> indicators([[2, 0], [0, 1]], classes=[3, 2]).tolist()
    [[0.0, 0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0, 1.0]]
    """
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu" or labels.ndim not in (1, 2):
        raise ValueError(
            f"labels must be whole numbers, (n, k) or (n,); received {labels.dtype} of shape "
            f"{labels.shape}: number the classes first, np.unique(labels, return_inverse=True)[1]."
        )
    columns = labels.reshape(len(labels), -1)
    sizes = list(classes) if isinstance(classes, (list, tuple)) else [classes] * columns.shape[1]
    if len(sizes) != columns.shape[1]:
        raise ValueError(
            f"classes must have one number for each of the {columns.shape[1]} labels of a sample; "
            f"received {len(sizes)}."
        )
    parts = []
    for i, size in enumerate(whole("classes", each) for each in sizes):
        outside = columns[(columns[:, i] < 0) | (columns[:, i] >= size), i]
        if len(outside):
            raise ValueError(
                f"Label {i + 1} of a sample must be in [0, {size}); received {outside[0]}."
            )
        parts.append(np.eye(size, dtype="float32")[columns[:, i]])
    return np.concatenate(parts, axis=1)
