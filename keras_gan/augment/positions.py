"""Reads samples at other positions."""

import math

from keras import ops


def read(x, places):
    """The values of samples at places, each with all its channels.

    Args:
        x: Samples `(batch, *positions, channels)`, of known sizes but the batch.
        places: Whole numbers `(batch, count)`: which of the positions, in row-major order.

    Returns:
        Tensor `(batch, count, channels)`.

    Example:

    >>> x = ops.reshape(ops.arange(8.0), (1, 2, 2, 2))
    >>> ops.convert_to_numpy(read(x, ops.convert_to_tensor([[3, 0]]))).tolist()
    [[[6.0, 7.0], [0.0, 1.0]]]
    """
    *positions, channels = x.shape[1:]
    size, n = math.prod(positions), ops.shape(x)[0]
    start = ops.expand_dims(size * ops.arange(n, dtype="int32"), 1)
    rows = ops.reshape(ops.cast(places, "int32") + start, (-1,))
    # along the second axis: along the first TensorFlow's gradient would be sparse
    found = ops.take(ops.reshape(x, (1, -1, channels)), rows, axis=1)
    return ops.reshape(found, (-1, places.shape[1], channels))


def moved(x, shifts):
    """Samples moved by whole numbers of positions; what comes from outside is 0.

        y[i₁, i₂, …] = x[i₁ + t₁, i₂ + t₂, …], 0 outside

    Args:
        x: Samples `(batch, *positions, channels)`, of known sizes but the batch.
        shifts: t, whole numbers `(batch,)` for each axis of positions.

    Example:

    >>> x = ops.reshape(ops.arange(3.0), (1, 3, 1))
    >>> ops.convert_to_numpy(moved(x, [ops.convert_to_tensor([1])]))[0, :, 0].tolist()
    [1.0, 2.0, 0.0]
    """
    *positions, channels = x.shape[1:]
    places, inside = 0, True
    for axis, (size, shift) in enumerate(zip(positions, shifts, strict=True)):
        axes = [-1 if a == axis else 1 for a in range(len(positions))]
        i = ops.cast(ops.reshape(shift, (-1, 1)), "int32") + ops.arange(size, dtype="int32")
        i = ops.reshape(i, (-1, *(size if a == -1 else 1 for a in axes)))
        inside = ops.logical_and(inside, ops.logical_and(i >= 0, i < size))
        places = places * size + ops.clip(i, 0, size - 1)
    found = read(x, ops.reshape(places, (-1, math.prod(positions))))
    inside = ops.reshape(inside, (-1, math.prod(positions), 1))
    found = ops.where(inside, found, ops.zeros((), x.dtype))
    return ops.reshape(found, (-1, *positions, channels))


def whole_up_to(u, most):
    """Whole numbers uniform on 0, …, most, int32, of numbers uniform on [0, 1).

    Args:
        u: Tensor.
        most: Whole number, or an int32 scalar.

    Example:

    >>> ops.convert_to_numpy(whole_up_to(ops.convert_to_tensor([0.0, 0.5, 0.99]), 2)).tolist()
    [0, 1, 2]
    """
    found = ops.cast(ops.floor(u * ops.cast(most + 1, u.dtype)), "int32")
    return ops.minimum(found, most)  # the product may round up
