"""Networks of one's own as the field f of an ordinary differential equation."""

from keras import ops


def check_network(network, shape: tuple, condition_dim: int | None) -> None:
    """Builds a network of x, t and the condition, joined, or refuses it.

    Args:
        network: The Keras layer.
        shape: The shape of x.
        condition_dim: The length of the condition, `None` for none.

    Raises:
        ValueError: If it does not map them to the shape of x.
    """
    joined = (None, *shape[:-1], shape[-1] + 1 + (condition_dim or 0))
    if not network.built:
        network.build(joined)
    made = tuple(network.compute_output_shape(joined))[1:]
    if made != shape:
        raise ValueError(
            f"The network of an ODE must map x, t and the condition, joined to samples of "
            f"shape {joined[1:]}, to the shape of x, {shape}; it makes {made}."
        )


def with_time(x, t, condition=None):
    """x, t and the condition, joined along the last axis; t and the condition at every place.

    Args:
        x: Tensor `(batch, ..., channels)`.
        t: Tensor `(batch, 1)`, or of one number.
        condition: Tensor `(batch, c)`. Defaults to `None`: none.
    """
    beside, width = t, 1
    if condition is not None:
        t = ops.broadcast_to(t, (ops.shape(x)[0], 1))
        beside = ops.concatenate((t, condition), axis=1)
        width += condition.shape[1]
    beside = ops.reshape(beside, (-1, *(1 for _ in x.shape[1:-1]), width))
    beside = ops.broadcast_to(beside, (*ops.shape(x)[:-1], width))
    return ops.concatenate((x, beside), axis=-1)
