"""Categorical and discretized logistic distributions against SciPy, also where digits are few."""

import keras
import numpy as np
import pytest
import scipy.stats
from keras import ops
from scipy.special import expit, log_softmax

import keras_gan as kg
from keras_gan.distributions import Categorical, DiscretizedLogistic

LOGITS = np.random.default_rng(1).normal(size=(3, 5)).astype("float32")


def by_scipy(x, mean, scale, levels):
    """log P in float64; the distribution of −x gives the tail where P(x < …) rounds to 1."""
    half = 1 / (levels - 1)
    logistic = scipy.stats.logistic(mean, scale)
    upper = np.where(x > 1 - half, np.inf, x + half)
    lower = np.where(x < half - 1, -np.inf, x - half)
    by_cdf = logistic.cdf(upper) - logistic.cdf(lower)
    by_sf = logistic.sf(lower) - logistic.sf(upper)
    return np.log(np.where(x > mean, by_sf, by_cdf))


def test_categorical_is_that_of_scipy():
    x = np.array([[0, 4, 2], [1, 1, 3]])
    expected = [scipy.stats.multinomial(1, np.exp(log_softmax(row))) for row in LOGITS]
    sums = [sum(e.logpmf(np.eye(5)[k]) for e, k in zip(expected, row, strict=True)) for row in x]
    found = Categorical(LOGITS).log_prob(x)
    np.testing.assert_allclose(found, sums, rtol=1e-5)


@pytest.mark.parametrize("outside", [-1, 5, 1.5])
def test_what_is_no_category_has_no_probability(outside):
    found = Categorical(LOGITS[0]).log_prob([[0, outside], [0, 1]])
    assert float(found[0]) == -np.inf
    assert np.isfinite(float(found[1]))


def test_categories_are_drawn_as_often_as_they_are_likely():
    logits = [0.0, 1.0, -np.inf, 2.0, -np.inf]
    x = ops.convert_to_numpy(Categorical(logits).sample((100_000,), seed=2))
    assert x.dtype == "int32"
    counts, p = np.bincount(x, minlength=5), np.exp(log_softmax(logits))
    assert counts[2] == counts[4] == 0
    error = np.sqrt(p * (1 - p) / len(x))
    assert (np.abs(counts / len(x) - p) <= 4 * error).all()


@pytest.mark.parametrize("levels", [2, 3, 256])
@pytest.mark.parametrize("scale", [1e-3, 0.01, 0.1, 1.0, 10.0])
@pytest.mark.parametrize("mean", [-2.0, 0.1234, 0.9])
def test_the_levels_have_the_probabilities_of_scipy_and_add_up_to_one(levels, scale, mean):
    distribution = DiscretizedLogistic(mean, scale, levels)
    x = ops.convert_to_numpy(distribution.grid())
    assert (x[0], x[-1], len(x)) == (-1, 1, levels)
    found = ops.convert_to_numpy(distribution.log_prob(x[:, None])).astype("float64")
    assert np.exp(found).sum() == pytest.approx(1, abs=1e-6)
    np.testing.assert_array_equal(found, distribution.log_probabilities())
    grid = np.linspace(-1, 1, levels)  # in float64
    with np.errstate(divide="ignore"):
        expected = by_scipy(grid, mean, scale, levels)
    seen = expected > -600  # where float64 has digits left
    np.testing.assert_allclose(found[seen], expected[seen], rtol=3e-6, atol=3e-4)
    assert np.isfinite(found).all()


def test_every_pair_of_a_level_and_parameters_has_finite_slopes():
    """Also where the probability underflows."""
    from keras_gan.backend import autodiff

    mean = keras.Variable(np.linspace(-1.5, 1.5, 7, dtype="float32"))
    log_scale = keras.Variable(np.log([1e-4, 1e-3, 0.01, 0.1, 1.0, 10.0, 100.0]).astype("float32"))

    def total():
        distribution = DiscretizedLogistic(mean.value, ops.exp(log_scale.value), 256)
        return ops.sum(distribution.log_prob(ops.tile(distribution.grid()[:, None], (1, 7)))), None

    for slope in autodiff.gradients(total, [mean, log_scale])[0]:
        assert np.isfinite(ops.convert_to_numpy(slope)).all()


