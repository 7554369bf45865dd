"""Estimates that samples cannot carry say so, and the others do not."""

import warnings

import numpy as np
import pytest
from keras import ops
from scipy.stats import norm

from keras_gan.metrics import estimate_divergence
from keras_gan.metrics.density_ratio import (
    decisive_weights,
    density_ratio,
    doubts,
    effective_size,
    tail_doubts,
)
from keras_gan.objectives import Variational, divergences
from keras_gan.objectives.divergences import Alpha
from tests.slow import slow_but

DECIDED_BY = {  # how many sets of weights: r over fakes, 1/r over reals
    "kl": 1,
    "pearson": 1,
    "reverse_kl": 1,
    "neyman": 1,
    "jeffrey": 2,
    "squared_hellinger": 0,
    "jensen_shannon": 0,
    "weighted_jensen_shannon": 0,
    "gan": 0,
    "alpha": 0,
    "total_variation": 0,
}


@pytest.mark.parametrize("name", sorted(set(divergences.DIVERGENCES) - {"total_variation"}))
def test_the_ratio_is_the_u_whose_derivative_is_the_activation(name):
    """f'(u) = g(v): the optimal T at density ratio u."""
    objective = Variational(name)
    u = density_ratio(objective, np.linspace(-2.0, 2.0, 9))
    optimal = ops.convert_to_numpy(objective.divergence.derivative(ops.convert_to_tensor(u)))
    found = objective.divergence.activation(ops.convert_to_tensor(np.linspace(-2.0, 2.0, 9)))
    np.testing.assert_allclose(optimal, ops.convert_to_numpy(found), atol=1e-6)


@pytest.mark.parametrize("name", sorted(divergences.DIVERGENCES))
def test_which_divergences_rest_on_rare_weights(name):
    v = np.zeros((3, 1))
    assert len(decisive_weights(Variational(name), v, v)) == DECIDED_BY[name]


def test_doubts():
    rng = np.random.default_rng(0)
    assert doubts(rng.lognormal(-0.5, 1.0, size=5000)) is None  # mean 1
    assert "mean 0.5" in doubts(np.full(1000, 0.5))
    assert "rests on 1 of 1000" in doubts(np.array([1000.0] + 999 * [0.0]))
    assert "rests on 0" in doubts(np.array([np.inf, 1.0]))
    assert effective_size(np.array([1e300, 1e300])) == pytest.approx(2.0)


def softplus_inverse(y):
    """x with log(1 + e^x) = y, for any y > 0."""
    return y + np.log(-np.expm1(-y))


def scores_of_normals(name, shift, n):
    """The scores of the best D on quantiles of N(0, 1) and N(shift, 1), and the objective."""
    x = norm.ppf((np.arange(n) + 0.5) / n)
    logs = [shift * (shift / 2 - x), -shift * (shift / 2 + x)]  # log r at real and fake samples
    scores = {
        "kl": lambda log_r: log_r + 1,
        "reverse_kl": lambda log_r: log_r,
        "pearson": lambda log_r: 2 * np.expm1(log_r),
        "neyman": lambda log_r: 2 * log_r,
        "jeffrey": lambda log_r: log_r + 1 - np.exp(-log_r),
        "squared_hellinger": lambda log_r: log_r / 2,
        "alpha2": lambda log_r: np.expm1(log_r),
        "alpha-1": lambda log_r: -softplus_inverse(np.exp(-2 * log_r) / 2),
    }
    objective = Variational({"alpha2": Alpha(2.0), "alpha-1": Alpha(-1.0)}.get(name, name))
    return objective, *(scores[name](log_r)[:, None] for log_r in logs)


