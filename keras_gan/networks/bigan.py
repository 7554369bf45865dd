"""The fully connected networks of BiGAN, for images and for points."""

import math

import keras
from keras import layers

from keras_gan.networks._parts import (
    ORDER,
    batch_normalization,
    check_normalization,
    check_positive,
    normalize,
    output_dtype,
    score_of,
    weighted,
)
from keras_gan.networks.registry import register


@register
def bigan_generator(
    sample_shape: tuple[int, ...] = (28, 28, 1),
    latent_dim: int = 50,
    width: int = 1024,
    depth: int = 2,
    name: str = "generator",
) -> keras.Model:
    """Builds the fully connected generator of BiGAN.

        h₀ = z,   hᵢ = relu(BN(Wᵢ hᵢ₋₁)) for i = 1 … depth,   x = W h + b,   tanh(W h + b) of images

    where BN is batch normalization. The network ignores that an image has rows and columns: this is
    the paper's setting of permutation-invariant MNIST.

    Args:
        sample_shape: Shape of a sample x: (height, width, channels) of images, (d,) of points.
            Defaults to (28, 28, 1).
        latent_dim: Dimensions of a latent vector z. Defaults to 50.
        width: Units of each hidden layer. Defaults to 1024.
        depth: Number of hidden layers. Defaults to 2.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, latent_dim) to (batch, *sample_shape).

    Raises:
        ValueError: For a sample shape that is neither an image's nor a point's, or a size below 1.

    Example:

    >>> bigan_generator((8, 8, 1), latent_dim=4, width=16).output_shape
    (None, 8, 8, 1)

    Reference:
        Donahue, Krähenbühl and Darrell, Adversarial Feature Learning, 2016, arXiv 1605.09782,
        section 4.2 and appendix C.1.
    """
    check_positive(latent_dim=latent_dim, width=width, depth=depth)
    shape = _checked_shape(sample_shape)
    z = keras.Input((latent_dim,), name="z")
    h = z
    for _ in range(depth):
        h = layers.Dense(width, use_bias=False)(h)
        h = layers.ReLU()(batch_normalization()(h))
    h = layers.Dense(math.prod(shape))(h)
    if len(shape) == 1:
        x = layers.Activation("linear", dtype=output_dtype(), name="sample")(h)
    else:
        h = layers.Reshape(shape)(h)
        x = layers.Activation("tanh", dtype=output_dtype(), name="image")(h)
    return keras.Model(z, x, name=name)


@register
def bigan_encoder(
    sample_shape: tuple[int, ...] = (28, 28, 1),
    latent_dim: int = 50,
    width: int = 1024,
    depth: int = 2,
    name: str = "encoder",
) -> keras.Model:
    """Builds the fully connected encoder of BiGAN, the mirror image of `bigan_generator`.

        h₀ = x,   hᵢ = leaky_relu(BN(Wᵢ hᵢ₋₁)) for i = 1 … depth,   z = W h + b

    where BN is batch normalization of all hidden layers but the first. LeakyReLU has slope 0.2.

    Args:
        sample_shape: As in `bigan_generator`.
        latent_dim: Dimensions of a latent vector z. Defaults to 50.
        width: Units of each hidden layer. Defaults to 1024.
        depth: Number of hidden layers. Defaults to 2.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *sample_shape) to (batch, latent_dim).

    Raises:
        ValueError: As `bigan_generator`.

    Example:

    >>> bigan_encoder((8, 8, 1), latent_dim=4, width=16).output_shape
    (None, 4)

    Reference:
        Donahue, Krähenbühl and Darrell, Adversarial Feature Learning, 2016, arXiv 1605.09782,
        section 4.2 and appendix C.1.
    """
    check_positive(latent_dim=latent_dim, width=width, depth=depth)
    x = keras.Input(_checked_shape(sample_shape), name="x")
    h = layers.Flatten(data_format=ORDER)(x)
    for i in range(depth):
        h = layers.Dense(width)(h)
        h = layers.LeakyReLU(negative_slope=0.2)(normalize(h, "batch" if i > 0 else None))
    z = layers.Dense(latent_dim, dtype=output_dtype(), name="code")(h)
    return keras.Model(x, z, name=name)


@register
def bigan_discriminator(
    sample_shape: tuple[int, ...] = (28, 28, 1),
    latent_dim: int = 50,
    width: int = 1024,
    depth: int = 2,
    normalization: str | None = None,
    name: str = "discriminator",
) -> keras.Model:
    """Builds the fully connected joint discriminator of BiGAN, of pairs (x, z).

        h₁ = leaky_relu((W x + b, V z + c)),   hᵢ = leaky_relu(N(Wᵢ hᵢ₋₁)) for i = 2 … depth,
        score = w h + b

    Sample and latent vector meet in the second hidden layer, as in the authors' code. If z stood
    beside x from the start, its few numbers would be lost among so many pixels.

    Args:
        sample_shape: As in `bigan_generator`.
        latent_dim: Dimensions of a latent vector z. Defaults to 50.
        width: Units of each hidden layer; the first one has half as many more for z. Default
            1024.
        depth: Number of hidden layers, at least 2. Defaults to 2.
        normalization: None; "spectral" for `kg.layers.SpectralNormalization` of every layer; or
            "layer" or "batch" for an N that normalizes all hidden layers but the first. Default
            None.
        name: Name of the model.

    Returns:
        A built `keras.Model` from [(batch, *sample_shape), (batch, latent_dim)] to (batch, 1).

    Raises:
        ValueError: As `bigan_generator`, for an unknown normalization, or depth 1, where x and z
            would not meet.

    Example:

    >>> bigan_discriminator((8, 8, 1), latent_dim=4, width=16).input_shape
    [(None, 8, 8, 1), (None, 4)]

    Reference:
        Donahue, Krähenbühl and Darrell, Adversarial Feature Learning, 2016, arXiv 1605.09782,
        section 4.2 and appendix C.1.
    """
    check_positive(latent_dim=latent_dim, width=width, depth=depth)
    check_normalization(normalization)
    if depth < 2:
        raise ValueError(
            f"x and z meet in the second hidden layer of a discriminator of pairs, which needs "
            f"depth >= 2, not {depth}."
        )
    x = keras.Input(_checked_shape(sample_shape), name="x")
    z = keras.Input((latent_dim,), name="z")
    of_x = weighted(layers.Dense(width), normalization)(layers.Flatten(data_format=ORDER)(x))
    of_z = weighted(layers.Dense(max(1, width // 2)), normalization)(z)
    h = layers.LeakyReLU(negative_slope=0.2)(layers.Concatenate()([of_x, of_z]))
    for _ in range(1, depth):
        h = normalize(weighted(layers.Dense(width), normalization)(h), normalization)
        h = layers.LeakyReLU(negative_slope=0.2)(h)
    return keras.Model([x, z], score_of(h, None, normalization), name=name)


def _checked_shape(sample_shape: tuple[int, ...]) -> tuple[int, ...]:
    """Returns the shape of an image or a point as a tuple; refuses every other."""
    shape = tuple(sample_shape) if isinstance(sample_shape, tuple | list) else ()
    if len(shape) not in (1, 3) or any(type(n) is not int or n < 1 for n in shape):
        raise ValueError(
            f"sample_shape must be (height, width, channels) of images or (d,) of points, whole "
            f"numbers of at least 1; received {sample_shape!r}."
        )
    return shape
