"""Mixtures of whole samples: their density, their samples, and as the prior of games."""

import keras
import numpy as np
import pytest
import scipy.stats
from keras import ops
from scipy.special import log_softmax, logsumexp

import keras_gan as kg
from keras_gan.distributions import (
    Bernoulli,
    Categorical,
    DiscretizedLogistic,
    Mixture,
    Normal,
    Uniform,
)

WEIGHTS = [0.0, 1.0]
CORNERS = Mixture([Normal([-1.0, -1.0], 0.1), Normal([1.0, 1.0], [0.2, 0.1])], WEIGHTS)
KINDS = [
    Mixture([Normal(), Uniform(-2, 2)]),
    Mixture([Bernoulli(1.0), Bernoulli([-1.0, 2.0])], [0.5, 0.0]),
    Mixture([Categorical([0.0, 1.0]), Categorical([1.0, 1.0])]),
    Mixture([DiscretizedLogistic(0.1), DiscretizedLogistic([0.5, 0.2], 0.3)]),
    Mixture([CORNERS, Normal(3.0)], [2.0, 0.0]),
]


def test_log_prob_is_that_of_scipy():
    x = np.random.default_rng(0).normal(size=(7, 2))
    parts = [
        scipy.stats.norm([-1, -1], 0.1).logpdf(x).sum(axis=1),
        scipy.stats.norm([1, 1], [0.2, 0.1]).logpdf(x).sum(axis=1),
    ]
    expected = logsumexp(np.stack(parts, axis=1) + log_softmax(WEIGHTS), axis=1)
    np.testing.assert_allclose(CORNERS.log_prob(x.astype("float32")), expected, rtol=1e-5)
    np.testing.assert_allclose(CORNERS.weights(), np.exp(log_softmax(WEIGHTS)), rtol=1e-6)


def test_far_from_everything_the_density_is_still_a_number():
    found = float(CORNERS.log_prob([[1e3, 1e3]])[0])
    assert found == pytest.approx(-0.5 * (999**2) * (1 / 0.2**2 + 1 / 0.1**2), rel=1e-4)


def test_whole_samples_are_mixed():
    x = ops.convert_to_numpy(CORNERS.sample((50_000, 2), seed=5))
    assert (np.sign(x[:, 0]) == np.sign(x[:, 1])).all()
    share, weight = (x[:, 0] > 0).mean(), 1 / (1 + np.exp(-1))
    assert abs(share - weight) < 4 * np.sqrt(weight * (1 - weight) / len(x))
    right = x[x[:, 0] > 0]
    np.testing.assert_allclose(right.mean(axis=0), 1, atol=0.01)
    np.testing.assert_allclose(right.std(axis=0), [0.2, 0.1], rtol=0.03)


def test_the_part_is_drawn_apart_from_the_sample_in_it():
    """Of one seed, too: the first part's samples are not those of small numbers alone."""
    twice = Mixture([Mixture([Normal(-9, 0.1), Normal(-3, 0.1)]), Normal(5)])
    x = ops.convert_to_numpy(twice.sample((20_000, 1), seed=1))[:, 0]
    shares = [(x < -6).mean(), ((x > -6) & (x < 0)).mean(), (x > 0).mean()]
    np.testing.assert_allclose(shares, [0.25, 0.25, 0.5], atol=0.015)
    assert x[x > 0].mean() == pytest.approx(5, abs=0.05)
    assert x[x > 0].std() == pytest.approx(1, rel=0.03)


@pytest.mark.parametrize("mixture", KINDS, ids=str)
def test_any_distributions_mix_and_come_back_from_their_config(mixture):
    x = mixture.sample((6, 2), seed=0)
    expected = mixture.log_prob(x)
    assert np.isfinite(ops.convert_to_numpy(expected)).all()
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(mixture))
    assert repr(copy) == repr(mixture)
    np.testing.assert_array_equal(copy.log_prob(x), expected)
    np.testing.assert_array_equal(copy.sample((6, 2), seed=0), x)


def networks(latent_dim=2):
    generator = kg.networks.mlp_generator(latent_dim=latent_dim, width=8)
    return generator, kg.networks.mlp_discriminator(width=8)


def test_it_is_the_prior_of_a_game_and_comes_back_with_it(tmp_path):
    gan = kg.GAN(*networks(), prior=CORNERS, seed=0)
    gan.compile()
    gan.fit(np.zeros((16, 2), "float32"), batch_size=8, verbose=0)
    z = gan.latents(500, seed=0)
    assert (np.sign(z[:, 0]) == np.sign(z[:, 1])).all()
    gan.save(tmp_path / "gan.keras")
    loaded = kg.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(loaded.generate(5, seed=1), gan.generate(5, seed=1))


def test_avb_takes_it_for_its_density():
    encoder = kg.networks.avb_encoder(data_dim=2, latent_dim=2, noise_dim=2, width=8)
    decoder = kg.networks.mlp_generator(latent_dim=2, width=8)
    judge = kg.networks.avb_discriminator(data_dim=2, latent_dim=2, width=8)
    avb = kg.AVB(decoder, encoder, judge, prior=CORNERS, likelihood="gaussian", seed=0)
    avb.compile()
    history = avb.fit(np.zeros((16, 2), "float32"), batch_size=8, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())


def test_a_generator_keeps_the_prior_that_it_was_trained_with():
    generator = kg.Generator(networks()[0], prior=CORNERS)
    other = Mixture([Normal([-1.0, -1.0], 0.1), Normal([1.0, 1.0], [0.2, 0.3])], WEIGHTS)
    with pytest.raises(ValueError, match="was trained with the prior Mixture"):
        kg.GAN(generator, networks()[1], prior=other)
    same = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(CORNERS))
    kg.GAN(generator, networks()[1], prior=same)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Mixture([]), "at least one of kg.distributions; received an empty list"),
        (lambda: Mixture(["normal"]), "at least one of kg.distributions; received str"),
        (lambda: Mixture([Normal()], [1.0, 2.0]), r"of 1 distributions takes 1 logits; .* \(2,\)"),
    ],
)
def test_what_is_wrong_is_said(make, message):
    with pytest.raises(ValueError, match=message):
        make()
