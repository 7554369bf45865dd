"""Generators that map z to styles w, and their samples of styles nearer to the mean."""

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
    mapping, mean_of_w, synthesis = map(network.get_layer, PARTS)
    w = mapping(inputs, training=False)
    mean = at_least_float32(ops.convert_to_tensor(mean_of_w.mean))
    nearer = mean + psi * (ops.cast(w, mean.dtype) - mean)
    styles = ops.repeat(ops.cast(nearer, w.dtype)[:, None], synthesis.input_shape[1], axis=1)
    return synthesis(styles, training=False)
