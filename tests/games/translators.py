"""Tiny networks and images that CycleGAN is tested on."""

import keras
import numpy as np
from keras import layers

import keras_gan as kg

SHAPE = (4, 4, 1)


def generator(given=SHAPE, made=SHAPE):
    x = keras.Input(given)
    h = layers.Conv2D(3, 3, padding="same", activation="tanh")(x)
    h = layers.Flatten()(h)
    h = layers.Dense(int(np.prod(made)), activation="tanh")(h)
    return keras.Model(x, layers.Reshape(made)(h))


def discriminator(shape=SHAPE):
    """Scores of 2 x 2 patches of 4 x 4 images."""
    x = keras.Input(shape)
    h = layers.LeakyReLU(0.2)(layers.Conv2D(3, 3, strides=2, padding="same")(x))
    return keras.Model(x, layers.Conv2D(1, 2, padding="same")(h))


def make(kind=kg.CycleGAN, x=SHAPE, y=SHAPE, **options):
    keras.utils.set_random_seed(11)
    networks = generator(x, y), generator(y, x), discriminator(x), discriminator(y)
    return kind(*networks, **{"seed": 7, "pool_size": 0, **options})


def sgd(gan, rate=0.1, **options):
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=keras.optimizers.SGD(rate),
        **options,
    )
    return gan


def images(n=8, seed=0, shape=SHAPE):
    return np.random.default_rng(seed).uniform(-1, 1, (n, *shape)).astype("float32")
