"""Shapes with unknown axes."""


def single_shape(shape):
    """The shape of a network's only or first input or output."""
    several = shape and isinstance(shape[0], (list, tuple))
    return shape[0] if several else shape


def shapes_of(shape) -> list:
    """The shapes of all inputs or outputs of a network."""
    several = shape and isinstance(shape[0], (list, tuple))
    return list(shape) if several else [shape]


def shapes_agree(a, b) -> bool:
    """Whether two shapes are equal where both are known."""
    return len(a) == len(b) and all(
        m is None or n is None or m == n for m, n in zip(a, b, strict=True)
    )
