"""The last layers of InfoGAN's recognition network, which sees what a discriminator sees."""

import keras
from keras import layers

from keras_gan.arguments import whole_shape
from keras_gan.networks._parts import (
    ORDER,
    check_normalization,
    check_positive,
    normalize,
    output_dtype,
    weighted,
)
from keras_gan.networks.registry import register


@register
def infogan_recognition(
    feature_shape: tuple[int, ...] = (128,),
    parameters: int = 10,
    width: int = 128,
    normalization: str | None = "batch",
    name: str = "recognition",
) -> keras.Model:
    """Builds the last layers of a recognition network, from a discriminator's features.

        h = leaky_relu(BN(W₁ f + b₁)),   parameters of Q(c|x) = W₂ h + b₂

    with f the flattened features of x, what the discriminator's own last layer sees. Weights start
    from N(0, 0.02²). LeakyReLU has slope 0.2, in the authors' code 0.01.

    Args:
        feature_shape: Shape of the features of a sample, such as (128,) or (4, 4, 256). Defaults to
            (128,).
        parameters: How many numbers Q has, see `kg.InfoGAN`. Defaults to 10, for one code of ten
            classes.
        width: Units of the hidden layer. Defaults to 128.
        normalization: Of the hidden layer: "batch" as in the paper, "layer", "spectral" of both
            layers' weights, or None. Defaults to "batch".
        name: Name of the model.

    Returns:
        A built `keras.Model` from (batch, *feature_shape) to (batch, parameters).

    Raises:
        ValueError: For another shape, a size below 1, or an unknown normalization.

    Example:

    >>> infogan_recognition((4, 4, 8), parameters=14, width=16).output_shape
    (None, 14)

    Reference:
        Chen, Duan, Houthooft, Schulman, Sutskever and Abbeel, InfoGAN: Interpretable Representation
        Learning by Information Maximizing Generative Adversarial Nets, 2016, arXiv 1606.03657,
        appendix C.1.
    """
    check_positive(parameters=parameters, width=width)
    check_normalization(normalization)
    features = keras.Input(whole_shape("feature_shape", feature_shape), name="features")
    h = features if len(features.shape) == 2 else layers.Flatten(data_format=ORDER)(features)
    h = normalize(weighted(_dense(width), normalization)(h), normalization)
    h = layers.LeakyReLU(0.2)(h)
    head = weighted(_dense(parameters, dtype=output_dtype(), name="parameters"), normalization)
    return keras.Model(features, head(h), name=name)


def _dense(units: int, **options) -> layers.Layer:
    """A dense layer that starts small, so that Q begins near one distribution for all x."""
    start = keras.initializers.RandomNormal(stddev=0.02)
    return layers.Dense(units, kernel_initializer=start, **options)
