"""Densities against SciPy, samples against their moments, and what a prior may be."""

import math

import keras
import numpy as np
import pytest
import scipy.stats
from keras import ops

import keras_gan as kg
from keras_gan.distributions import (
    Bernoulli,
    Beta,
    Categorical,
    DiscretizedLogistic,
    Logistic,
    Mixture,
    Normal,
    Uniform,
    priors,
)
from keras_gan.parallel import random_numbers

X = np.random.default_rng(0).normal(size=(6, 3))
CASES = {
    "standard normal": (Normal(), X, scipy.stats.norm()),
    "normal": (Normal(0.5, 2.0), X, scipy.stats.norm(0.5, 2.0)),
    "logistic": (Logistic(0.5, 2.0), X, scipy.stats.logistic(0.5, 2.0)),
    "uniform": (Uniform(-2.0, 4.0), X, scipy.stats.uniform(-2.0, 6.0)),
    "beta": (Beta(5, 3), 1 / (1 + np.exp(-X)), scipy.stats.beta(5, 3)),
    "beta of no integers": (Beta(0.7, 2.5), 1 / (1 + np.exp(-X)), scipy.stats.beta(0.7, 2.5)),
    "bernoulli": (Bernoulli(0.7), (X > 0) * 1, scipy.stats.bernoulli(1 / (1 + np.exp(-0.7)))),
}
every = pytest.mark.parametrize("name", CASES)


@every
def test_log_prob_is_that_of_scipy(name):
    distribution, x, known = CASES[name]
    density = known.logpmf if name == "bernoulli" else known.logpdf
    found = ops.convert_to_numpy(distribution.log_prob(x.astype("float32")))
    assert found.shape == (6,)
    np.testing.assert_allclose(found, density(x).sum(axis=1), rtol=1e-5)


@every
def test_samples_have_the_moments(name):
    distribution, _, known = CASES[name]
    x = ops.convert_to_numpy(distribution.sample((40_000, 2), seed=3)).astype("float64")
    error = known.std() / np.sqrt(x.size)
    assert abs(x.mean() - known.mean()) < 4 * error
    assert x.std() == pytest.approx(known.std(), rel=0.02)
    np.testing.assert_array_equal(x, distribution.sample((40_000, 2), seed=3))


def test_outside_of_the_box_there_is_no_density():
    found = ops.convert_to_numpy(Uniform().log_prob([[0.0, 2.0], [0.0, 1.0]]))
    np.testing.assert_allclose(found, [-np.inf, -2 * np.log(2)], rtol=1e-6)


def test_parameters_may_be_tensors():
    mean = ops.convert_to_tensor([[0.0, 3.0]])
    scale = ops.convert_to_tensor([[1.0, 0.5]])
    x = ops.convert_to_tensor([[1.0, 2.0]])
    expected = scipy.stats.norm.logpdf([1.0, 2.0], [0.0, 3.0], [1.0, 0.5]).sum()
    assert float(Normal(mean, scale).log_prob(x)[0]) == pytest.approx(expected, rel=1e-5)


def test_no_samples_have_no_densities():
    for each in (Normal(), Mixture([Normal(), Uniform()])):
        assert each.log_prob(np.zeros((0, 3), "float32")).shape == (0,)


PARAMETERS = {
    "normal": (Normal, (X[:1], np.exp(X[1:2]))),
    "normal of one": (Normal, (0.5, np.exp(X[1:2]))),
    "logistic": (Logistic, (X[:1], np.exp(X[1:2]))),
    "bernoulli": (Bernoulli, (X[:1],)),
    "discretized logistic": (DiscretizedLogistic, (X[:1] / 4, np.exp(X[1:2]))),
}


@pytest.mark.parametrize("of_samples", ["float64", "float32", "int64"])
@pytest.mark.parametrize("of_parameters", ["float64", "float32"])
@pytest.mark.parametrize("name", PARAMETERS)
def test_samples_and_parameters_may_differ_in_precision(name, of_parameters, of_samples):
    kind, parameters = PARAMETERS[name]
    x = np.array([[0, 1, 1], [1, 0, 1]])
    expected = kind(*(np.asarray(p, "float32") for p in parameters)).log_prob(x.astype("float32"))
    found = kind(*(np.asarray(p, of_parameters) for p in parameters)).log_prob(x.astype(of_samples))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("distribution", [Normal(0.5, 2.0), Uniform(0.0, 3.0), Bernoulli(1.0)])
