"""Likelihoods are the densities of their distributions."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy import stats

import keras_gan as kg

likelihoods = kg.likelihoods


def test_the_gaussian_is_the_normal_density(rng):
    x, mean = rng.normal(size=(2, 5, 3, 2)).astype("float32")
    likelihood = likelihoods.Gaussian(0.3)
    expected = stats.norm(mean, 0.3).logpdf(x).sum(axis=(1, 2))
    found = likelihood.log_density(ops.convert_to_tensor(x), ops.convert_to_tensor(mean))
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    np.testing.assert_array_equal(likelihood.mean(mean), mean)


def test_the_bernoulli_is_the_probability_of_its_pictures(rng):
    """That of each black-and-white picture; all of them add up to one, and give the mean."""
    logits = rng.normal(size=(1, 3)).astype("float32")
    pictures = np.stack(np.meshgrid(*[[-1.0, 1.0]] * 3), axis=-1).reshape(-1, 3).astype("float32")
    rows = ops.convert_to_tensor(np.tile(logits, (8, 1)))
    likelihood = likelihoods.Bernoulli()
    found = np.exp(likelihood.log_density(ops.convert_to_tensor(pictures), rows))
    p = 1 / (1 + np.exp(-logits.astype("float64")))
    np.testing.assert_allclose(found, np.where(pictures > 0, p, 1 - p).prod(axis=1), rtol=1e-5)
    assert found.sum() == pytest.approx(1, rel=1e-5)
    np.testing.assert_allclose(likelihood.mean(logits)[0], found @ pictures, atol=1e-6)


def test_sure_logits_stay_finite():
    logits = ops.convert_to_tensor([[1e4, -1e4, 1e4]])
    found = likelihoods.Bernoulli().log_density(ops.convert_to_tensor([[1.0, -1.0, -1.0]]), logits)
    assert float(found[0]) == pytest.approx(-1e4)


def test_densities_are_float32_where_the_networks_are_not():
    x = ops.ones((2, 3), dtype="bfloat16")
    for likelihood in (likelihoods.Gaussian(), likelihoods.Bernoulli()):
        assert keras.backend.standardize_dtype(likelihood.log_density(x, x).dtype) == "float32"


@pytest.mark.parametrize(
    "likelihood", [likelihoods.Gaussian(0.2), likelihoods.Bernoulli()], ids=repr
)
def test_they_come_back_from_their_config(likelihood):
    config = keras.saving.serialize_keras_object(likelihood)
    assert repr(keras.saving.deserialize_keras_object(config)) == repr(likelihood)
    assert likelihoods.get(likelihood) is likelihood


def test_names_and_refusals():
    assert likelihoods.get("gaussian").stddev == 1
    assert isinstance(likelihoods.get("bernoulli"), likelihoods.Bernoulli)
    with pytest.raises(ValueError, match="Unknown likelihood 'poisson'"):
        likelihoods.get("poisson")
    with pytest.raises(ValueError, match="stddev must be a number greater than 0"):
        likelihoods.Gaussian(0)
