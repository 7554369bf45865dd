"""Classes by name."""

from collections.abc import Sequence

import numpy as np

from keras_gan.arguments import unknown_name


def numbered(labels, names: Sequence[str]):
    """The numbers of classes that are named; anything but names is returned as it is.

    Args:
        labels: A name, a list or array of names, or anything else.
        names: The names, in the order of the numbers; none if classes have no names.

    Raises:
        ValueError: For a name that is none of them.

    Example:

    >>> numbered("dog", ["cat", "dog"]), numbered(["dog", "cat"], ["cat", "dog"]), numbered(1, [])
    (1, [1, 0], 1)
    """
    if isinstance(labels, np.ndarray) and labels.dtype.kind == "U":
        labels = labels.tolist()
    is_list = isinstance(labels, (list, tuple)) and len(labels) > 0
    if not (isinstance(labels, str) or (is_list and all(isinstance(x, str) for x in labels))):
        return labels
    if not names:
        return labels  # refused with advice by the checks of numbers
    return [_number(each, names) for each in labels] if is_list else _number(labels, names)


def _number(name: str, names: Sequence[str]) -> int:
    if name not in names:
        raise unknown_name("class", name, names)
    return list(names).index(name)
