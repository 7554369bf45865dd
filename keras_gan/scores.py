"""The scores among a discriminator's outputs, and what they depend on."""

import keras


def scores_of(outputs):
    """The unbounded scores, `(batch, 1)`, of what a discriminator returned.

    A discriminator returns its scores, or `(scores, features)` where a consistency term compares
    features.

    Args:
        outputs: A tensor, or a sequence of tensors of which the first holds the scores.

    Example:

    >>> scores_of(["scores", "features"])
    'scores'
    """
    return outputs[0] if isinstance(outputs, (tuple, list)) else outputs


def couples_samples(network: keras.Model) -> bool:
    """Whether a sample's score may depend on the other samples of its batch.

    Batch normalization couples them. So may code that this library does not know, and that is taken
    to: custom layers and models, `Lambda` layers, operations on symbolic tensors.

    Args:
        network: A built `keras.Model`.

    Example:

    >>> import keras
    >>> couples_samples(keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]))
    False
    >>> batch_normalization = keras.layers.BatchNormalization()
    >>> couples_samples(keras.Sequential([keras.Input((2,)), batch_normalization]))
    True
    """
    coupling = (keras.layers.BatchNormalization, keras.layers.Lambda)
    for layer in network._flatten_layers():
        package = type(layer).__module__.partition(".")[0]
        operations = getattr(layer, "operations", ())
        activation = getattr(layer, "activation", None)
        home = getattr(activation, "__module__", type(activation).__module__) or ""
        if (
            package not in ("keras", "keras_gan")
            or (activation is not None and home.partition(".")[0] not in ("keras", "keras_gan"))
            or isinstance(layer, coupling)
            or not all(isinstance(operation, keras.layers.Layer) for operation in operations)
        ):
            return True
    return False
