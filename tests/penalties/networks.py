"""Small discriminators of every architecture with every normalization a penalty allows."""

import keras
from keras import layers

from keras_gan.layers import (
    GroupNormalization,
    InstanceNormalization,
    LayerNormalization,
    SpectralNormalization,
)

NORMALIZATIONS = (None, "spectral", "layer", "instance", "group")
SHAPES = {"mlp": (3,), "dcgan": (8, 8, 2), "resnet": (4, 4, 2)}


def normalize(h, normalization):
    axes = list(range(1, len(h.shape)))
    makers = {
        "layer": lambda: LayerNormalization(axis=axes),
        "instance": InstanceNormalization,
        "group": lambda: GroupNormalization(2),
        "keras_layer": lambda: layers.LayerNormalization(axis=axes),
        "keras_group": lambda: layers.GroupNormalization(2),
        "batch": layers.BatchNormalization,
    }
    return makers[normalization]()(h) if normalization in makers else h


def weighted(layer, normalization):
    return SpectralNormalization(layer) if normalization == "spectral" else layer


def mlp(normalization):
    x = keras.Input(SHAPES["mlp"])
    h = layers.LeakyReLU(0.2)(weighted(layers.Dense(8), normalization)(x))
    h = weighted(layers.Dense(8), normalization)(h)
    # An instance is a channel over positions, of which a vector has none: give it some.
    positions = layers.Reshape((4, 2))(h)
    h = layers.Flatten()(normalize(positions, normalization))
    h = layers.Activation("tanh")(h)
    return keras.Model(x, weighted(layers.Dense(1), normalization)(h))


def dcgan(normalization):
    h = x = keras.Input(SHAPES["dcgan"])
    for level, width in enumerate((4, 6)):
        convolution = layers.Conv2D(width, 4, strides=2, padding="same")
        h = weighted(convolution, normalization)(h)
        h = normalize(h, normalization if level else None)
        h = layers.LeakyReLU(0.2)(h)
    return keras.Model(x, weighted(layers.Dense(1), normalization)(layers.Flatten()(h)))


def resnet(normalization):
    h = x = keras.Input(SHAPES["resnet"])
    for width in (4, 6):
        main = layers.ReLU()(normalize(h, normalization))
        main = weighted(layers.Conv2D(width, 3, padding="same"), normalization)(main)
        shortcut = weighted(layers.Conv2D(width, 1), normalization)(h)
        h = layers.AveragePooling2D(2)(main + shortcut)
    h = layers.GlobalAveragePooling2D()(layers.ReLU()(h))
    return keras.Model(x, weighted(layers.Dense(1), normalization)(h))


ARCHITECTURES = {"mlp": mlp, "dcgan": dcgan, "resnet": resnet}


def resized(resize, activation="leaky_relu", skip=False):
    """A layer that resizes between two convolutions, or beside a right path."""
    x = keras.Input((8, 8, 2))
    h = layers.Conv2D(4, 3, padding="same", activation="tanh", name="before")(x)
    r = resize(h)
    if skip:
        r = r + layers.Conv2DTranspose(4, 4, strides=2, padding="same", name="beside")(h)
    h = layers.Conv2D(4, 3, activation=activation, name="after")(r)
    return keras.Model(x, layers.Dense(1, name="scores")(layers.Flatten()(h)))
