"""Networks for tests of presets that hold more than a generator, and games that have trained them.

The games are stand-ins with what `from_gan` asks of any game.
"""

import keras

import keras_gan as kg
from keras_gan.training.averaging import Average


@kg.networks.register
def toy_encoder(data_dim=2, latent_dim=3, width=8):
    """From samples to latent vectors, with statistics, so that weights are not all trainable."""
    layers = keras.layers
    stack = [layers.Dense(width), layers.BatchNormalization(), layers.Dense(latent_dim)]
    return keras.Sequential([keras.Input((data_dim,)), *stack], name="encoder")


@kg.networks.register
def toy_translator(from_dim=2, to_dim=3, width=8, name="translator"):
    """From samples of one kind to samples of another."""
    layers = keras.layers
    stack = [layers.Dense(width, activation="relu"), layers.Dense(to_dim)]
    return keras.Sequential([keras.Input((from_dim,)), *stack], name=name)


class Game:
    """What a trained game has: networks, some of them averaged, and a prior."""

    def __init__(self, averaged, decay=0.9, **networks):
        self.averaged_networks, self.prior = averaged, kg.priors.uniform
        for name, network in networks.items():
            setattr(self, name, network)
        several = [networks[name] for name in averaged]
        self.average = None if decay is None else Average(several, decay)

    def settle(self):
        """There are no other hosts."""

    def train(self):
        """Moves all weights and the average, to other values."""
        for name in self.averaged_networks:
            for weight in getattr(self, name).weights:
                weight.assign(weight + 1.0)
        if self.average is not None:
            self.average.update()
            self.average.averages[-1].assign(self.average.averages[-1] + 3.0)


def bidirectional(decay=0.9):
    """A stand-in of a trained `kg.BiGAN`."""
    generator = kg.networks.mlp_generator(latent_dim=3, width=8, depth=1)
    game = Game(("generator", "encoder"), decay, generator=generator, encoder=toy_encoder())
    game.train()
    return game


def cyclic(decay=0.9):
    """A stand-in of a trained `kg.CycleGAN`, between points of the plane and of space."""
    there = toy_translator(name="generator_xy")
    back = toy_translator(from_dim=3, to_dim=2, name="generator_yx")
    roles = ("generator_xy", "generator_yx")
    game = Game(roles, decay, generator_xy=there, generator_yx=back)
    game.train()
    return game
