"""The laws of every f-divergence."""

import json
import math

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from keras import ops
from numpy.testing import assert_allclose

from keras_gan.objectives import divergences
from keras_gan.objectives.divergences import Alpha, Divergence, WeightedJensenShannon
from tests.objectives.divergence_cases import evaluate, every, precisions


def density_ratios(n=400, low=1e-2, high=1e2):
    return np.exp(np.random.default_rng(1).uniform(math.log(low), math.log(high), n))


def test_there_are_eleven():
    names = (
        "total_variation kl reverse_kl pearson neyman squared_hellinger jeffrey jensen_shannon "
        "weighted_jensen_shannon gan alpha"
    )
    assert set(divergences.DIVERGENCES) == set(names.split())
    assert all(divergences.get(name).name == name for name in names.split())


@every
@precisions
@settings(max_examples=10, deadline=None, derandomize=True)
@given(
    log_u=arrays("float64", 32, elements=st.floats(-4.5, 4.5)),
    v=arrays("float64", 32, elements=st.floats(-8, 8)),
)
def test_fenchel_young(divergence, dtype, log_u, v):
    """f(u) + f*(t) ≥ ut for every u > 0 and t in dom f*."""
    u = np.exp(log_u).astype(dtype).astype("float64")
    t = evaluate(divergence.activation, v, dtype)
    f, conjugate = evaluate(divergence.f, u, dtype), evaluate(divergence.conjugate, t, dtype)
    scale = 1 + np.abs(f) + np.abs(conjugate) + np.abs(u * t) + u * (1 + np.abs(np.log(u)))
    assert np.all(f + conjugate - u * t >= -50 * np.finfo(dtype).eps * scale)


@every
@precisions
def test_fenchel_young_is_tight_at_the_derivative(divergence, dtype):
    """f(u) + f*(f'(u)) = u f'(u)."""
    u = density_ratios().astype(dtype).astype("float64")
    t = evaluate(divergence.derivative, u, dtype)
    f, conjugate = evaluate(divergence.f, u, dtype), evaluate(divergence.conjugate, t, dtype)
    scale = 1 + np.abs(f) + np.abs(conjugate) + np.abs(u * t) + u * (1 + np.abs(np.log(u)))
    assert np.all(np.abs(f + conjugate - u * t) <= 50 * np.finfo(dtype).eps * scale)


@every
def test_biconjugate_is_f(divergence):
    """sup_t ut − f*(t) = f(u)."""
    u = density_ratios(40, 0.1, 7.0)
    t = evaluate(divergence.activation, np.sinh(np.linspace(-7, 7, 100_001)))
    conjugate = evaluate(divergence.conjugate, t)
    conjugate[np.isnan(conjugate)] = np.inf  # t rounded up past the end of the domain
    supremum = np.max(u[:, None] * t - conjugate, axis=1)
    assert_allclose(supremum, evaluate(divergence.f, u), rtol=1e-5, atol=1e-6)


@every
def test_derivative_is_the_slope_of_f(divergence):
    u = density_ratios()
    u = u[np.abs(u - 1) > 1e-3]  # total variation has a corner at 1
    h = 1e-5 * u
    difference = (evaluate(divergence.f, u + h) - evaluate(divergence.f, u - h)) / (2 * h)
    assert_allclose(evaluate(divergence.derivative, u), difference, rtol=1e-6, atol=1e-7)


@every
def test_f_is_convex(divergence):
    a, b = density_ratios(), density_ratios()[::-1]
    f = divergence.f
    chord = (evaluate(f, a) + evaluate(f, b)) / 2
    assert np.all(evaluate(f, (a + b) / 2) <= chord + 1e-12 * (1 + np.abs(chord)))


@every
def test_f_vanishes_at_one_except_for_gan(divergence):
    expected = -math.log(4) if divergence.name == "gan" else 0.0
    assert_allclose(evaluate(divergence.f, 1.0), expected, atol=1e-15)


@every
def test_activation_increases_within_the_domain(divergence):
    low, high = divergence.domain
    v = np.linspace(-15, 15, 3001)
    g = evaluate(divergence.activation, v)
    assert np.all(np.diff(g) > 0)
    assert np.all((g > low) & (g < high))
    g = evaluate(divergence.activation, np.linspace(-50, 50, 3001), "float32")
    assert np.all(np.diff(g) >= -2e-7 * np.abs(g[1:]))  # as increasing as rounding allows
    assert np.all((g >= low - 1e-7) & (g <= high * (1 + 1e-7) + 1e-7))


@every
def test_domain_ends_where_the_slope_of_f_does(divergence):
    """f* is finite up to the largest slope, f'(∞)."""
    low, high = divergence.domain
    steepest = float(evaluate(divergence.derivative, 1e12))
    assert steepest > 20 if math.isinf(high) else steepest == pytest.approx(high, abs=1e-4)
    assert low == (-0.5 if divergence.name == "total_variation" else -math.inf)
    last = high - 1e-3 if math.isfinite(high) else 40.0
    assert np.isfinite(evaluate(divergence.conjugate, last))


