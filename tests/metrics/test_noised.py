"""The bound on the Wasserstein distance by the JSD of noised samples."""

import math

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.metrics import noised


def sets(name, d, rng):
    """Two sets of samples of unlike kinds and distances."""
    a = rng.normal(size=(60, d))
    return {
        "equal": (a, a.copy()),
        "near": (a, rng.normal(size=(60, d)) + 0.1),
        "far": (a, rng.normal(size=(60, d)) + 20.0),
        "narrow": (a, 0.01 * rng.normal(size=(60, d))),
        "two points": (np.zeros((2, d)), np.ones((2, d))),
        "heavy": (rng.standard_t(1, size=(40, d)), rng.standard_t(1, size=(60, d))),
    }[name]


@pytest.mark.parametrize("d", [1, 2, 5, 30])
@pytest.mark.parametrize("name", ["equal", "near", "far", "narrow", "two points", "heavy"])
def test_the_bound_holds_for_every_pair_and_every_noise(name, d):
    a, b = sets(name, d, np.random.default_rng(d))
    for sigma in (0.01, 0.1, 1.0, 10.0):
        bound = kg.metrics.noise_bound(a, b, sigma, draws=500)
        assert bound.wasserstein == kg.metrics.wasserstein(a, b)
        assert bound.wasserstein <= float(bound)
        assert float(bound) == pytest.approx(bound.noise_term + bound.divergence_term)
        # and the step of its proof that is the nearest to equality
        middle = math.sqrt(2 * (bound.jensen_shannon + 4 * bound.standard_error))
        assert bound.wasserstein <= bound.noise_term + bound.diameter * middle + 1e-9
        assert 0 <= bound.jensen_shannon <= math.log(2)


def overlap(shift, radius, d):
    """The share of a ball that a shifted copy covers, on a line and in the plane."""
    h = min(abs(shift) / (2 * radius), 1.0)
    if d == 1:
        return 1 - h
    return 2 / math.pi * (math.acos(h) - h * math.sqrt(1 - h * h))


@pytest.mark.parametrize("d", [1, 2])
@pytest.mark.parametrize("shift", [0.0, 0.3, 1.0, 1.9, 5.0])
def test_the_jsd_of_two_balls_is_log_2_outside_of_their_overlap(shift, d):
    """Where one density is 0 the integrand is log 2, where both are equal it is 0."""
    a = np.zeros((2, d))
    b = a.copy()
    b[:, 0] = shift
    sigma = 1 / math.sqrt(d + 2)  # a radius of 1
    bound = kg.metrics.noise_bound(a, b, sigma, draws=20_000)
    truth = math.log(2) * (1 - overlap(shift, 1.0, d))
    assert bound.radius == pytest.approx(1.0)
    assert bound.jensen_shannon == pytest.approx(truth, abs=4 * bound.standard_error + 1e-12)
    assert bound.standard_error <= (0 if d == 1 else 0.5 * math.log(2) / math.sqrt(20_000))
    assert bound.variance == pytest.approx(d / (d + 2))  # of a uniform ball
    assert 2 + shift <= bound.diameter <= 1.03 * (2 + shift)


def test_draws_agree_with_the_exact_sum_on_a_line():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(50, 1)), rng.normal(size=(30, 1)) + 0.5
    for radius in (0.05, 0.5, 3.0):
        exact = noised._exact_on_a_line(a[:, 0], b[:, 0], radius)
        drawn, error = noised._by_draws(a, b, radius, 20_000, seed=0)
        assert 0 < error < 0.005
        assert drawn == pytest.approx(exact, abs=4 * error)


def test_the_standard_error_is_the_spread_over_seeds():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(20, 2)), rng.normal(size=(30, 2)) + 1.0
    drawn = [noised._by_draws(a, b, 0.8, 200, seed) for seed in range(200)]
    estimates, errors = np.array(drawn).T
    assert np.mean(errors) == pytest.approx(np.std(estimates), rel=0.15)


@pytest.mark.parametrize("d", [1, 3, 50])
def test_the_noise_has_the_variance_and_the_support_that_the_theorem_uses(d):
    x = noised._in_ball(np.random.default_rng(0), 20_000, d)
    lengths = np.linalg.norm(x, axis=1)
    assert lengths.max() <= 1 + 1e-12
    assert np.mean(lengths**2) == pytest.approx(d / (d + 2), rel=0.02)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=0.03)


def test_less_noise_lowers_the_first_term_and_raises_the_second():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(100, 2)), rng.normal(size=(100, 2)) + 1.0
    bounds = [kg.metrics.noise_bound(a, b, sigma) for sigma in (2.0, 0.5, 0.1, 1e-4)]
    firsts, divergences = zip(*((e.noise_term, e.jensen_shannon) for e in bounds), strict=True)
    assert firsts == pytest.approx([2 * math.sqrt(2) * s for s in (2.0, 0.5, 0.1, 1e-4)])
    assert list(divergences) == sorted(divergences)
    assert divergences[-1] == pytest.approx(math.log(2))


@pytest.mark.parametrize("d", [2, 10, 784])
def test_the_ball_holds_every_sample_and_is_hardly_larger_than_need_be(d):
    """Points on a sphere of radius 3, antipodes among them, have no smaller ball than it."""
    x = np.random.default_rng(0).normal(size=(100, d))
    x = 3 * np.concatenate([x, -x]) / np.linalg.norm(np.concatenate([x, -x]), axis=1)[:, None]
    found = noised._enclosing_radius(np.concatenate([x, 0.1 * x, 0.1 * x[:50]]) + 7)
    assert 3 - 1e-9 <= found <= 3.15


def test_moving_and_scaling_both_sets_scales_the_bound():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(40, 3)), rng.normal(size=(40, 3)) + 0.5
    plain = kg.metrics.noise_bound(a, b, 0.3, draws=1000)
    moved = kg.metrics.noise_bound(4 * a + 1000, 4 * b + 1000, 1.2, draws=1000)
    assert float(moved) == pytest.approx(4 * float(plain), rel=1e-6)
    assert moved.jensen_shannon == pytest.approx(plain.jensen_shannon, rel=1e-9)


@pytest.mark.parametrize("sigma", [0, -1.0, math.nan, "a"])
def test_noise_that_is_none_is_refused(sigma):
    with pytest.raises(ValueError, match="sigma must be a number greater than 0"):
        kg.metrics.noise_bound(np.zeros((2, 1)), np.zeros((2, 1)), sigma)


def test_sets_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="feature vectors of one length"):
        kg.metrics.noise_bound(np.zeros((2, 1)), np.zeros((2, 2)), 1.0)
    with pytest.raises(ValueError, match="draws must be a whole number of at least 2"):
        kg.metrics.noise_bound(np.zeros((2, 1)), np.zeros((2, 1)), 1.0, draws=1)
