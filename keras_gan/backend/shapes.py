"""Shapes with unknown axes."""

import contextlib

import keras
from keras import ops


def single_shape(shape):
    """Returns the shape of a network's only or first input or output."""
    several = shape and isinstance(shape[0], (list, tuple))
    return shape[0] if several else shape


def shapes_of(shape) -> list:
    """Returns the shapes of all inputs or outputs of a network."""
    several = shape and isinstance(shape[0], (list, tuple))
    return list(shape) if several else [shape]


def shapes_agree(a, b) -> bool:
    """Whether two shapes are equal on all axes that both know."""
    return len(a) == len(b) and all(
        m is None or n is None or m == n for m, n in zip(a, b, strict=True)
    )


def merged(*shapes) -> tuple:
    """Returns the shape with the size of each axis that one of several matching shapes knows.

    Example:

    >>> merged((None, None, 3), (16, None, 3))
    (16, None, 3)
    """
    axes = zip(*shapes, strict=True)
    return tuple(next((size for size in axis if size is not None), None) for axis in axes)


def made_shape(generator, given: tuple | None = None) -> tuple:
    """Returns the shape of one sample of a generator.

    If the generator does not say the whole shape, it makes one sample to find out.

    Args:
        generator: A built `keras.Model`.
        given: The shape of one input sample if it is not the network's input shape. Defaults to
            `None`.
    """
    made = tuple(single_shape(generator.output_shape)[1:])
    inputs = [tuple(shape[1:]) for shape in shapes_of(generator.input_shape)]
    if given is not None:
        inputs[0] = given
    if None not in made or any(None in shape for shape in inputs):
        return made
    dtypes = [each.dtype for each in getattr(generator, "inputs", None) or []]
    dtypes = dtypes or [keras.config.floatx()] * len(inputs)
    zeros = [ops.zeros((1, *s), dtype) for s, dtype in zip(inputs, dtypes, strict=True)]
    with contextlib.suppress(Exception), keras.StatelessScope():  # of networks that no trial fits
        output = generator(zeros if len(zeros) > 1 else zeros[0], training=False)
        made = tuple(keras.tree.flatten(output)[0].shape[1:])
    return made
