"""Which networks take condition vectors: several numbers, or labels, at once."""

import keras

from keras_gan.backend.shapes import shapes_of
from keras_gan.networks._parts import CONDITION


def condition_dim_of(network: keras.Model) -> int | None:
    """How many numbers the condition vectors of a network have; `None` if it takes none.

    Such a vector is the second of two inputs, `(batch, d)`. One of d = 1 has the shape of a class
    label, which it is not if the input has the name "condition".

    Args:
        network: A built `keras.Model`.

    Example:

    >>> import keras_gan as kg
    >>> condition_dim_of(kg.networks.mlp_generator(condition_dim=3))
    3
    >>> condition_dim_of(kg.networks.mlp_generator(classes=3)) is None
    True
    """
    shapes = shapes_of(network.input_shape)
    if len(shapes) != 2 or len(shapes[1]) != 2 or not shapes[1][1]:
        return None
    dim = shapes[1][1]
    return dim if dim > 1 or network.inputs[1].name == CONDITION else None


def common_condition_dim(*networks: keras.Model) -> int | None:
    """The length of the condition vectors that all networks take; `None` if they take none.

    Args:
        networks: Built `keras.Model`s with a second input, or all without.

    Raises:
        ValueError: If the lengths differ, or if one takes labels instead.
    """
    known = {network.name: condition_dim_of(network) for network in networks}
    if len(set(known.values())) > 1:
        each = ", ".join(
            f"{name} takes {'class labels' if dim is None else f'vectors of {dim} numbers'}"
            for name, dim in known.items()
        )
        raise ValueError(
            f"The networks must take the same conditions, but {each}: build all of them with the "
            f"same condition_dim=…, or with classes=…."
        )
    return next(iter(known.values()))


def takes_whole_numbers(*networks: keras.Model) -> bool:
    """Whether the condition vectors of all networks are of integers, such as numbers of classes.

    Args:
        networks: Built `keras.Model`s that take condition vectors.
    """
    dtypes = [keras.backend.standardize_dtype(network.inputs[1].dtype) for network in networks]
    return all("int" in dtype for dtype in dtypes)
