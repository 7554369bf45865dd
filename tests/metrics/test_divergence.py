"""The trained estimate of a divergence reaches what is known between Gaussians, from below."""

import math

import keras
import numpy as np
import pytest

from keras_gan.metrics import sliced_wasserstein
from keras_gan.metrics.divergence import DivergenceEstimate, estimate_divergence
from keras_gan.metrics.sample_pairs import Scale
from keras_gan.objectives.divergences import Alpha
from tests.slow import slow_but

X = np.linspace(-12, 12, 24_001)
P = np.exp(-0.5 * X**2) / math.sqrt(2 * math.pi)


def integral(values):
    return float(np.trapezoid(values, X))


def divergences(mean, sigma):
    """By quadrature, between N(0, 1) and N(mean, sigma²)."""
    q = np.exp(-0.5 * ((X - mean) / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi))
    m = (P + q) / 2
    twice_jsd = integral(P * np.log(P / m) + q * np.log(q / m))
    return {
        "kl": integral(P * np.log(P / q)),
        "reverse_kl": integral(q * np.log(q / P)),
        "squared_hellinger": integral((np.sqrt(P) - np.sqrt(q)) ** 2),
        "jensen_shannon": twice_jsd,
        "gan": twice_jsd - math.log(4),
    }


def gaussians(n, dimension, sigma=1.0, seed=0):
    """N(0, I) and N(μ, σ²I) with ‖μ‖ = 1."""
    rng = np.random.default_rng(seed)
    first, second = rng.normal(size=(2, n, dimension))
    return first, sigma * second + 1 / math.sqrt(dimension)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(divergences(1.0, 1.0)))
@pytest.mark.parametrize(("dimension", "sigma"), [(1, 1.2), (8, 1.0)])
def test_the_bound_reaches_the_divergence(name, dimension, sigma):
    """Within 5%; for "gan" within 5% of 2 JSD, its distance from −log 4."""
    expected = divergences(1.0, sigma)[name]
    estimate = estimate_divergence(
        *gaussians(100_000, dimension, sigma), name, steps=1000, verbose=0
    )
    offset = math.log(4) if name == "gan" else 0.0
    assert estimate.value + offset == pytest.approx(expected + offset, rel=0.05)
    assert estimate.training + offset == pytest.approx(expected + offset, rel=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("dimension", [1, 8])
@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_the_wasserstein_distance_of_a_shift_is_its_length(dimension, scale):
    real, fake = gaussians(100_000, dimension)
    estimate = estimate_divergence(scale * real, scale * fake, "wasserstein", steps=1000, verbose=0)
    assert estimate.value == pytest.approx(scale, rel=0.1)


@pytest.mark.thorough
def test_a_quick_estimate_and_what_it_tells():
    real, fake = gaussians(20_000, 1)
    with pytest.warns(UserWarning, match="grow like r.2 .* 8000 fake samples"):
        estimate = estimate_divergence(real, fake[:16_000], Alpha(2.0), steps=200, verbose=0)
    assert estimate.value == pytest.approx(math.expm1(1.0) / 2, rel=0.15)
    assert float(estimate) == estimate.value
    assert (estimate.divergence, estimate.n) == ("Alpha(alpha=2.0)", 8000)


@pytest.mark.thorough
def test_a_quick_wasserstein_estimate():
    real, fake = gaussians(4000, 2)
    estimate = estimate_divergence(10 * real, 10 * fake, "wasserstein", steps=150, verbose=0)
    assert estimate.value == pytest.approx(10.0, rel=0.1)
    assert estimate.divergence == "wasserstein"


@pytest.mark.thorough
def test_the_policy_of_precision_changes_no_estimate():
    (real, fake), values = gaussians(200, 1), []
    for policy in ("float32", "mixed_float16"):
        keras.config.set_dtype_policy(policy)
        try:
            estimate = estimate_divergence(real, fake, "squared_hellinger", steps=20, verbose=0)
            values.append(estimate.training)
        finally:
            keras.config.set_dtype_policy("float32")
    assert values[0] == values[1]


@pytest.mark.thorough
@pytest.mark.parametrize(("n", "m"), slow_but([(4000, 100)], [(4000, 100), (100, 4000)]))
def test_sets_of_unlike_size_count_alike(n, m):
    """A hundred samples far from thousands: to one per cent of what sorting gives exactly."""
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(n, 1)), rng.normal(size=(m, 1))
    estimate = estimate_divergence(a, b + 30.0, "wasserstein", steps=150, verbose=0)
    error = 3 * estimate.standard_error
    assert estimate.value == pytest.approx(sliced_wasserstein(a, b + 30.0), abs=0.3 + error)
    assert estimate.training == pytest.approx(30.0, rel=0.015)
    assert estimate.doubt is None