def test_parameters_of_few_digits_are_computed_with_in_float32():
    mean = ops.convert_to_tensor(np.linspace(-1, 1, 9), "bfloat16")
    scale = ops.convert_to_tensor(np.full(9, 0.01), "bfloat16")
    distribution = DiscretizedLogistic(mean, scale)
    found = distribution.log_probabilities()
    assert keras.backend.standardize_dtype(found.dtype) == "float32"
    sums = np.exp(ops.convert_to_numpy(found).astype("float64")).sum(axis=1)
    np.testing.assert_allclose(sums, 1, atol=1e-6)
    wide = DiscretizedLogistic(ops.cast(mean, "float32"), ops.cast(scale, "float32"))
    np.testing.assert_array_equal(found, wide.log_probabilities())


def test_samples_lie_on_the_levels_as_often_as_they_are_likely():
    distribution = DiscretizedLogistic(0.6, 0.3, levels=8)
    x = ops.convert_to_numpy(distribution.sample((100_000,), seed=4))
    grid = ops.convert_to_numpy(distribution.grid())
    hits = x[:, None] == grid
    assert hits.any(axis=1).all()
    p = np.exp(ops.convert_to_numpy(distribution.log_probabilities()))
    error = np.sqrt(p * (1 - p) / len(x))
    assert (np.abs(hits.mean(axis=0) - p) <= 4 * error).all()


def test_a_value_between_two_levels_counts_as_the_nearer_one():
    distribution = DiscretizedLogistic(0.1, 0.2, levels=3)
    x = np.array([[-0.6], [-1.0], [0.49], [0.0], [1.2], [1.0]], "float32")
    near, exact = ops.convert_to_numpy(distribution.log_prob(x)).reshape(3, 2).T
    np.testing.assert_array_equal(near, exact)


@pytest.mark.parametrize("scale", [0.001, 0.1, 2.0])
def test_the_likelihood_has_the_mean_of_the_levels(scale):
    likelihood = kg.likelihoods.DiscretizedLogistic(scale)
    means = np.array([[-3.0, -0.95, 0.0123], [0.5, 1.0, 2.0]], "float32")
    distribution = likelihood.distribution(means)
    p = np.exp(ops.convert_to_numpy(distribution.log_probabilities()).astype("float64"))
    expected = p @ np.linspace(-1, 1, 256)
    np.testing.assert_allclose(likelihood.mean(means), expected, atol=2e-6)
    rows = ops.convert_to_tensor(np.tile(means, (2000, 1)))
    drawn = ops.convert_to_numpy(likelihood.sample(rows, seed=0)).reshape(2000, 2, 3)
    error = drawn.std(axis=0) / np.sqrt(2000) + 1e-4
    assert (np.abs(drawn.mean(axis=0) - expected) < 4 * error).all()


def test_the_likelihood_is_one_a_name_gives_and_a_vae_takes():
    likelihood = kg.likelihoods.get("discretized_logistic")
    assert repr(likelihood) == "DiscretizedLogistic()"
    mlp = kg.networks.mlp_generator
    networks = mlp(data_dim=4, latent_dim=2, width=8), mlp(data_dim=2, latent_dim=2, width=8)
    model = kg.VAE(*networks, likelihood="discretized_logistic", seed=0)
    model.compile()
    x = np.random.default_rng(0).uniform(-1, 1, (32, 2)).astype("float32")
    assert np.isfinite(model.fit(x, verbose=0).history["loss"]).all()
    assert np.abs(model.generate(8, seed=0)).max() <= 1
    with pytest.raises(ValueError, match=r"discretized logistic likelihood takes samples in \[-1,"):
        model.fit(3 * x, verbose=0)


def test_sigmoids_far_out_do_not_cancel():
    """P between two edges 10 σ above the mean, where σ(a) − σ(b) of float32 is 0."""
    found = float(DiscretizedLogistic(-1.0, 0.05).log_prob([[0.9]])[0])
    edges = (1.9 + np.array([1, -1]) / 255) / 0.05
    level = np.round((0.9 + 1) * 127.5) / 127.5 - 1
    edges += (level - 0.9) / 0.05
    assert found == pytest.approx(np.log(expit(-edges[1]) - expit(-edges[0])), rel=1e-5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Categorical(1.0), r"one for each of at least 2 categories; received the shape \("),
        (lambda: Categorical([[1.0]]), r"received the shape \(1, 1\)"),
        (lambda: DiscretizedLogistic(scale=0), "scale must be a number greater than 0; received 0"),
        (lambda: DiscretizedLogistic(levels=1), "levels must be a whole number of at least 2"),
        (
            lambda: kg.likelihoods.DiscretizedLogistic(levels=1),
            "levels must be a whole number of at least 2",
        ),
    ],
)
def test_what_is_wrong_is_said(make, message):
    with pytest.raises(ValueError, match=message):
        make()
