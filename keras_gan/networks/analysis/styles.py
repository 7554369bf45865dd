"""Generators that map z to styles w, and their samples of other styles than those of z."""

import keras
from keras import ops

from keras_gan.arguments import amount
from keras_gan.backend.precision import at_least_float32

PARTS = ("mapping", "mean_of_w", "synthesis")  # the names of their layers


def missing_parts(network: keras.Model) -> list[str]:
    """The parts that a generator would need for styles, but does not have, by name.

    Args:
        network: A `keras.Model`.

    Example:

    >>> import keras_gan as kg
    >>> missing_parts(kg.networks.mlp_generator())
    ['mapping', 'mean_of_w', 'synthesis']
    """
    names = {layer.name for layer in getattr(network, "layers", ())}
    return [name for name in PARTS if name not in names]


def style_dim(network: keras.Model) -> int | None:
    """The number of components of w; `None` for a generator that has no styles.

    Args:
        network: A `keras.Model`.
    """
    if missing_parts(network):
        return None
    return int(network.get_layer("synthesis").input_shape[-1])


def moved_samples(network: keras.Model, inputs, by):
    """The samples of w + v in place of w = mapping(z), in inference mode.

    Args:
        network: A generator without `missing_parts`.
        inputs: What it takes, z or [z, labels].
        by: v, a tensor `(batch, d)`.
    """
    w = network.get_layer("mapping")(inputs, training=False)
    return _synthesised(network, w + ops.cast(by, w.dtype))


def truncated_samples(network: keras.Model, inputs, truncation: float):
    """The samples of w̄ + ψ (w − w̄) in place of w, in inference mode.

        w = mapping(z),   w̄ the running mean of w in training

    Args:
        network: A generator without `missing_parts`.
        inputs: What it takes, z or [z, labels].
        truncation: ψ.

    Raises:
        ValueError: For a ψ that is not positive.

    Reference: Karras, Laine and Aila 2018, A Style-Based Generator Architecture for Generative
    Adversarial Networks, arXiv 1812.04948, appendix B.
    """
    psi = amount("truncation", truncation, above=0)
    w = network.get_layer("mapping")(inputs, training=False)
    mean = at_least_float32(ops.convert_to_tensor(network.get_layer("mean_of_w").mean))
    nearer = mean + psi * (ops.cast(w, mean.dtype) - mean)
    return _synthesised(network, ops.cast(nearer, w.dtype))


def _synthesised(network: keras.Model, w):
    """The samples of styles, `(batch, d)`, the same for each layer."""
    synthesis = network.get_layer("synthesis")
    styles = ops.repeat(w[:, None], synthesis.input_shape[1], axis=1)
    return synthesis(styles, training=False)
