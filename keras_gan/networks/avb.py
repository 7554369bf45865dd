"""Fully connected networks for adversarial variational Bayes."""

from collections.abc import Callable

import keras
from keras import layers

from keras_gan.networks._parts import check_positive, output_dtype
from keras_gan.networks.registry import register


@register
def avb_encoder(
    data_dim: int = 2,
    latent_dim: int = 2,
    noise_dim: int = 16,
    width: int = 128,
    depth: int = 3,
    activation: str | Callable = "relu",
    name: str = "encoder",
) -> keras.Model:
    """Builds a fully connected encoder of a sample and noise, whose density has no formula.

        h₀ = (x, ε),   hᵢ = activation(Wᵢ hᵢ₋₁ + bᵢ) for i = 1 … depth,   z = W h + b

    Args:
        data_dim: Dimensions of a sample x; `sample_shape=(d,)` says the same. Defaults to 2.
        latent_dim: Dimensions of a latent vector z. Defaults to 2.
        noise_dim: Dimensions of the noise ε. Defaults to 16.
        width: Units of each hidden layer. Defaults to 128.
        depth: Number of hidden layers. Defaults to 3.
        activation: A Keras activation, by name or as a function. Defaults to "relu".
        name: Name of the model.

    Returns:
        A built `keras.Model` from [(batch, data_dim), (batch, noise_dim)] to (batch, latent_dim).

    Raises:
        ValueError: For a size below 1, an unknown activation, or a sample shape that is not (d,).

    Example:

    >>> avb_encoder(data_dim=4, latent_dim=2, width=32).output_shape
    (None, 2)
    """
    check_positive(data_dim=data_dim, latent_dim=latent_dim, noise_dim=noise_dim)
    check_positive(width=width, depth=depth)
    x = keras.Input((data_dim,), name="x")
    noise = keras.Input((noise_dim,), name="noise")
    h = layers.Concatenate()([x, noise])
    for _ in range(depth):
        h = layers.Dense(width, activation=activation)(h)
    z = layers.Dense(latent_dim, dtype=output_dtype(), name="z")(h)
    return keras.Model([x, noise], z, name=name)


@register
def avb_discriminator(
    data_dim: int = 2,
    latent_dim: int = 2,
    width: int = 128,
    depth: int = 3,
    activation: str | Callable = "leaky_relu",
    name: str = "discriminator",
) -> keras.Model:
    """Builds a fully connected discriminator of pairs (x, z) with an unbounded score.

        h₀ = (x, z, z²),   hᵢ = activation(Wᵢ hᵢ₋₁ + bᵢ) for i = 1 … depth,   T = w h + b

    The squares z² are taken component by component. Where posterior and prior are Gaussians, the
    best score is a quadratic function of z, which piecewise linear layers can only approach.

    Args:
        data_dim: Dimensions of a sample x; `sample_shape=(d,)` says the same. Defaults to 2.
        latent_dim: Dimensions of a latent vector z. Defaults to 2.
        width: Units of each hidden layer. Defaults to 128.
        depth: Number of hidden layers. Defaults to 3.
        activation: A Keras activation, by name or as a function. Defaults to "leaky_relu" (slope
            0.2).
        name: Name of the model.

    Returns:
        A built `keras.Model` from [(batch, data_dim), (batch, latent_dim)] to (batch, 1).

    Raises:
        ValueError: For a size below 1, an unknown activation, or a sample shape that is not (d,).

    Example:

    >>> avb_discriminator(data_dim=4, latent_dim=2, width=32).output_shape
    (None, 1)
    """
    check_positive(data_dim=data_dim, latent_dim=latent_dim, width=width, depth=depth)
    x, z = keras.Input((data_dim,), name="x"), keras.Input((latent_dim,), name="z")
    h = layers.Concatenate()([x, z, layers.Multiply()([z, z])])
    for _ in range(depth):
        h = layers.Dense(width)(h)
        h = layers.Activation(activation)(h)
    score = layers.Dense(1, dtype=output_dtype(), name="score")(h)
    return keras.Model([x, z], score, name=name)
