"""What Pix2Pix refuses, before the first step."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import keras_gan as kg
from tests.games.test_pix2pix import SHAPE, discriminator, generator, images, make, sgd


def pairs_of(x, y):
    return tf.data.Dataset.from_tensors((x, y))


WIDE = (4, 4, 2)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (lambda: (images(),), "A Pix2Pix trains on two domains: pass both"),
        (lambda: ((images(), images()),), "two domains: pass both"),
        (lambda: (tf.data.Dataset.from_tensors(images()),), "A Pix2Pix trains on pairs of batches"),
        (lambda: (images(shape=(5, 5, 1)), images()), "Domain x: .*\\(4, 4, 1\\).*5, 5"),
        (lambda: (images(), images(shape=(4, 6, 1))), "Domain y: .*\\(4, 4, 1\\).*4, 6"),
        (lambda: (images(), np.arange(8)), "Domain y: .*floating-point"),
        (lambda: (images(8), images(7)), "8 of x and 7 of y: leave out those without a partner"),
        (lambda: (pairs_of(images(8), images(4)),), "8 of x and 4 of y"),
        (lambda: (images() * np.nan, images()), "Domain x: .*NaN"),
        (lambda: (images(), images() * np.inf), "Domain y: .*infinite"),
        (lambda: (images() * 127.5 + 127.5, images()), "Domain x: .*x / 127.5 - 1"),
        (lambda: (pairs_of(images(), images() * 127.5 + 127.5),), "Domain y: .*x / 127.5 - 1"),
        (lambda: (images(0), images(0)), "Domain x: .*empty"),
        (lambda: (images(7), images(7)), "7 does not divide into 2"),
        (
            lambda: (tf.data.Dataset.from_tensors((images(), images(), np.ones(8))),),
            "weights or other parts",
        ),
    ],
)
def test_data_that_do_not_do_are_refused_before_the_first_step(data, message):
    gan = sgd(make(schedule=2))
    before = gan.get_weights()
    with pytest.raises(ValueError, match=message) as error:
        gan.fit(*data(), verbose=0)
    assert "\n" not in str(error.value)
    for a, b in zip(before, gan.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_batches_of_pairs_are_looked_at_on_their_way():
    """`kg.data.batches` knows the scale of x alone; in which batch the broken y is, the seed says.

    What is not finite it refuses itself, in either part.
    """
    x, y = images(16), images(16, seed=1)
    y[15] = y[15] * 127.5 + 127.5
    pairs = tf.data.Dataset.from_tensor_slices((x, y))
    for seed in range(8):  # until it is not the one that is looked at beforehand
        data = kg.data.batches(pairs, 4, seed=seed)
        first, _ = next(iter(data))
        if not any(np.array_equal(each, x[15]) for each in np.asarray(first)):
            break
    with pytest.raises(ValueError, match="Domain y: .*in batch . of a pass"):
        sgd(make()).fit(data, verbose=0)
    y[15] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        kg.data.batches(tf.data.Dataset.from_tensor_slices((x, y)), 4)


def test_batches_of_pairs_keep_each_sample_beside_its_partner():
    x = images(32)
    pairs = tf.data.Dataset.from_tensor_slices((x, -x))
    for seen, partner in kg.data.batches(pairs, 8, seed=0):
        np.testing.assert_array_equal(seen, -np.asarray(partner))


def shrinking():
    x = keras.Input(SHAPE)
    return keras.Model(x, layers.Conv2D(1, 3, activation="tanh")(x))


def activated():
    pair = keras.Input(WIDE)
    return keras.Model(pair, layers.Conv2D(1, 2, activation="sigmoid")(pair))


def of_two():
    parts = keras.Input(SHAPE), keras.Input(SHAPE)
    return keras.Model(parts, layers.Conv2D(1, 2)(layers.Concatenate()(parts)))


def latent():
    z = keras.Input((2,))
    return keras.Model([z, keras.Input(())], layers.Reshape(SHAPE)(layers.Dense(16)(z)))


def game(G=generator, D=discriminator, **options):
    return kg.Pix2Pix(G(), D(), seed=0, **options)


FEATURES = kg.objectives.FeatureMatching


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: game(G=shrinking), "makes samples of shape \\(2, 2, 1\\) of those of shape"),
        (lambda: game(G=lambda: generator(channels=3)), "has the shape \\(4, 4, 4\\), with the ch"),
        (lambda: game(D=lambda: discriminator((4, 6, 2))), "takes samples of shape \\(4, 6, 2\\)"),
        (lambda: game(D=lambda: discriminator(SHAPE)), "takes samples of shape \\(4, 4, 1\\), but"),
        (lambda: game(D=activated), "must return an unbounded .*'sigmoid'"),
        (lambda: game(D=of_two), "takes x and y as one sample, with the channels of both"),
        (lambda: game(G=latent), "takes samples of x and nothing beside"),
        (lambda: game(G=lambda: None), "generator must be a built"),
        (lambda: game(D=lambda: "judge"), "discriminator must be a built"),
        (lambda: game(l1_weight=-1), "l1_weight must be .*at least 0.*-1"),
        (lambda: game(adversarial_weight=-1), "adversarial_weight must be .*at least 0.*-1"),
        (lambda: game(l1_weight=0, adversarial_weight=0), "the generator has no loss: give one"),
        (lambda: game(objective="hinje"), "did you mean 'hinge'"),
        (lambda: game(objective=FEATURES()), "Pix2Pix hands scores alone"),
        (lambda: game(penalties=[kg.penalties.ZCR()]), "z alone, which a Pix2Pix has not"),
        (lambda: make().translate(images(), to="x"), "A Pix2Pix of one generator translates from"),
        (lambda: make().translate(images(), to="z"), "Unknown domain 'z'"),
        (lambda: make().translate(images(shape=WIDE)), "Domain x: .*\\(4, 4, 1\\)"),
        (lambda: make().translate(images(), noise=True), "'generator' has no layer that draws"),
        (lambda: make().translate(images(), seed=1), "pass noise=True, too"),
        (
            lambda: make(dropout=0.5).translate(images(), noise=True, seed=-1),
            "seed must be a whole",
        ),
        (lambda: make().discriminate(images(8), images(7)), "8 of x and 7 of y"),
        (lambda: make().discriminate(images(), images(shape=WIDE)), "Domain y: .*\\(4, 4, 1\\)"),
    ],
)
def test_networks_and_arguments_that_do_not_do_are_refused(build, message):
    with pytest.raises(ValueError, match=message) as error:
        build()
    assert "\n" not in str(error.value)


def test_batch_normalization_under_a_gradient_penalty_is_refused():
    def normalized():
        pair = keras.Input(WIDE)
        return keras.Model(pair, layers.Conv2D(1, 2)(layers.BatchNormalization()(pair)))

    with pytest.raises(ValueError, match="BatchNormalization"):
        game(D=normalized, penalties=[kg.penalties.R1()])


def test_networks_of_any_size_learn_it_from_the_data():
    def maker():
        return generator((None, None, 1))

    gan = sgd(game(G=maker, D=lambda: discriminator((None, None, 2))), run_eagerly=True)
    assert gan.sample_shapes == ((None, None, 1), (None, None, 1))
    for shape in ((6, 4, 1), (4, 8, 1)):
        gan.train_on_batch(images(shape=shape), images(seed=1, shape=shape))
    with pytest.raises(ValueError, match="makes samples of shape \\(4, 4, 1\\).*y have \\(6, 4, 1"):
        gan.train_on_batch(images(), images(shape=(6, 4, 1)))
    known = sgd(game(G=maker), run_eagerly=True)
    assert known.sample_shapes == (SHAPE, SHAPE)
