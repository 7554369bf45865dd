"""What a discriminator's last layer sees."""

import keras
from keras import layers


def hidden_of(discriminator: keras.Model) -> keras.Model:
    """The network from a discriminator's inputs to its last hidden activations.

    Of a discriminator that returns `(scores, features)` they are the features; of another one the
    input of the `Dense` layer of one unit, spectrally normalized or not, from which the scores come
    last.

    Args:
        discriminator: A built functional `keras.Model`.

    Raises:
        ValueError: For a network without such a layer, or that is no functional model.

    Example:

    >>> import keras_gan as kg
    >>> hidden_of(kg.networks.mlp_discriminator(width=32)).output_shape
    (None, 32)
    """
    outputs = getattr(discriminator, "outputs", None) or []
    if len(outputs) == 2:
        return keras.Model(discriminator.input, outputs[1])
    for layer in reversed(discriminator.layers if outputs else []):
        inner = layer.layer if isinstance(layer, layers.Wrapper) else layer
        if isinstance(inner, layers.Dense) and inner.units == 1:
            return keras.Model(discriminator.input, layer.input)
    raise ValueError(
        f"The discriminator {discriminator.name!r} does not show what its last layer sees: end it "
        f"with keras.layers.Dense(1), or let it return (scores, features), as "
        f"kg.networks.mlp_discriminator(features=True) does."
    )
