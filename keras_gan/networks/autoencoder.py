"""Fully connected encoders and decoders of autoencoders, for samples of any shape."""

import math
from collections.abc import Callable

import keras
import numpy as np
from keras import layers

from keras_gan.networks._parts import (
    ORDER,
    beside,
    check_positive,
    label_and_vector,
    output_dtype,
)
from keras_gan.networks.registry import register


@register
def mlp_encoder(
    sample_shape: tuple[int, ...] = (28, 28, 1),
    latent_dim: int = 50,
    width: int = 200,
    depth: int = 2,
    activation: str | Callable = "tanh",
    gaussian: bool = False,
    classes: int | None = None,
    name: str = "encoder",
) -> keras.Model:
    """Builds a fully connected encoder from samples to codes, or to Gaussian posteriors.

        h₀ = x,   hᵢ = activation(Wᵢ hᵢ₋₁ + bᵢ) for i = 1 … depth,   z = W h + b

    with h₀ = (x + 1) / 2 of images in [-1, 1], most of whose pixels are then often 0 instead of −1,
    which a layer of tanh learns faster; and with classes h₀ = (h₀, e_y), the unit vector of the
    class beside it. The defaults with `gaussian=True` are the network of Burda et al. 2015, arXiv
    1509.00519, for MNIST.

    Args:
        sample_shape: Shape of a sample x, such as (28, 28, 1) or (2,). Defaults to (28, 28, 1).
        latent_dim: Dimensions of a code z. Defaults to 50.
        width: Units of each hidden layer. Defaults to 200.
        depth: Number of hidden layers. Defaults to 2.
        activation: A Keras activation, by name or as a function. Defaults to "tanh".
        gaussian: Whether the output is the mean of z and beside it the log-variance, for `kg.VAE`.
            Defaults to False, for `kg.Autoencoder`.
        classes: How many class labels y the encoder takes beside x, as a second input (batch,).
            Defaults to None: it takes no labels.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *sample_shape) to (batch, latent_dim), or
        (batch, 2 * latent_dim) with `gaussian`; with classes from a list of samples and (batch,).

    Raises:
        ValueError: For a size below 1, or an unknown activation.

    Example:

    >>> mlp_encoder((8, 8, 1), latent_dim=4, width=16, gaussian=True).output_shape
    (None, 8)
    """
    shape = _checked_shape(sample_shape)
    check_positive(latent_dim=latent_dim, width=width, depth=depth)
    x = keras.Input(shape, name="x")
    label, y = label_and_vector(classes)
    h = x
    if len(shape) > 1:
        h = layers.Flatten(data_format=ORDER)(layers.Rescaling(0.5, 0.5)(x))
    h = h if y is None else layers.Concatenate()([h, y])
    for _ in range(depth):
        h = layers.Dense(width, activation=activation)(h)
    z = layers.Dense((2 if gaussian else 1) * latent_dim, dtype=output_dtype(), name="code")(h)
    return keras.Model(beside(x, label), z, name=name)


@register
def mlp_decoder(
    sample_shape: tuple[int, ...] = (28, 28, 1),
    latent_dim: int = 50,
    width: int = 200,
    depth: int = 2,
    activation: str | Callable = "tanh",
    output_activation: str | Callable = "linear",
    classes: int | None = None,
    name: str = "decoder",
) -> keras.Model:
    """Builds a fully connected decoder from codes to samples, or to parameters of a likelihood.

        h₀ = z,   hᵢ = activation(Wᵢ hᵢ₋₁ + bᵢ) for i = 1 … depth,   x = output_activation(W h + b)

    and with classes h₀ = (z, e_y), the unit vector of the class beside z.

    Args:
        sample_shape: As in `mlp_encoder`.
        latent_dim: Dimensions of a code z. Defaults to 50.
        width: Units of each hidden layer. Defaults to 200.
        depth: Number of hidden layers. Defaults to 2.
        activation: A Keras activation, by name or as a function. Defaults to "tanh".
        output_activation: That of the output: "linear", the default, for logits and for points;
            "tanh" for images of an `Autoencoder` of squared error.
        classes: How many class labels y the decoder takes beside z, as a second input (batch,).
            Defaults to None: it takes no labels.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, latent_dim) to (batch, *sample_shape); with classes from
        [(batch, latent_dim), (batch,)].

    Raises:
        ValueError: As `mlp_encoder`.

    Example:

    >>> mlp_decoder((8, 8, 1), latent_dim=4, width=16).output_shape
    (None, 8, 8, 1)
    """
    shape = _checked_shape(sample_shape)
    check_positive(latent_dim=latent_dim, width=width, depth=depth)
    z = keras.Input((latent_dim,), name="z")
    label, y = label_and_vector(classes)
    h = z if y is None else layers.Concatenate()([z, y])
    for _ in range(depth):
        h = layers.Dense(width, activation=activation)(h)
    h = layers.Dense(math.prod(shape), dtype=output_dtype())(h)
    h = layers.Reshape(shape, dtype=output_dtype())(h) if len(shape) > 1 else h
    x = layers.Activation(output_activation, dtype=output_dtype(), name="sample")(h)
    return keras.Model(beside(z, label), x, name=name)


def begin_at(decoder: keras.Model, parameters) -> None:
    """Sets the biases of a decoder's last layer with weights, so that its outputs begin near these.

    Args:
        decoder: A built `keras.Model`.
        parameters: Array of the shape of one output; of convolutions each channel's mean counts.

    Raises:
        ValueError: For a last layer without biases, or with as many as neither components nor
            channels.
    """
    parameters = np.asarray(parameters, "float32")
    last = [layer for layer in decoder.layers if layer.weights][-1:]
    bias = next((getattr(layer, "bias", None) for layer in last), None)
    if bias is not None and bias.shape == (parameters.size,):
        bias.assign(parameters.ravel())
    elif bias is not None and bias.shape == parameters.shape[-1:]:
        bias.assign(parameters.reshape(-1, parameters.shape[-1]).mean(axis=0))
    else:
        raise ValueError(
            f"The last layer with weights of {decoder.name!r} has no bias for each component or "
            f"channel of its outputs of shape {parameters.shape}, which adapt could set: end the "
            f"decoder in a Dense or Conv layer, or set its bias by hand."
        )


def _checked_shape(sample_shape: tuple[int, ...]) -> tuple[int, ...]:
    """Returns the shape of a sample as a tuple of whole numbers of at least 1."""
    shape = tuple(sample_shape) if isinstance(sample_shape, tuple | list) else ()
    if not shape or any(type(n) is not int or n < 1 for n in shape):
        raise ValueError(
            f"sample_shape must be the shape of one sample, such as (28, 28, 1) or (2,), whole "
            f"numbers of at least 1; received {sample_shape!r}."
        )
    return shape