def test_they_survive_serialization(distribution):
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(distribution))
    assert repr(copy) == repr(distribution)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Normal(scale=0.0), "scale must be a number greater than 0; received 0.0"),
        (lambda: Uniform(2.0, 1.0), "high must be a number greater than 2.0; received 1.0"),
        (lambda: Uniform("a"), "low must be a number; received 'a'"),
        (lambda: Normal(scale=np.float32(-1)), "scale must be a number greater than 0; received"),
        (
            lambda: Normal(scale=np.array([1.0, -1.0])),
            "scale must be .* an array of such",
        ),
        (lambda: Normal([[0.0], [1.0, 2.0]]), "mean must be a number, or an array of such"),
        (lambda: Normal("a"), "mean must be a number, or an array of such; received 'a'"),
        (lambda: Normal(math.nan), "mean must be a number; received nan"),
        (lambda: Normal(scale=10**400), "scale must be a number greater than 0; received 10000"),
        (lambda: Normal(scale=1e-320), "scale must be .* that float32 holds, which ends at 3.4e"),
        (lambda: Uniform(-1e39, 1.0), "low must be a number that float32 holds"),
        (lambda: Uniform(-3e38, 3e38), "high − low must be a number that float32 holds"),
        (lambda: Bernoulli(math.nan), "logits must be a number; received nan"),
        (lambda: Bernoulli("a"), "logits must be a number, or an array of such"),
        (lambda: Normal().log_prob(1.0), r"Samples are an array \(batch, ...\); received"),
        (lambda: DiscretizedLogistic(levels=10**12), "levels must be at most 16,777,216"),
        (lambda: DiscretizedLogistic(scale=[-1.0]), "scale must be a number greater than 0, or an"),
        (lambda: Categorical([math.nan, 0.0]), "logits must be a number, or an array of such"),
        (lambda: Mixture([Normal(), Normal()], [math.inf, 0]), "logits must be a number, or an"),
        (lambda: Mixture(3), "A mixture takes a list of at least one .*received 3"),
        (lambda: priors.get(["normal"]), "Unknown prior .*did you mean 'normal'"),
        (lambda: kg.likelihoods.get(np.zeros(2)), "Unknown likelihood array"),
    ],
)
def test_what_is_wrong_is_said(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@keras.saving.register_keras_serializable(package="test")
def of_three(shape, seed):
    return Normal().sample((shape[0], 3), seed)


@keras.saving.register_keras_serializable(package="test")
def of_nan(shape, seed):
    return math.nan * Normal().sample(shape, seed)


@pytest.mark.parametrize(
    ("prior", "message"),
    [
        (Normal(np.zeros(3)), r"latent vectors of shape \(2, 2\) .*parameters have another shape"),
        (of_three, r"of_three must draw latent vectors of shape .*it draws \(2, 3\)"),
        (of_nan, "of_nan must .*all of them finite; it draws NaN"),
    ],
)
def test_a_prior_that_draws_no_latent_vectors_is_refused(prior, message):
    with pytest.raises(ValueError, match=message):
        kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), prior=prior)


def test_another_array_makes_another_prior():
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    generator.prior = Normal(np.zeros(2))
    assert priors.of_game(Normal(np.zeros(2)), generator) is not generator.prior
    with pytest.raises(ValueError, match="This generator was trained with the prior"):
        priors.of_game(Normal(np.ones(2)), generator)


def test_the_named_priors_are_faces_of_distributions():
    for prior, kind in ((priors.normal, Normal), (priors.uniform, Uniform)):
        assert isinstance(priors.distribution_of(prior), kind)
        drawn = priors.distribution_of(prior).sample((5, 2), 7)
        np.testing.assert_array_equal(prior((5, 2), seed=7), drawn)
    assert priors.distribution_of(lambda shape, seed: None) is None


def test_a_distribution_is_the_prior_of_a_game_and_comes_back_with_it(tmp_path):
    networks = kg.networks.mlp_generator(latent_dim=3, width=4), kg.networks.mlp_discriminator()
    gan = kg.GAN(*networks, prior=kg.distributions.Normal(2.0, 0.1), seed=0)
    gan.compile()
    gan.fit(np.zeros((8, 2), "float32"), verbose=0)
    z = gan.latents(1000, seed=0)
    assert z.mean() == pytest.approx(2.0, abs=0.02)
    gan.save(tmp_path / "gan.keras")
    loaded = kg.load_model(tmp_path / "gan.keras")
    np.testing.assert_array_equal(loaded.latents(5, seed=1), gan.latents(5, seed=1))
    np.testing.assert_allclose(loaded.generate(5, seed=1), gan.generate(5, seed=1), atol=1e-6)


def test_likelihoods_sample_what_their_distributions_say():
    logits = np.full((20_000, 2), 0.7, "float32")
    x = ops.convert_to_numpy(kg.likelihoods.Bernoulli().sample(logits, seed=0))
    assert set(np.unique(x)) == {-1.0, 1.0}
    assert x.mean() == pytest.approx(np.tanh(0.35), abs=0.02)
    x = ops.convert_to_numpy(kg.likelihoods.Gaussian(0.5).sample(logits, seed=0))
    assert (x.mean(), x.std()) == (pytest.approx(0.7, abs=0.01), pytest.approx(0.5, rel=0.02))


@pytest.mark.parametrize("extreme", [0, -1])
@pytest.mark.parametrize("distribution", [Logistic(), Beta(5, 3), Normal()])
def test_the_rarest_random_numbers_give_finite_samples(distribution, extreme, monkeypatch):
    """One in millions: of 10,000 samples of 784 logistic components one was infinite."""

    def rarest(shape, bits, seed):
        return ops.full(shape, extreme % 2**bits, "int32")

    monkeypatch.setattr(random_numbers, "integers", rarest)
    x = ops.convert_to_numpy(distribution.sample((3, 2), keras.random.SeedGenerator(0)))
    assert np.isfinite(x).all()
    assert np.isfinite(ops.convert_to_numpy(distribution.log_prob(x))).all()
