"""Games whose discriminator stands still, so that its penalty on one batch never changes."""

import keras
import numpy as np

import keras_gan as kg
from keras_gan.penalties import R1
from tests import toys


def game(weight=1.0, every=1, discriminator=None, schedule="alternating", **compile_options):
    """A game with an R1 penalty."""
    if discriminator is None:
        keras.utils.set_random_seed(0)
        discriminator = toys.discriminator()
    penalties = [R1(weight, every=every)]
    gan = kg.GAN(toys.generator(), discriminator, penalties=penalties, schedule=schedule, seed=0)
    gan.compile(discriminator_optimizer=keras.optimizers.SGD(0.0), **compile_options)
    return gan


def logged(gan, data, steps):
    """The penalty that each of so many steps logs."""
    values = []
    for _ in range(steps):
        gan.reset_metrics()
        values.append(gan.train_on_batch(data, return_dict=True)["r1_penalty"])
    return np.array(values)