def test_both_sets_have_equal_weight_on_the_common_scale():
    """Of 0 and 4 the even mixture has mean 2 and deviation 2, whatever n and m."""
    for sizes in ((1000, 10), (10, 1000), (10, 10)):
        sets = [np.full((n, 2), value) for n, value in zip(sizes, (0.0, 4.0), strict=True)]
        scale = Scale(*sets, isotropic=True)
        assert scale.unit == pytest.approx(2.0)
        assert [scale(each)[0, 0] for each in sets] == pytest.approx([-1.0, 1.0])


@pytest.mark.thorough
def test_a_wasserstein_estimate_that_an_outlier_carries_is_in_doubt():
    """One per cent of samples 100 away: W₁ = 1, and D is steep on the long, empty way there."""
    a, b = np.random.default_rng(0).normal(size=(2, 4000, 1))
    b[::100] += 100.0
    with pytest.warns(UserWarning, match="steeper than 1 in places.*kg.metrics.wasserstein"):
        estimate = estimate_divergence(a, b, "wasserstein", steps=300, verbose=0)
    assert "adds" in estimate.doubt
    assert np.isnan(estimate.standard_error)


def test_equal_distributions_are_not_told_apart_even_by_few_samples():
    """Training long on 50 samples in 8-D overfits; what is held out does not reward it."""
    rng = np.random.default_rng(0)
    real, fake = rng.normal(size=(2, 100, 8))
    estimate = estimate_divergence(real, fake, "jensen_shannon", steps=200, verbose=0)
    assert -0.5 < estimate.value < 0.05
    assert estimate.n == 50


@pytest.mark.slow
def test_neither_chance_nor_units_matter_and_progress_is_shown(capsys):
    """The same seed gives the same estimate, also of data stretched by powers of two."""
    real, fake = gaussians(500, 2)
    stretch = np.array([2.0**-9, 2.0**9])
    first = estimate_divergence(real, fake, "gan", steps=20, width=16, seed=1)
    assert "Epoch 20/20" in capsys.readouterr().out
    again = estimate_divergence(
        real * stretch, fake * stretch, "gan", steps=20, width=16, seed=1, verbose=0
    )
    assert capsys.readouterr().out == ""
    assert isinstance(first, DivergenceEstimate)
    assert first == again


@pytest.mark.thorough
def test_constant_components_are_no_obstacle():
    same = np.ones((40, 2))
    estimate = estimate_divergence(same, same, "gan", steps=1, verbose=0)
    assert estimate.value == pytest.approx(-math.log(4), abs=1e-6)


@pytest.mark.parametrize(
    ("real", "fake", "options", "message"),
    [
        (
            np.zeros((40, 2)),
            np.zeros((40, 3)),
            {},
            r"one dimension; received .*\(40, 2\).*\(40, 3\)",
        ),
        (np.zeros((40, 2)), np.zeros((19, 2)), {}, r"at least 20 samples.*\(19, 2\)"),
        (np.zeros((40, 4, 4)), np.zeros((40, 4, 4)), {}, "real must be an array"),
        (np.full((40, 2), np.nan), np.zeros((40, 2)), {}, "real"),
        (np.zeros((40, 2)), np.zeros((40, 2)), {"divergence": "wassersteen"}, "'wasserstein'?"),
        (np.zeros((40, 2)), np.zeros((40, 2)), {"divergence": 3}, "Unknown divergence 3"),
        (
            np.zeros((40, 2)),
            np.zeros((40, 2)),
            {"steps": 0},
            "steps must be .* at least 1; received 0",
        ),
        (np.zeros((40, 2)), np.zeros((40, 2)), {"batch_size": 0}, "batch_size must .*received 0"),
        (np.zeros((40, 2)), np.zeros((40, 2)), {"width": True}, "width must .*received True"),
    ],
)
def test_what_is_refused(real, fake, options, message):
    with pytest.raises(ValueError, match=message):
        estimate_divergence(real, fake, **options)
