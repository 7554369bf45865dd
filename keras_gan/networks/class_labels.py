"""Which networks take class labels, and how many classes they have."""

import keras

from keras_gan.layers.one_hot import OneHot
from keras_gan.networks.analysis.lookups import limits_behind
from keras_gan.networks.conditions import condition_dim_of


def takes_labels(network: keras.Model) -> bool:
    """Whether a network's second input is a class label, `(batch,)` or `(batch, 1)`.

    Args:
        network: A built `keras.Model`.

    Example:

    >>> import keras_gan as kg
    >>> takes_labels(kg.networks.mlp_generator(classes=3))
    True
    """
    shape = network.input_shape
    is_pair = isinstance(shape, list) and len(shape) == 2 and is_label(shape[1])
    return is_pair and condition_dim_of(network) is None


def is_label(shape: tuple) -> bool:
    """Whether a shape, with the batch, is that of class labels: `(batch,)` or `(batch, 1)`."""
    return len(shape) == 1 or tuple(shape[1:]) == (1,)


def classes_of(network: keras.Model) -> int | None:
    """The number of classes of a network's `kg.layers.OneHot`; `None` without such a layer.

    Args:
        network: A built `keras.Model`.
    """
    layers = network._flatten_layers()
    return next((layer.classes for layer in layers if isinstance(layer, OneHot)), None)


def common_classes(*networks: keras.Model) -> int | None:
    """The number of classes that all networks share; `None` if none of them has a `OneHot` layer.

    Args:
        networks: Built `keras.Model`s.

    Raises:
        ValueError: If the numbers differ.
    """
    known = {n.name: classes_of(n) for n in networks if classes_of(n) is not None}
    if len(set(known.values())) > 1:
        each = ", ".join(f"{name} {classes}" for name, classes in known.items())
        raise ValueError(
            f"The networks have different numbers of classes ({each}): build all of them with "
            f"the same one."
        )
    return next(iter(known.values()), None)


def limit_of(network: keras.Model) -> int | None:
    """The number below which a network's labels must stay; `None` if unknown.

    The tables in which the network looks labels up tell it, such as a `keras.layers.Embedding`.

    Args:
        network: A built `keras.Model`.

    Example:

    >>> z, label = keras.Input((3,)), keras.Input((), dtype="int32")
    >>> embedded = keras.layers.Embedding(10, 3)(label)
    >>> limit_of(keras.Model([z, label], z * embedded))
    10
    """
    if not takes_labels(network):
        return None
    return min(limits_behind(network, network.inputs[1]).values(), default=None)


def common_limit(*networks: keras.Model) -> int | None:
    """The number below which labels must stay for all networks; `None` if unknown.

    Args:
        networks: Built `keras.Model`s.

    Raises:
        ValueError: If it is less than the number of classes of one of them.
    """
    classes = common_classes(*networks)
    known = {n.name: limit_of(n) for n in networks if limit_of(n) is not None}
    limit = min(known.values(), default=None)
    if classes is not None and limit is not None and limit < classes:
        least = min(known, key=known.get)
        raise ValueError(
            f"The networks have different numbers of classes ({classes}, and {least} {limit}): "
            f"build all of them with the same one."
        )
    return classes if classes is not None else limit


def with_labels(x, labels):
    """A network's input: x alone, or x and its labels.

    Args:
        x: Tensor `(batch, ...)`.
        labels: Integer tensor `(batch,)`, condition vectors `(batch, d)`, or `None` for x alone.

    Example:

    >>> with_labels("x", None), with_labels("x", "labels")
    ('x', ['x', 'labels'])
    """
    return x if labels is None else [x, labels]
