"""CycleGAN against the algorithm by hand, its losses in NumPy, and what the game promises."""

import keras
import numpy as np
from keras import layers, ops

import keras_gan as kg
from tests.derivatives import gradients

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


def descend(networks, loss, rate=0.1):
    """One step of gradient descent on several networks, by hand."""
    variables = [v for network in networks for v in network.trainable_variables]
    for v, g in zip(variables, gradients(loss, variables), strict=True):
        v.assign(v - rate * g)


def test_a_step_is_the_algorithm_of_the_paper():
    gan, twin = sgd(make()), make()
    x, y = images(seed=1), images(seed=2)
    gan.train_on_batch(x, y)

    G, F = twin.generator_xy, twin.generator_yx
    D_x, D_y = twin.discriminator_x, twin.discriminator_y
    mean = ops.mean

    def of_discriminators():
        loss = mean((D_y(y) - 1) ** 2) / 2 + mean(D_y(G(x)) ** 2) / 2
        return loss + mean((D_x(x) - 1) ** 2) / 2 + mean(D_x(F(y)) ** 2) / 2

    def of_generators():
        adversarial = mean((D_y(G(x)) - 1) ** 2) + mean((D_x(F(y)) - 1) ** 2)
        cycle = mean(abs(F(G(x)) - x)) + mean(abs(G(F(y)) - y))
        identity = mean(abs(G(y) - y)) + mean(abs(F(x) - x))
        return adversarial + 10 * cycle + 5 * identity

    descend((D_x, D_y), of_discriminators)
    descend((G, F), of_generators)
    for a, b in zip(gan.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
