"""The last layers of a discriminator: scores, and how it knows of classes or conditions."""

from collections.abc import Callable

import keras
from keras import layers

from keras_gan.arguments import unknown_name
from keras_gan.layers import ClassProxies
from keras_gan.networks._parts import beside, label_and_vector, output_dtype, score_of, weighted

CONDITIONINGS = ("projection", "classifier", "proxies")
EMBEDDING = 512  # numbers in an embedding, as in ReACGAN's code for CIFAR-10


def label_of_judge(
    classes: int | None, condition_dim: int | None, conditioning: str, features: bool = False
) -> tuple:
    """What `label_and_vector` returns, for a discriminator; nothing where it names classes itself.

    Args:
        classes: As in `label_and_vector`, like the next.
        condition_dim: Likewise.
        conditioning: One of `CONDITIONINGS`.
        features: Whether it is to return features.

    Raises:
        ValueError: For an unknown conditioning, a head without classes, or one beside features.
    """
    if conditioning not in CONDITIONINGS:
        raise unknown_name("conditioning", conditioning, CONDITIONINGS)
    if conditioning == "projection":
        return label_and_vector(classes, condition_dim)
    if classes is None:
        raise ValueError(
            f"conditioning={conditioning!r} names the class of a sample: pass classes=…, the "
            f"number of them, and no condition_dim."
        )
    if features:
        raise ValueError(
            f"A discriminator with conditioning={conditioning!r} returns what it knows of classes "
            f"beside the score, and no features: leave features out."
        )
    label_and_vector(classes, condition_dim)  # refuses wrong numbers
    return None, None


def judge(
    x: keras.KerasTensor,
    h: keras.KerasTensor,
    label: keras.KerasTensor | None,
    y: keras.KerasTensor | None,
    normalization: str | None,
    *,
    classes: int | None,
    conditioning: str,
    name: str,
    features: bool = False,
    **options,
) -> keras.Model:
    """The discriminator that ends in a score of what its last layer sees.

    Args:
        x: Samples.
        h: (batch, d), what the last layer sees.
        label: What `label_of_judge` returned, like the next.
        y: Likewise.
        normalization: Of the weights, as in `weighted`.
        classes: The number of classes.
        conditioning: `"projection"`: the score has the projection on y; `"classifier"`: logits of
            the classes, (batch, classes), stand beside the score; `"proxies"`: cosines to the
            proxies of the classes, and the unit embedding, (batch, 512), that they are of.
        name: Name of the model.
        features: Whether h stands beside the score.
        **options: Further arguments of the layers.
    """
    score = score_of(h, y, normalization, **options)
    if conditioning == "projection":
        return keras.Model(beside(x, label), [score, h] if features else score, name=name)

    def dense(units):
        return weighted(layers.Dense(units, dtype=output_dtype(), **options), normalization)

    given = {"classes": classes, "conditioning": conditioning}
    return naming(x, h, score, dense, name=name, **given)


def naming(
    x: keras.KerasTensor,
    h: keras.KerasTensor,
    score: keras.KerasTensor,
    dense: Callable,
    *,
    classes: int | None,
    conditioning: str,
    name: str,
) -> keras.Model:
    """The discriminator of samples alone that says their class beside their score.

    Args:
        x: As in `judge`, like the next.
        h: Likewise.
        score: (batch, 1), of h.
        dense: From a number of units to a layer of h that computes in `output_dtype()`.
        classes: As in `judge`, like the next two; with `"projection"` it says the score alone.
        conditioning: Likewise.
        name: Likewise.
    """
    if conditioning == "projection":
        return keras.Model(x, score, name=name)
    if conditioning == "classifier":
        return keras.Model(x, [score, dense(classes)(h)], name=name)
    f = layers.UnitNormalization(dtype=output_dtype(), name="embedding")(dense(EMBEDDING)(h))
    cosines = ClassProxies(classes, dtype=output_dtype(), name="cosines")(f)
    return keras.Model(x, [score, cosines, f], name=name)
