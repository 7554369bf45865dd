"""Fully connected networks for points in a few dimensions."""

from collections.abc import Callable

import keras
from keras import layers

from keras_gan.networks._heads import judge, label_of_judge
from keras_gan.networks._parts import (
    beside,
    check_dropout,
    check_normalization,
    check_positive,
    drop,
    label_and_vector,
    normalize,
    output_dtype,
    weighted,
)
from keras_gan.networks.registry import register


@register
def mlp_generator(
    data_dim: int = 2,
    latent_dim: int = 2,
    width: int = 128,
    depth: int = 3,
    activation: str | Callable = "relu",
    classes: int | None = None,
    condition_dim: int | None = None,
    name: str = "generator",
) -> keras.Model:
    """Builds a fully connected generator with linear output.

        h₀ = z,   hᵢ = activation(Wᵢ hᵢ₋₁ + bᵢ) for i = 1 … depth,   x = W h + b

    and with classes h₀ = (z, e_y), the unit vector of the class beside z.

    Args:
        data_dim: Dimensions of a sample x; `sample_shape=(d,)` says the same. Defaults to 2.
        latent_dim: Dimensions of a latent vector z. Defaults to 2.
        width: Units of each hidden layer. Defaults to 128.
        depth: Number of hidden layers. Defaults to 3.
        activation: A Keras activation, by name or as a function. Defaults to "relu".
        classes: How many class labels y the generator takes beside z, as a second input (batch,).
            Defaults to None: it takes no labels.
        condition_dim: How many numbers a condition vector has, attributes or several labels at
            once, which the generator takes in place of a label, (batch, condition_dim). Defaults to
            None: it takes no such vector. It stands beside z.
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, latent_dim) to (batch, data_dim); with classes from
        [(batch, latent_dim), (batch,)].

    Raises:
        ValueError: For a size below 1, an unknown activation, or a sample shape that is not (d,).

    Example:

    >>> mlp_generator(sample_shape=(2,), latent_dim=8, width=32).output_shape
    (None, 2)
    """
    check_positive(data_dim=data_dim, latent_dim=latent_dim, width=width, depth=depth)
    z = keras.Input((latent_dim,), name="z")
    label, y = label_and_vector(classes, condition_dim)
    h = z if y is None else layers.Concatenate()([z, y])
    for _ in range(depth):
        h = layers.Dense(width, activation=activation)(h)
    x = layers.Dense(data_dim, dtype=output_dtype(), name="sample")(h)
    return keras.Model(beside(z, label), x, name=name)


@register
def mlp_discriminator(
    data_dim: int = 2,
    width: int = 128,
    depth: int = 3,
    normalization: str | None = None,
    activation: str | Callable = "leaky_relu",
    dropout: float = 0.0,
    features: bool = False,
    classes: int | None = None,
    condition_dim: int | None = None,
    conditioning: str = "projection",
    name: str = "discriminator",
) -> keras.Model:
    """Builds a fully connected discriminator with an unbounded score as output.

        h₀ = x,   hᵢ = dropout(activation(N(Wᵢ hᵢ₋₁ + bᵢ))) for i = 1 … depth,   score = w h + b

    Args:
        data_dim: Dimensions of a sample x; `sample_shape=(d,)` says the same. Defaults to 2.
        width: Units of each hidden layer. Defaults to 128.
        depth: Number of hidden layers. Defaults to 3.
        normalization: None; "spectral" for `kg.layers.SpectralNormalization` of every layer; or
            "layer" or "batch" for an N that normalizes all hidden layers but the first. Default
            None.
        activation: A Keras activation, by name or as a function. Defaults to "leaky_relu" (slope
            0.2).
        dropout: Rate at which hidden values are dropped in training, in [0, 1). Defaults to 0.
        features: Whether to return h, the input of the last layer, beside the score;
            `kg.CTGAN` compares it. Defaults to False.
        classes: How many class labels y the discriminator takes beside x, as a second input
            (batch,), by projection: score = w h + b + ⟨v_y, h⟩ (Miyato and Koyama 2018, cGANs with
            Projection Discriminator, arXiv 1802.05637). Defaults to None: it takes no labels.
        condition_dim: How many numbers a condition vector y has that the discriminator takes in
            place of a label, by projection with v_y = V y. Defaults to None: it takes no such
            vector.
        conditioning: "projection", as above; "classifier", without labels as input, for logits of
            the classes beside the score, as `kg.ACGAN` takes them; or "proxies", for cosines to a
            proxy of each class and the unit embedding that they are of, (batch, 512), as
            `kg.ReACGAN` takes them. Defaults to "projection".
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, data_dim) to (batch, 1), or to a list of that and
        (batch, width) with `features`.

    Raises:
        ValueError: For a size below 1, an unknown normalization or activation, a dropout outside
            [0, 1), "layer" or "batch" normalization at depth 1, which leaves nothing to
            normalize, or a sample shape that is not (d,).

    Example:

    >>> mlp_discriminator(sample_shape=(2,), width=32, normalization="spectral").output_shape
    (None, 1)
    >>> mlp_discriminator(data_dim=2, width=32, dropout=0.5, features=True).output_shape
    [(None, 1), (None, 32)]
    """
    check_positive(data_dim=data_dim, width=width, depth=depth)
    check_normalization(normalization)
    check_dropout(dropout)
    if normalization in ("layer", "batch") and depth < 2:
        raise ValueError(
            f"normalization={normalization!r} normalizes all hidden layers but the first and needs "
            f"depth >= 2, not {depth}."
        )
    x = keras.Input((data_dim,), name="x")
    label, y = label_of_judge(classes, condition_dim, conditioning, features)
    h = x
    for i in range(depth):
        h = weighted(layers.Dense(width), normalization)(h)
        h = normalize(h, normalization if i > 0 else None)
        h = drop(layers.Activation(activation)(h), dropout)
    given = {"classes": classes, "conditioning": conditioning, "features": features}
    return judge(x, h, label, y, normalization, name=name, **given)
