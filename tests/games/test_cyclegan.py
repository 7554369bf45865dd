"""CycleGAN against the algorithm by hand, and its losses against float64 NumPy."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.parallel.random_numbers import Draws, uniform
from tests.derivatives import gradients
from tests.games.test_image_pool import looped
from tests.games.translators import SHAPE, generator, images, make, sgd


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


def terms_of(gan, x, y):
    """Scores and images as float64 arrays, and what the losses make of them."""
    look = {
        "G(x)": gan.generator_xy(x),
        "F(y)": gan.generator_yx(y),
        "G(y)": gan.generator_xy(y),
        "F(x)": gan.generator_yx(x),
    }
    look |= {"F(G(x))": gan.generator_yx(look["G(x)"]), "G(F(y))": gan.generator_xy(look["F(y)"])}
    look |= {"D_y(y)": gan.discriminator_y(y), "D_y(G(x))": gan.discriminator_y(look["G(x)"])}
    look |= {"D_x(x)": gan.discriminator_x(x), "D_x(F(y))": gan.discriminator_x(look["F(y)"])}
    return {name: np.asarray(value, "float64") for name, value in look.items()}


def softplus(v):
    return np.logaddexp(0, v)


ADVERSARIAL = {  # discriminator's loss of (real, fake) scores of patches, generator's of both
    "least_squares": (
        lambda r, f: np.mean((r - 1) ** 2) / 2 + np.mean(f**2) / 2,
        lambda r, f: np.mean((f - 1) ** 2) / 2,
    ),
    "hinge": (
        lambda r, f: np.mean(np.maximum(0, 1 - r)) + np.mean(np.maximum(0, 1 + f)),
        lambda r, f: -np.mean(f),
    ),
    "relativistic": (
        lambda r, f: np.mean(softplus(f - r)),
        lambda r, f: np.mean(softplus(r - f)),
    ),
}


@pytest.mark.parametrize("objective", ADVERSARIAL)
def test_every_term_is_its_formula(objective):
    gan = sgd(
        make(objective=objective, cycle_weight=3.0, identity_weight=0.7), rate=0.0, run_eagerly=True
    )
    x, y = images(seed=1), images(seed=2)
    found = gan.evaluate(x, y, batch_size=8, return_dict=True, verbose=0)

    t, (of_discriminator, of_generator) = terms_of(gan, x, y), ADVERSARIAL[objective]

    def apart(a, b):
        return np.mean(abs(a - b))

    expected = {
        "discriminator_x_loss": of_discriminator(t["D_x(x)"], t["D_x(F(y))"]),
        "discriminator_y_loss": of_discriminator(t["D_y(y)"], t["D_y(G(x))"]),
        "generator_xy_loss": 2 * of_generator(t["D_y(y)"], t["D_y(G(x))"]),
        "generator_yx_loss": 2 * of_generator(t["D_x(x)"], t["D_x(F(y))"]),
        "cycle_loss": 3 * (apart(t["F(G(x))"], x) + apart(t["G(F(y))"], y)),
        "identity_loss": 0.7 * (apart(t["G(y)"], y) + apart(t["F(x)"], x)),
    }
    assert found == pytest.approx(expected, rel=1e-5)


def test_terms_without_weight_are_not_there():
    gan = sgd(make(cycle_weight=0, identity_weight=0), run_eagerly=True)
    history = gan.fit(images(), images(seed=1), verbose=0).history
    assert set(history) == {f"discriminator_{d}_loss" for d in "xy"} | {
        "generator_xy_loss",
        "generator_yx_loss",
    }


def test_penalties_see_the_mean_score_of_a_sample():
    """D is linear, a 2 x 2 convolution of stride 2: ∇ mean D is its kernel over 4 patches."""

    def linear(shape=SHAPE):
        x = keras.Input(shape)
        return keras.Model(x, layers.Conv2D(1, 2, strides=2)(x))

    keras.utils.set_random_seed(11)
    judges = linear(), linear()
    gan = kg.CycleGAN(generator(), generator(), *judges, penalties=[kg.penalties.R1(6.0)], seed=1)
    history = sgd(gan, rate=0.0, run_eagerly=True).fit(images(), images(seed=1), verbose=0).history
    for domain, judge in zip("xy", judges, strict=True):
        kernel = np.asarray(judge.layers[1].kernel, "float64")
        expected = 6 / 2 * 4 * np.sum((kernel / 4) ** 2)
        assert history[f"r1_penalty_{domain}"][0] == pytest.approx(expected, rel=1e-5)


def test_discriminators_learn_from_the_pool_in_training_alone():
    gan = sgd(make(pool_size=4), rate=0.0, run_eagerly=True)  # nothing moves but the pool
    x, y = images(40, seed=1), images(40, seed=2)
    gan.fit(x, y, batch_size=8, verbose=0)
    assert int(gan.pool_x.count) == int(gan.pool_y.count) == 4
    for pool, made in ((gan.pool_y, gan.translate(x)), (gan.pool_x, gan.translate(y, to="x"))):
        for image in np.asarray(pool.images):
            assert abs(made - image).max(axis=(1, 2, 3)).min() < 1e-6
    kept = np.array(gan.pool_x.images)
    losses = gan.evaluate(x, y, return_dict=True, verbose=0)
    np.testing.assert_array_equal(gan.pool_x.images, kept)
    t = terms_of(gan, x, y)
    expected = ADVERSARIAL["least_squares"][0](t["D_y(y)"], t["D_y(G(x))"])
    assert losses["discriminator_y_loss"] == pytest.approx(expected, rel=1e-5)


def test_the_pool_s_part_in_a_step():
    gan = sgd(make(pool_size=3), rate=0.0, run_eagerly=True)
    x, y = images(8, seed=1), images(8, seed=2)
    logs = gan.train_on_batch(x, y, return_dict=True)
    t, draws = terms_of(gan, x, y), Draws(7)
    for domain, fakes in (("x", gan.translate(y, to="x")), ("y", gan.translate(x))):
        shown, _ = looped([fakes], 3, [np.array(uniform((8, 2), seed=draws))])
        judge = {"x": gan.discriminator_x, "y": gan.discriminator_y}[domain]
        real, fake = t[f"D_{domain}({domain})"], np.asarray(judge(shown), "float64")
        expected = ADVERSARIAL["least_squares"][0](real, fake)
        assert logs[f"discriminator_{domain}_loss"] == pytest.approx(expected, rel=1e-5)
        assert not np.array_equal(shown, fakes)


def test_translate_goes_either_way():
    gan = make(x=(4, 4, 1), y=(4, 4, 2), identity_weight=0)
    x, y = images(), images(shape=(4, 4, 2))
    there, back = gan.translate(x, batch_size=3), gan.translate(y, to="x")
    assert there.dtype == back.dtype == np.float32
    np.testing.assert_allclose(there, gan.generator_xy(x), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(back, gan.generator_yx(y), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(gan.predict(x, verbose=0), there, rtol=1e-5, atol=1e-6)
    for domain, samples, judge in (("x", x, gan.discriminator_x), ("y", y, gan.discriminator_y)):
        scores = gan.discriminate(samples, domain=domain, batch_size=5)
        expected = np.asarray(judge(samples)).mean(axis=(1, 2))
        np.testing.assert_allclose(scores, expected, rtol=1e-5, atol=1e-6)
    assert gan.sample_shapes == ((4, 4, 1), (4, 4, 2))


def test_discriminators_may_give_one_score_a_sample():
    def flat():
        x = keras.Input(SHAPE)
        return keras.Model(x, layers.Dense(1)(layers.Flatten()(x)))

    gan = kg.CycleGAN(generator(), generator(), flat(), flat(), seed=1)
    history = sgd(gan, run_eagerly=True).fit(images(), images(), verbose=0).history
    assert np.isfinite(list(history.values())).all()
    np.testing.assert_allclose(gan.discriminate(images()), gan.discriminator_y(images()), rtol=1e-5)
