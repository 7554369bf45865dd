"""Divergences in closed form against SciPy, and by samples against the closed form."""

import numpy as np
import pytest
import scipy.stats
from keras import ops
from scipy.integrate import quad
from scipy.special import expit, softmax

from keras_gan.distributions import (
    Bernoulli,
    Categorical,
    DiscretizedLogistic,
    Distribution,
    Mixture,
    Normal,
    Uniform,
    kl,
)

LOGITS = np.random.default_rng(3).normal(size=(2, 4)).astype("float32")
PAIRS = {
    "normal": (Normal(0.5, 2.0), Normal(-1.0, 1.5)),
    "bernoulli": (Bernoulli(0.7), Bernoulli(-1.0)),
    "categorical": (Categorical(LOGITS[0]), Categorical(LOGITS[1])),
    "uniform": (Uniform(0.0, 1.0), Uniform(-2.0, 3.0)),
    "discretized logistic": (DiscretizedLogistic(0.2, 0.1), DiscretizedLogistic(-0.1, 0.3)),
}


def by_quadrature(p, q):
    return quad(lambda x: p.pdf(x) * (p.logpdf(x) - q.logpdf(x)), -30, 30, limit=500)[0]


def known(name):
    if name == "normal":
        return by_quadrature(scipy.stats.norm(0.5, 2.0), scipy.stats.norm(-1.0, 1.5))
    if name == "bernoulli":
        p, q = expit(0.7), expit(-1.0)
        return scipy.stats.entropy([p, 1 - p], [q, 1 - q])
    if name == "categorical":
        return scipy.stats.entropy(*softmax(LOGITS, axis=1))
    if name == "uniform":
        return np.log(5)
    edges = np.linspace(-1, 1, 256)[:-1] + 1 / 255
    cdfs = [scipy.stats.logistic(m, s).cdf(edges) for m, s in ((0.2, 0.1), (-0.1, 0.3))]
    return scipy.stats.entropy(*(np.diff(c, prepend=0, append=1) for c in cdfs))


@pytest.mark.parametrize("name", PAIRS)
def test_closed_forms_are_those_of_scipy_and_samples_agree(name):
    exact = kl(*PAIRS[name])
    assert exact.value.shape == (1,)
    assert float(exact.standard_error[0]) == 0
    assert float(exact.value[0]) == pytest.approx(known(name), rel=2e-5)
    assert float(kl(PAIRS[name][0], PAIRS[name][0]).value[0]) == pytest.approx(0, abs=1e-6)
    estimate = kl(*PAIRS[name], samples=20_000, seed=1)
    error = float(estimate.standard_error[0])
    assert abs(float(estimate.value[0]) - known(name)) < 4 * error + 1e-5
    if name != "uniform":  # whose ratio of densities is the same everywhere
        assert 0 < error < 0.05


def test_the_stated_error_is_the_spread_of_estimates():
    pair = PAIRS["normal"]
    estimates = [kl(*pair, samples=400, seed=seed) for seed in range(200)]
    values = np.array([float(e.value[0]) for e in estimates])
    errors = np.array([float(e.standard_error[0]) for e in estimates])
    assert values.std() == pytest.approx(errors.mean(), rel=0.2)
    assert values.mean() == pytest.approx(known("normal"), abs=4 * errors.mean() / 200**0.5)


def test_a_batch_of_posteriors_is_summed_over_components():
    mean = np.array([[0.0, 1.0, 2.0], [-1.0, 0.0, 0.5]], "float32")
    scale = np.array([[1.0, 0.5, 2.0], [1.0, 1.0, 0.1]], "float32")
    expected = (0.5 * (mean**2 + scale**2 - 1) - np.log(scale)).sum(axis=1)
    posterior = Normal(ops.convert_to_tensor(mean), ops.convert_to_tensor(scale))
    np.testing.assert_allclose(kl(posterior, Normal()).value, expected, rtol=1e-5)
    estimate = kl(posterior, Normal(), samples=50_000, seed=0)
    errors = ops.convert_to_numpy(estimate.standard_error)
    assert (np.abs(ops.convert_to_numpy(estimate.value) - expected) < 4 * errors).all()


def test_numbers_are_those_of_one_component_and_a_shape_says_how_many_there_are():
    one = float(kl(Normal(1.0), Normal()).value[0])
    np.testing.assert_allclose(kl(Normal(1.0), Normal(), shape=(3, 4)).value, [4 * one] * 3)
    found = kl(Normal([1.0, 1.0]), Normal()).value
    np.testing.assert_allclose(found, [2 * one])


def test_what_the_second_excludes_is_infinitely_far():
    assert float(kl(Uniform(-2, 2), Uniform()).value[0]) == np.inf
    assert float(kl(Normal(), Uniform(), samples=1000, seed=0).value[0]) == np.inf
    assert float(kl(Categorical([0.0, 0.0]), Categorical([0.0, -np.inf])).value[0]) == np.inf
    never = kl(Categorical([0.0, -np.inf]), Categorical([0.0, 0.0])).value[0]
    assert float(never) == pytest.approx(np.log(2), rel=1e-6)


def test_unlike_kinds_are_estimated_with_their_error():
    p, q = Normal(0.3, 0.2), Mixture([Normal(-1.0, 0.7), Normal(1.0, 1.5)])
    parts = scipy.stats.norm([-1.0, 1.0], [0.7, 1.5])

    def integrand(x):
        one = scipy.stats.norm(0.3, 0.2)
        return one.pdf(x) * (one.logpdf(x) - np.log(parts.pdf(x).mean()))

    exact = quad(integrand, -3, 3)[0]
    estimate = kl(p, q, seed=0)
    error = float(estimate.standard_error[0])
    assert 0 < error < 0.02
    assert abs(float(estimate.value[0]) - exact) < 4 * error
    again = kl(p, q, seed=0)
    np.testing.assert_array_equal(again.value, estimate.value)


def test_what_is_wrong_is_said():
    with pytest.raises(ValueError, match="samples must be a whole number of at least 2"):
        kl(Normal(), Normal(), samples=1)
    with pytest.raises(ValueError, match="of as many categories; received 2 and 3"):
        kl(Categorical([0.0, 1.0]), Categorical([0.0, 1.0, 2.0]))
    with pytest.raises(ValueError, match="takes two of kg.distributions; received 'normal'"):
        kl(Normal(), "normal")
    three, two = Normal(np.zeros(3)), Normal(np.zeros(2))
    with pytest.raises(ValueError, match=r"of shapes \(3,\) and \(2,\), do not .* each other"):
        kl(three, two)
    for samples in (None, 10):
        with pytest.raises(ValueError, match=r"do not broadcast against samples of shape \(2, 2\)"):
            kl(three, Normal(), shape=(2, 2), samples=samples)
    assert issubclass(Mixture, Distribution)
