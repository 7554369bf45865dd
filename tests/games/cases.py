"""Every game and model on tiny networks: what one suite trains, saves, resumes, distributes."""

import dataclasses
from collections.abc import Callable

import keras
import numpy as np
from keras import layers

import keras_gan as kg
from tests import toys

LATENT, NOISE, CLASSES = 3, 2, 3


@dataclasses.dataclass(frozen=True)
class Game:
    """A game and data for it.

    Args:
        build: From options to the game.
        data: From a number of samples to the arrays that `fit` takes.
        options: Which options the game has beside schedule, average and seed.
        plain: Options without which a look is not the gradient of what it logs, to the letter.
        players: Those that move; one of them takes plain `compile(optimizer=…)`.
    """

    build: Callable
    data: Callable
    options: tuple[str, ...] = ("objective", "penalties")
    plain: dict = dataclasses.field(default_factory=dict)
    players: tuple[str, ...] = ("discriminator", "generator")

    def make(self, seed=5, **options):
        keras.utils.set_random_seed(3)
        return self.build(seed=seed, **options)

    def optimizers(self, make_optimizer) -> dict:
        """The arguments of `compile` that give every player an optimizer of this kind."""
        if self.players == ("model",):
            return {"optimizer": make_optimizer()}
        return {f"{player}_optimizer": make_optimizer() for player in self.players}


def mlp(inputs, outputs: int, name: str, normalized=False):
    """One hidden layer from inputs, joined, to so many numbers."""
    h = layers.Concatenate()(inputs) if isinstance(inputs, list) else inputs
    h = layers.Dense(8, use_bias=not normalized)(h)  # whose gradient would be rounding alone
    h = layers.BatchNormalization()(h) if normalized else h
    h = layers.Dense(outputs, dtype="float32")(layers.LeakyReLU(0.2)(h))
    return keras.Model(inputs, h, name=name)


def generator():
    return mlp(keras.Input((LATENT,)), 2, "generator", normalized=True)


def joint_discriminator():
    return mlp([keras.Input((2,)), keras.Input((LATENT,))], 1, "discriminator")


def gan(kind=None, **options):
    return (kind or kg.GAN)(generator(), mlp(keras.Input((2,)), 1, "discriminator"), **options)


def conditional(**options):
    made = kg.networks.mlp_generator(latent_dim=LATENT, width=8, depth=1, classes=CLASSES)
    judging = kg.networks.mlp_discriminator(width=8, depth=1, classes=CLASSES)
    return kg.GAN(made, judging, **options)


def unrolled(**options):
    return gan(kg.UnrolledGAN, unroll=2, **options)


def bigan(**options):
    encoder = mlp(keras.Input((2,)), LATENT, "encoder")
    return kg.BiGAN(generator(), encoder, joint_discriminator(), **options)


def avb(**options):
    encoder = mlp([keras.Input((2,)), keras.Input((NOISE,))], LATENT, "encoder")
    return kg.AVB(generator(), encoder, joint_discriminator(), **options)


def vae(**options):
    encoder = mlp(keras.Input((2,)), 2 * LATENT, "encoder")
    return kg.VAE(encoder, generator(), likelihood="gaussian", **options)


def translator(name):
    x = keras.Input((4, 4, 1))
    h = layers.LeakyReLU(0.2)(layers.Conv2D(4, 3, padding="same")(x))
    h = kg.layers.InstanceNormalization()(h)
    h = layers.Conv2D(1, 3, padding="same", activation="tanh", dtype="float32")(h)
    return keras.Model(x, h, name=name)


def patches(name):
    x = keras.Input((4, 4, 1))
    h = layers.LeakyReLU(0.2)(layers.Conv2D(4, 3, padding="same")(x))
    return keras.Model(x, layers.Conv2D(1, 3, strides=2, dtype="float32")(h), name=name)


def cyclegan(**options):
    names = "generator_xy", "generator_yx"
    judges = "discriminator_x", "discriminator_y"
    return kg.CycleGAN(
        *map(translator, names), *map(patches, judges), **{"pool_size": 6, **options}
    )


def points(n):
    return (toys.points(n),)


def labelled(n):
    return toys.points(n), np.random.default_rng(1).integers(0, CLASSES, n).astype("int32")


def images(n):
    rng = np.random.default_rng(2)
    return tuple(rng.uniform(-1, 1, (n, 4, 4, 1)).astype("float32") for _ in range(2))


GAMES = {
    "GAN": Game(gan, points),
    "labels": Game(conditional, labelled),
    "UnrolledGAN": Game(unrolled, points),
    "BiGAN": Game(bigan, points),
    "CycleGAN": Game(cyclegan, images, plain={"pool_size": 0}),
    "AVB": Game(avb, points, options=(), plain={"contrast_noises": 0}),
    "VAE": Game(vae, points, options=(), players=("model",)),
}
NEW = [name for name in GAMES if name != "GAN"]
OF_PLAYERS = [name for name in GAMES if len(GAMES[name].players) > 1]


def variables_of(game):
    """All that a game holds: networks, averages, pools, random states, optimizers."""
    return [*game.variables, *game.optimizer.variables]


def assert_equal(one, other):
    """To the bit, but for the sums of the logs."""
    for a, b in zip(variables_of(one), variables_of(other), strict=True):
        if "running_means" not in a.path:
            np.testing.assert_array_equal(np.asarray(a), np.asarray(b), err_msg=a.path)