@pytest.mark.parametrize("n", [1000, 25_000])
@pytest.mark.parametrize("name", ["pearson", "neyman", "alpha2", "alpha-1"])
def test_terms_that_grow_like_the_square_of_the_ratio_are_heavy_between_shifted_normals(name, n):
    """r² of N(0, 1) against N(1, 1) is lognormal with σ = 2."""
    assert f"{n} " in tail_doubts(*scores_of_normals(name, 1.0, n))
    assert tail_doubts(*scores_of_normals(name, 0.5, n)) is None


@pytest.mark.parametrize("name", ["kl", "reverse_kl", "jeffrey"])
def test_terms_that_grow_like_the_ratio_are_heavy_further_apart(name):
    for shift in (0.2, 1.0, 1.5):
        assert tail_doubts(*scores_of_normals(name, shift, 1000)) is None
    assert "r^" in tail_doubts(*scores_of_normals(name, 2.0, 1000))
    assert tail_doubts(*scores_of_normals(name, 2.0, 100_000)) is None


@pytest.mark.parametrize("n", [50, 1000])
@pytest.mark.parametrize("shift", [0.0, 5.0])
def test_terms_that_grow_like_its_root_have_no_heavy_tail(shift, n):
    assert tail_doubts(*scores_of_normals("squared_hellinger", shift, n)) is None


def test_a_flattened_tail_is_noticed_by_the_bulk():
    """A network that takes r for what it is at the 98th percentile everywhere beyond."""
    objective, real, fake = scores_of_normals("pearson", 1.0, 5000)
    most = np.quantile(fake, 0.98)
    assert tail_doubts(objective, np.minimum(real, most), np.minimum(fake, most)) is not None


def shifted(n, shift, dimension=1):
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(2, n, dimension))
    return real, fake + shift / np.sqrt(dimension)


@pytest.mark.parametrize(
    ("name", "shift"),
    slow_but(
        [("kl", 5.0), ("pearson", 1.0)],
        [("kl", 5.0), ("pearson", 1.0), ("neyman", 1.0), ("reverse_kl", 5.0), ("kl", 8.0)],
    ),
)
def test_an_estimate_beyond_its_samples_comes_with_a_warning(name, shift):
    """KL is 12.5 and 32; 5,000 samples a half know nothing of e^12.5, nor of all r² of N(1, 1)."""
    with pytest.warns(UserWarning, match="unreliable.*jensen_shannon"):
        estimate = estimate_divergence(*shifted(10_000, shift), name, steps=300, verbose=0)
    assert estimate.doubt is not None
    assert np.isnan(estimate.standard_error)


@pytest.mark.parametrize(
    ("name", "shift"),
    slow_but([("kl", 1.0)], [("kl", 0.2), ("kl", 1.0), ("jeffrey", 1.0), ("gan", 5.0)]),
)
def test_an_honest_estimate_comes_without(name, shift):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", "__array__ implementation")  # Keras's, on JAX
        estimate = estimate_divergence(*shifted(10_000, shift), name, steps=300, verbose=0)
    assert estimate.doubt is None
    assert 0 < estimate.standard_error < 0.1


@pytest.mark.slow
def test_the_standard_error_is_the_spread_of_estimates():
    """Over twelve draws of 800 samples."""
    values = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        real, fake = rng.normal(size=(2, 800, 1))
        estimate = estimate_divergence(real, fake + 1, "jensen_shannon", steps=100, verbose=0)
        values.append((estimate.value, estimate.standard_error))
    spread, stated = np.std([v for v, _ in values], ddof=1), np.mean([e for _, e in values])
    assert 0.5 < stated / spread < 2.0


@pytest.mark.slow
def test_the_wasserstein_distance_in_many_dimensions():
    """Far apart in 256 dimensions: W₁ = ‖μ‖ = 16 to 3%."""
    rng = np.random.default_rng(0)
    real, fake = 0.1 * rng.normal(size=(2, 4000, 256))
    estimate = estimate_divergence(real, fake + 1.0, "wasserstein", steps=300, verbose=0)
    assert estimate.value == pytest.approx(16.0, rel=0.03)