@every
def test_fake_score_is_the_conjugate_of_the_activation(divergence):
    v = np.linspace(-8, 8, 401)
    composed = evaluate(lambda x: divergence.conjugate(divergence.activation(x)), v)
    assert_allclose(evaluate(divergence.fake_score, v), composed, rtol=1e-9, atol=1e-11)
    assert_allclose(
        evaluate(lambda x: Divergence.fake_score(divergence, x), v), composed, rtol=0, atol=0
    )


@every
def test_thresholds(divergence):
    assert_allclose(divergence.threshold, evaluate(divergence.derivative, 1.0), atol=1e-6)
    at_threshold = divergence.activation(ops.convert_to_tensor(divergence.threshold_score))
    assert_allclose(float(at_threshold), divergence.threshold, atol=1e-6)


def test_thresholds_of_the_table():
    thresholds = {name: divergences.get(name).threshold for name in divergences.DIVERGENCES}
    expected = dict.fromkeys(thresholds, 0.0) | {"kl": 1.0, "reverse_kl": -1.0, "gan": -math.log(2)}
    assert thresholds == pytest.approx(expected, abs=1e-6)
    scores = {name: divergences.get(name).threshold_score for name in divergences.DIVERGENCES}
    expected = dict.fromkeys(scores, 0.0) | {
        "kl": 1.0,
        "weighted_jensen_shannon": math.log(math.sqrt(0.5) / (1 - math.sqrt(0.5))),
        "alpha": -math.log(math.expm1(2.0)),
    }
    assert scores == pytest.approx(expected, abs=2e-6)


def test_a_threshold_far_out_is_found():
    assert Alpha(0.99).threshold_score == pytest.approx(-100.0, abs=1e-3)
    assert Alpha(0.9999).threshold_score == pytest.approx(-1e4, rel=1e-6)
    assert Alpha(-3.0).threshold_score == pytest.approx(math.log(1 / math.expm1(0.25)), rel=1e-6)


def test_an_activation_that_misses_the_threshold_is_refused():
    class Missed(divergences.KL):
        def activation(self, v):
            return ops.tanh(v) / 2

    with pytest.raises(ValueError, match=r"Missed\(\) does not pass f'\(1\) = 1 .*must increase"):
        _ = Missed().threshold_score


@pytest.mark.parametrize(
    ("special", "general", "factor"),
    [
        ("pearson", Alpha(2.0), 2.0),
        ("neyman", Alpha(-1.0), 2.0),
        ("squared_hellinger", Alpha(0.5), 0.5),
        ("jensen_shannon", WeightedJensenShannon(0.5), 2.0),
        ("kl", Alpha(1 + 1e-7), 1.0),
        ("reverse_kl", Alpha(1e-7), 1.0),
    ],
)
def test_special_members_of_the_families(special, general, factor):
    """They agree up to the factor, and up to a multiple of u − 1, which no divergence sees."""
    u = density_ratios()
    first, second = divergences.get(special), general
    one = np.float64(1.0)
    tangent = evaluate(first.derivative, one) - factor * evaluate(second.derivative, one)
    assert_allclose(
        evaluate(first.f, u),
        factor * evaluate(second.f, u) + tangent * (u - 1),
        rtol=1e-5,
        atol=1e-5,
    )


@every
def test_config_round_trip(divergence):
    stored = json.loads(json.dumps(keras.saving.serialize_keras_object(divergence)))
    loaded = keras.saving.deserialize_keras_object(stored)
    assert type(loaded) is type(divergence)
    assert loaded.get_config() == divergence.get_config()
    assert repr(loaded) == repr(divergence)
    v = np.linspace(-3, 3, 7)
    assert_allclose(evaluate(loaded.fake_score, v), evaluate(divergence.fake_score, v), rtol=0)


def test_get():
    assert repr(divergences.get("alpha")) == "Alpha()"
    assert divergences.get("alpha").alpha == 0.5
    assert divergences.get("weighted_jensen_shannon").pi == 0.5
    mine = Alpha(2.0)
    assert divergences.get(mine) is mine
    with pytest.raises(ValueError, match="Unknown divergence 'pearsen': did you mean 'pearson'?"):
        divergences.get("pearsen")
    with pytest.raises(ValueError, match="Unknown divergence 3"):
        divergences.get(3)
    with pytest.raises(ValueError, match="Pass a divergence, KL"):
        divergences.get(divergences.KL)


@pytest.mark.parametrize("alpha", [0, 1, 1.0, math.inf, math.nan])
def test_alpha_is_validated(alpha):
    with pytest.raises(ValueError, match=f"other than 0 and 1.*received {alpha}"):
        Alpha(alpha)


@pytest.mark.parametrize("pi", [0, 1, -0.5, 1.5, math.nan])
def test_pi_is_validated(pi):
    with pytest.raises(ValueError, match=f"strictly between 0 and 1; received {pi}"):
        WeightedJensenShannon(pi)
