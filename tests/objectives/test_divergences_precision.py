"""Activations and fake scores of every f-divergence against a 100-digit reference."""

import decimal
from decimal import Decimal

import numpy as np
import pytest
from numpy.testing import assert_allclose

from keras_gan.backend.autodiff import input_gradient
from keras_gan.objectives.divergences import Alpha, WeightedJensenShannon
from tests.objectives.divergence_cases import evaluate, every, precisions

decimal.getcontext().prec = 100


# The table of the paper, written once more in decimal arithmetic: f* and g.
def lambert_of_exp(x):
    """W(e^x), by Newton's method on w e^w = e^x from above."""
    w = x + 1 if x > 0 else x.exp()
    for _ in range(14):
        w -= (w - (x - w).exp()) / (w + 1)
    return w


def jeffrey_conjugate(t):
    w = lambert_of_exp(1 - t)
    return w + 1 / w + t - 2


def log_sigmoid(v):
    return -(1 + (-v).exp()).ln()


def alpha_table(alpha):
    a = Decimal(alpha)

    def conjugate(t):
        base = t * (a - 1) + 1
        return (base ** (a / (a - 1)) - 1) / a if base > 0 else -1 / a

    return conjugate, lambda v: 1 / (1 - a) + log_sigmoid(v) if a < 1 else v


def weighted_table(pi):
    p = Decimal(pi)
    return (
        lambda t: (1 - p) * ((1 - p) / (1 - p * (t / p).exp())).ln(),
        lambda v: -p * p.ln() + log_sigmoid(v),
    )


TWO = Decimal(2)
TABLE = {
    "total_variation": (lambda t: t, lambda v: (1 - 2 / ((2 * v).exp() + 1)) / 2),
    "kl": (lambda t: (t - 1).exp(), lambda v: v),
    "reverse_kl": (lambda t: -1 - (-t).ln(), lambda v: -(-v).exp()),
    "pearson": (lambda t: t * t / 4 + t, lambda v: v),
    "neyman": (lambda t: 2 - 2 * (1 - t).sqrt(), lambda v: 1 - (-v).exp()),
    "squared_hellinger": (lambda t: t / (1 - t), lambda v: 1 - (-v).exp()),
    "jeffrey": (jeffrey_conjugate, lambda v: v),
    "jensen_shannon": (lambda t: -(2 - t.exp()).ln(), lambda v: TWO.ln() + log_sigmoid(v)),
    "gan": (lambda t: -(1 - t.exp()).ln(), log_sigmoid),
}


def reference(divergence):
    """(f*, g) of the table in decimal arithmetic."""
    if isinstance(divergence, Alpha):
        return alpha_table(divergence.alpha)
    if isinstance(divergence, WeightedJensenShannon):
        return weighted_table(divergence.pi)
    return TABLE[divergence.name]


def exact(function, scores):
    return np.array([float(function(Decimal(float(v)))) for v in scores])


def slope(function, order):
    """The first or second derivative of a decimal function, by differences of 1e-25."""
    h = Decimal("1e-25")
    if order == 1:
        return lambda x: (function(x + h) - function(x - h)) / (2 * h)
    return lambda x: (function(x + h) - 2 * function(x) + function(x - h)) / (h * h)


SCORES = np.array([-50, -30.5, -12, -5, -1.25, -0.125, 0.375, 1, 2, 5, 12, 29, 31, 50])


@every
@precisions
def test_activation_and_fake_score_match_the_reference(divergence, dtype):
    """g(v) and f*(g(v)) as in the table, where the composition in floats overflows too."""
    conjugate, activation = reference(divergence)
    tolerance = {"float32": {"rtol": 3e-5, "atol": 1e-6}, "float64": {"rtol": 1e-11, "atol": 1e-14}}
    for function, expected in (
        (divergence.activation, activation),
        (divergence.fake_score, lambda v: conjugate(activation(v))),
    ):
        assert_allclose(
            evaluate(function, SCORES, dtype), exact(expected, SCORES), **tolerance[dtype]
        )


@every
@precisions
@pytest.mark.parametrize("order", [1, 2])
def test_derivatives_in_the_score_match_the_reference(divergence, dtype, order):
    conjugate, activation = reference(divergence)
    tolerance = {"float32": {"rtol": 2e-4, "atol": 1e-6}, "float64": {"rtol": 1e-9, "atol": 2e-13}}
    for function, expected in (
        (divergence.activation, activation),
        (divergence.fake_score, lambda v: conjugate(activation(v))),
    ):
        first = lambda x, function=function: input_gradient(lambda y: function(y) + 0 * y, x)  # noqa: E731
        derivative = (
            first
            if order == 1
            else lambda x, first=first: input_gradient(lambda y: first(y) + 0 * y, x)
        )
        assert_allclose(
            evaluate(derivative, SCORES, dtype),
            exact(slope(expected, order), SCORES),
            **tolerance[dtype],
        )


@every
@precisions
def test_fake_score_is_finite_with_a_finite_slope(divergence, dtype):
    v = np.linspace(-50, 50, 2001)
    for function in (divergence.activation, divergence.fake_score):
        assert np.all(np.isfinite(evaluate(function, v, dtype)))
        assert np.all(np.isfinite(evaluate(lambda x, g=function: input_gradient(g, x), v, dtype)))
