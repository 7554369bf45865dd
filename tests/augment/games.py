"""Every game whose discriminators see samples, on tiny images."""

import keras
import numpy as np
from keras import layers

import keras_gan as kg

SIDE, LATENT = 6, 3


def of_images(name, inputs, channels=1):
    h = layers.Dense(12, activation="tanh")(layers.Flatten()(inputs))
    h = layers.Dense(SIDE * SIDE * channels, activation="tanh")(h)
    return keras.Model(inputs, layers.Reshape((SIDE, SIDE, channels))(h), name=name)


def judging(inputs, name):
    parts = inputs if isinstance(inputs, list) else [inputs]
    h = layers.Conv2D(4, 3, activation="tanh")(parts[0])
    h = layers.Concatenate()([layers.Flatten()(each) for each in [h, *parts[1:]]])
    return keras.Model(inputs, layers.Dense(1)(h), name=name)


def networks(channels=1):
    z, x = keras.Input((LATENT,)), keras.Input((SIDE, SIDE, channels))
    return of_images("generator", z, channels), judging(x, "discriminator")


def gan(kind=kg.GAN, channels=1, **options):
    keras.utils.set_random_seed(3)
    return kind(*networks(channels), **{"seed": 5, **options})


def unrolled(**options):
    return gan(kg.UnrolledGAN, **{"unroll": 1, **options})


def bigan(**options):
    keras.utils.set_random_seed(3)
    x, z = keras.Input((SIDE, SIDE, 1)), keras.Input((LATENT,))
    encoder = keras.Model(x, layers.Dense(LATENT)(layers.Flatten()(x)), name="encoder")
    return kg.BiGAN(
        of_images("generator", z),
        encoder,
        judging([x, keras.Input((LATENT,))], "discriminator"),
        **{"seed": 5, **options},
    )


def cyclegan(**options):
    keras.utils.set_random_seed(3)

    def image():
        return keras.Input((SIDE, SIDE, 1))

    generators = [of_images(f"generator_{way}", image()) for way in ("xy", "yx")]
    judges = [judging(image(), f"discriminator_{domain}") for domain in "xy"]
    return kg.CycleGAN(*generators, *judges, **{"seed": 5, "pool_size": 4, **options})


def pix2pix(**options):
    """Pairs of three channels, as of a colour image."""
    keras.utils.set_random_seed(3)
    translating = of_images("generator", keras.Input((SIDE, SIDE, 1)), channels=2)
    judge = judging(keras.Input((SIDE, SIDE, 3)), "discriminator")
    return kg.Pix2Pix(translating, judge, **{"seed": 5, **options})


GAMES = {
    "GAN": gan,
    "UnrolledGAN": unrolled,
    "BiGAN": bigan,
    "CycleGAN": cyclegan,
    "Pix2Pix": pix2pix,
}


def images(n, channels=1, seed=0):
    shape = (n, SIDE, SIDE, channels)
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype("float32")


def data_of(name, n=16):
    """What `fit` takes."""
    others = {"CycleGAN": 1, "Pix2Pix": 2}  # channels of y
    return (images(n), *(images(n, others[k], seed=1) for k in others if k == name))


def trained(name, n=16, batch_size=8, optimizer="sgd", fit=None, **options):
    game = GAMES[name](**options)
    rates = {f"{p}_optimizer": optimizer for p in ("generator", "discriminator")}
    game.compile(**rates)
    game.fit(*data_of(name, n), batch_size=batch_size, shuffle=False, verbose=0, **(fit or {}))
    return game


def weights_of(game):
    """The weights of the networks."""
    return [np.asarray(w) for name in game.network_names for w in getattr(game, name).get_weights()]
