"""What CycleGAN refuses, before the first step."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gan as kg
from tests.games.translators import SHAPE, discriminator, generator, images, make, sgd


def pairs_of(x, y):
    return tf.data.Dataset.from_tensors((x, y))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (lambda: (images(),), "two domains: pass both"),
        (lambda: ((images(), images()),), "two domains: pass both"),
        (lambda: (tf.data.Dataset.from_tensors(images()),), "pairs of batches"),
        (lambda: (images(shape=(5, 5, 1)), images()), "Domain x: .*\\(4, 4, 1\\).*5, 5"),
        (lambda: (images(), images(shape=(4, 4, 3))), "Domain y: .*\\(4, 4, 1\\).*4, 4, 3"),
        (lambda: (images(8), images(7)), "8 of x and 7 of y"),
        (lambda: (pairs_of(images(8), images(4)),), "8 of x and 4 of y"),
        (lambda: (images(), images().astype("uint8")), "Domain y: .*uint8"),
        (lambda: (images() * np.nan, images()), "Domain x: .*NaN"),
        (lambda: (images(), images() * 127.5 + 127.5), "Domain y: .*x / 127.5 - 1"),
        (lambda: (pairs_of(images(), images() * 127.5 + 127.5),), "Domain y: .*x / 127.5 - 1"),
        (lambda: (images(0), images(0)), "Domain x: .*empty"),
        (lambda: (images(7), images(7)), "7 does not divide into 2"),
    ],
)
def test_data_that_do_not_do_are_refused_before_the_first_step(data, message):
    gan = sgd(make(schedule=2))
    before = gan.get_weights()
    with pytest.raises(ValueError, match=message):
        gan.fit(*data(), verbose=0)
    for a, b in zip(before, gan.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def activated():
    x = keras.Input(SHAPE)
    return keras.Model(x, layers.Conv2D(1, 2, activation="sigmoid")(x))


def game(G=generator, F=generator, D_x=discriminator, D_y=discriminator, **options):
    return kg.CycleGAN(G(), F(), D_x(), D_y(), seed=0, **options)


WIDE = (4, 4, 2)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: game(G=lambda: generator(WIDE)), "generator_xy takes .*\\(4, 4, 2\\)"),
        (lambda: game(G=lambda: generator(SHAPE, WIDE)), "generator_xy makes .*\\(4, 4, 2\\)"),
        (lambda: game(F=lambda: generator(WIDE)), "generator_yx takes .*\\(4, 4, 2\\)"),
        (lambda: game(F=lambda: generator(SHAPE, WIDE)), "generator_yx makes .*\\(4, 4, 2\\)"),
        (lambda: game(D_y=activated), "discriminator_y must return an unbounded .*'sigmoid'"),
        (
            lambda: game(D_x=lambda: generator(SHAPE, WIDE)),
            "discriminator_x must return one unbound",
        ),
        (lambda: game(D_x=lambda: None), "discriminator_x must be a built"),
        (lambda: make(x=SHAPE, y=WIDE), "different shapes, .*identity_weight=0"),
        (lambda: game(cycle_weight=-1), "cycle_weight must be .*at least 0.*-1"),
        (lambda: game(pool_size=-1), "pool_size must be .*at least 0.*-1"),
        (lambda: game(objective="hinje"), "did you mean 'hinge'"),
        (lambda: make().translate(images(), to="z"), "Unknown domain 'z'"),
        (lambda: make().translate(images(shape=(5, 5, 1))), "Domain x: .*\\(4, 4, 1\\)"),
        (lambda: make().discriminate(images(), domain="z"), "Unknown domain 'z'"),
    ],
)
def test_networks_and_arguments_that_do_not_do_are_refused(build, message):
    with pytest.raises(ValueError, match=message):
        build()


def test_one_network_cannot_play_two_parts():
    both, judge = generator(), discriminator()
    with pytest.raises(ValueError, match="four different networks"):
        kg.CycleGAN(both, both, discriminator(), discriminator())
    with pytest.raises(ValueError, match="four different networks"):
        kg.CycleGAN(generator(), generator(), judge, judge)


def test_batch_normalization_under_a_gradient_penalty_is_refused_in_either_domain():
    def normalized():
        x = keras.Input(SHAPE)
        return keras.Model(x, layers.Conv2D(1, 2)(layers.BatchNormalization()(x)))

    for judges in ({"D_x": normalized}, {"D_y": normalized}):
        with pytest.raises(ValueError, match="BatchNormalization"):
            game(penalties=[kg.penalties.R1()], **judges)
