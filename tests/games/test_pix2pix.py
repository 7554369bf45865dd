"""Pix2Pix against the algorithm by hand, and its losses against float64 NumPy."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from tests import toys
from tests.derivatives import gradients

SHAPE = (4, 4, 1)


def generator(given=SHAPE, channels=1, dropout=0.0, normalized=False):
    x = keras.Input(given)
    h = layers.Conv2D(3, 3, padding="same", activation="tanh")(x)
    h = layers.BatchNormalization()(h) if normalized else h
    h = kg.layers.Dropout(dropout, seed=3)(h) if dropout else h
    h = layers.Conv2D(channels, 3, padding="same", activation="tanh")(h)
    return keras.Model(x, h, name="generator")


def discriminator(shape=(4, 4, 2)):
    """Scores of 2 x 2 patches of pairs."""
    pair = keras.Input(shape)
    h = layers.LeakyReLU(0.2)(layers.Conv2D(3, 3, strides=2, padding="same")(pair))
    return keras.Model(pair, layers.Conv2D(1, 2, padding="same")(h), name="discriminator")


def make(channels=1, dropout=0.0, **options):
    keras.utils.set_random_seed(11)
    networks = generator(SHAPE, channels, dropout), discriminator((4, 4, 1 + channels))
    return kg.Pix2Pix(*networks, **{"seed": 7, **options})


def sgd(gan, rate=0.1, judging=None, **options):
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=keras.optimizers.SGD(rate if judging is None else judging),
        **options,
    )
    return gan


def images(n=8, seed=0, shape=SHAPE):
    return np.random.default_rng(seed).uniform(-1, 1, (n, *shape)).astype("float32")


def both(x, y):
    return np.concatenate([x, y], axis=-1)


def descend(network, loss, rate):
    variables = network.trainable_variables
    for v, g in zip(variables, gradients(loss, variables), strict=True):
        v.assign(v - rate * g)


def assert_weights(one, other, **tolerance):
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, **{"rtol": 1e-5, "atol": 1e-6, **tolerance})


@pytest.mark.parametrize(("l1", "adversarial"), [(100.0, 1.0), (0.0, 1.0), (100.0, 0.0), (3.0, 2)])
def test_a_step_is_the_algorithm_of_the_paper(l1, adversarial):
    """D first, ½ of its loss; then G, against the D that has moved."""
    options = {"l1_weight": l1, "adversarial_weight": adversarial}
    gan, twin, rate = sgd(make(**options), 0.02, run_eagerly=True), make(**options), 0.02
    x, y = images(seed=1), images(seed=2)
    gan.train_on_batch(x, y)
    G, D = twin.generator, twin.discriminator

    def of_pair(y):
        return D(ops.concatenate([x, y], axis=-1))

    def of_discriminator():
        return (ops.mean(ops.softplus(-of_pair(y))) + ops.mean(ops.softplus(of_pair(G(x))))) / 2

    def of_generator():
        asked = ops.mean(ops.softplus(-of_pair(G(x))))
        return adversarial * asked + l1 * ops.mean(abs(y - G(x)))

    descend(D, of_discriminator, rate)
    descend(G, of_generator, rate)
    assert_weights(gan, twin)


def softplus(v):
    return np.logaddexp(0, v)


ADVERSARIAL = {  # discriminator's loss of (real, fake) scores of patches, generator's of both
    "non_saturating": (
        lambda r, f: np.mean(softplus(-r)) + np.mean(softplus(f)),
        lambda r, f: np.mean(softplus(-f)),
    ),
    "least_squares": (
        lambda r, f: np.mean((r - 1) ** 2) / 2 + np.mean(f**2) / 2,
        lambda r, f: np.mean((f - 1) ** 2) / 2,
    ),
    "relativistic": (
        lambda r, f: np.mean(softplus(f - r)),
        lambda r, f: np.mean(softplus(r - f)),
    ),
}


@pytest.mark.parametrize("objective", ADVERSARIAL)
def test_every_term_is_its_formula(objective):
    options = {"objective": objective, "l1_weight": 7.0, "adversarial_weight": 0.3}
    gan = sgd(make(channels=3, **options), run_eagerly=True)
    x, y = images(seed=1), images(seed=2, shape=(4, 4, 3))
    found = gan.evaluate(x, y, batch_size=8, return_dict=True, verbose=0)
    made = np.asarray(gan.generator(x), "float64")
    real, fake = (np.asarray(gan.discriminator(both(x, each)), "float64") for each in (y, made))
    of_discriminator, of_generator = ADVERSARIAL[objective]
    expected = {
        "discriminator_loss": of_discriminator(real, fake) / 2,
        "generator_loss": 0.3 * of_generator(real, fake),
        "l1_loss": 7 * np.mean(abs(y - made)),
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-5)


def test_its_defaults_are_those_of_the_paper():
    gan = make()
    assert (gan.l1_weight, gan.adversarial_weight) == (100.0, 1.0)
    assert isinstance(gan.objective, kg.objectives.NonSaturating)
    for player in ("generator", "discriminator"):
        adam = gan.default_optimizer(player)
        assert (float(adam.learning_rate), adam.beta_1) == (pytest.approx(2e-4), 0.5)


INPUTS = np.random.default_rng(5).normal(size=(8, 2)).astype("float32")


@keras.saving.register_keras_serializable(package="tests_of_pix2pix")
def inputs(shape, seed):
    """A prior that draws the same samples of x, in their order."""
    return ops.convert_to_tensor(INPUTS[: shape[0]])


def test_without_the_l1_term_it_is_the_gan_whose_latent_vectors_are_inputs():
    """Its generator makes pairs (z, G(z)); its D takes half the step, whose loss is whole."""

    def networks():
        keras.utils.set_random_seed(11)
        z, pair = keras.Input((2,)), keras.Input((4,))
        made = layers.Dense(2)(layers.Dense(5, activation="tanh")(z))
        judged = layers.Dense(1)(layers.Dense(5, activation="tanh")(pair))
        return z, made, keras.Model(pair, judged)

    z, made, judge = networks()
    gan = kg.Pix2Pix(keras.Model(z, made), judge, l1_weight=0, seed=0)
    sgd(gan, rate=0.2, run_eagerly=True)
    z, made, judge = networks()
    maker = keras.Model(z, layers.Concatenate()([z, made]))
    plain = sgd(kg.GAN(maker, judge, prior=inputs, seed=0), 0.2, 0.1, run_eagerly=True)
    y = toys.points(8)
    for _ in range(3):
        gan.train_on_batch(INPUTS, y)
        plain.train_on_batch(both(INPUTS, y))
    assert_weights(gan, plain)
    assert "l1_loss" not in gan.metrics_names


def test_without_the_adversarial_term_it_is_the_regression():
    gan = sgd(make(l1_weight=5.0, adversarial_weight=0), rate=0.02, run_eagerly=True)
    alone = make().generator
    alone.compile(keras.optimizers.SGD(0.1), "mae", run_eagerly=True)
    x, y = images(seed=1), images(seed=2)
    for _ in range(3):
        gan.train_on_batch(x, y)
        alone.train_on_batch(x, y)
    assert_weights(gan.generator, alone)
    assert "generator_loss" not in gan.metrics_names


def test_penalties_look_at_pairs_and_are_halved_with_the_loss():
    """D is linear, a 2 x 2 convolution of stride 2: ∇ mean D is its kernel over 4 patches."""
    keras.utils.set_random_seed(11)
    pair = keras.Input((4, 4, 2))
    judge = keras.Model(pair, layers.Conv2D(1, 2, strides=2)(pair))
    gan = kg.Pix2Pix(generator(), judge, penalties=[kg.penalties.R1(6.0)], seed=1)
    found = sgd(gan, run_eagerly=True).evaluate(
        images(), images(seed=1), return_dict=True, verbose=0
    )
    kernel = np.asarray(judge.layers[1].kernel, "float64")
    expected = 0.5 * 6 / 2 * 4 * np.sum((kernel / 4) ** 2)
    assert found["r1_penalty"] == pytest.approx(expected, rel=1e-5)
    whole = gan.objective.estimates(2 * found["discriminator_loss"])["jensen_shannon_estimate"]
    assert found["jensen_shannon_estimate"] == pytest.approx(float(whole), rel=1e-5)


def test_translations_and_scores_are_those_of_the_networks():
    gan = make(channels=2)
    x, y = images(), images(seed=1, shape=(4, 4, 2))
    made = np.asarray(gan.generator(x))
    np.testing.assert_allclose(gan.translate(x, batch_size=3), made, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(gan.predict(x, verbose=0), made, rtol=1e-5, atol=1e-6)
    for scores, pairs in (
        (gan.discriminate(x, y, batch_size=5), both(x, y)),
        (gan.discriminate(x), both(x, made)),
    ):
        expected = np.asarray(gan.discriminator(pairs)).mean(axis=(1, 2))
        np.testing.assert_allclose(scores, expected, rtol=1e-5, atol=1e-6)
    assert gan.sample_shapes == ((4, 4, 1), (4, 4, 2))


def test_noise_is_drawn_again_by_the_same_seed_and_changes_nothing_that_is_kept():
    keras.utils.set_random_seed(11)
    noisy = generator(dropout=0.5, normalized=True)
    gan, x = kg.Pix2Pix(noisy, discriminator(), seed=7, average=0.9), images()
    sgd(gan, run_eagerly=True).train_on_batch(x, images(seed=1))
    before = [np.array(v) for v in gan.variables]
    one, again, other = (gan.translate(x, noise=True, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).max() > 0.01
    assert np.abs(one[:4] - gan.translate(x[:4], noise=True, seed=1)).max() > 1e-4  # of the batch
    twice = np.concatenate([x[:4], x[:4]])
    parts = gan.translate(twice, noise=True, seed=1, batch_size=4)
    assert np.abs(parts[:4] - parts[4:]).max() > 0.01  # every batch has its own
    np.testing.assert_array_equal(gan.translate(x), gan.translate(x))
    for v, old in zip(gan.variables, before, strict=True):
        np.testing.assert_array_equal(np.asarray(v), old, err_msg=v.path)


def test_dropout_at_test_time_is_right_on_average():
    """G is linear behind its dropout, so that the mean of its translations is G without noise."""
    x = keras.Input(SHAPE)
    made = layers.Conv2D(1, 3, padding="same")(kg.layers.Dropout(0.5)(x))
    gan, x = kg.Pix2Pix(keras.Model(x, made), discriminator(), seed=0), images(1)
    many = gan.translate(np.repeat(x, 4000, axis=0), noise=True, seed=0, batch_size=4000)
    error = many.std(axis=0) / 4000**0.5
    assert (np.abs(many.mean(axis=0) - gan.translate(x)[0]) < 5 * error).all()
    assert many.std(axis=0).min() > 0.01


def test_the_translator_of_a_game_goes_its_way(tmp_path):
    keras.utils.set_random_seed(11)
    unet = kg.networks.unet_generator((4, 8, 1), 2, width=2)
    judge = kg.networks.patch_discriminator((4, 8, 3), width=2, depth=1)
    gan, x = kg.Pix2Pix(unet, judge, average=0.5, seed=0), images(shape=(4, 8, 1))
    sgd(gan, run_eagerly=True)
    for seed in (1, 2):
        gan.train_on_batch(x, images(seed=seed, shape=(4, 8, 2)))
    translator = kg.Translator.from_gan(gan)
    translator.save_to_preset(tmp_path / "preset")
    translator.save(tmp_path / "translator.keras")
    copies = [
        translator,
        kg.Translator.from_preset(tmp_path / "preset"),
        keras.saving.load_model(tmp_path / "translator.keras"),
    ]
    for each in copies:
        assert list(each.parts()) == ["generator_xy"]
        np.testing.assert_allclose(each.translate(x), gan.translate(x), rtol=1e-5, atol=1e-6)
        noisy = each.translate(x, noise=True, seed=1)
        expected = gan.translate(x, noise=True, seed=1)  # of the averaged generator, too
        np.testing.assert_allclose(noisy, expected, rtol=1e-5, atol=1e-6)
        with pytest.raises(ValueError, match="translates from x to y alone; received to='x'"):
            each.translate(images(shape=(4, 8, 2)), to="x")
    assert np.abs(gan.translate(x) - gan.translate(x, average=False)).max() > 1e-5
    with pytest.raises(ValueError, match=r"use kg\.Translator\.from_gan"):
        kg.Generator.from_gan(gan)


@pytest.mark.thorough
def test_a_game_of_the_paper_s_networks_is_saved_and_goes_on(tmp_path):
    keras.utils.set_random_seed(11)
    unet = kg.networks.unet_generator((8, 12, 1), width=2)
    judge = kg.networks.patch_discriminator((8, 12, 2), width=2, depth=1)
    gan = kg.Pix2Pix(unet, judge, average=0.9, seed=0)
    gan.compile()
    data = images(shape=(8, 12, 1)), images(seed=1, shape=(8, 12, 1))
    gan.fit(*data, batch_size=4, shuffle=False, verbose=0)
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    assert (copy.l1_weight, copy.adversarial_weight) == (100.0, 1.0)
    for each in (gan, copy):
        each.fit(*data, batch_size=4, shuffle=False, verbose=0)
    for a, b in zip(gan.variables, copy.variables, strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b), err_msg=a.path)
