"""What each divergence is between two Gaussians: closed forms, and the bound that reaches them."""

import math

import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose

from keras_gan.objectives import Variational
from keras_gan.objectives.divergences import (
    KL,
    Alpha,
    GANDivergence,
    Jeffrey,
    JensenShannon,
    Neyman,
    Pearson,
    ReverseKL,
    SquaredHellinger,
    TotalVariation,
    WeightedJensenShannon,
)

pytestmark = pytest.mark.float64

X = np.linspace(-9.0, 9.6, 18_601)


def normal(mean, sigma):
    return np.exp(-0.5 * ((X - mean) / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi))


def integral(values):
    return float(np.trapezoid(values, X))


def kl(p, q):
    return integral(p * np.log(p / q))


def jensen_shannon(p, q, weight=0.5):
    mixture = weight * p + (1 - weight) * q
    return weight * kl(p, mixture) + (1 - weight) * kl(q, mixture)


def kl_of_normals(m1, s1, m2, s2):
    return math.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - 0.5


SHIFT = 0.6
P, Q = normal(0.0, 1.0), normal(SHIFT, 1.0)
WIDE, NARROW = (0.0, 1.2), (0.4, 0.9)
A, B = normal(*WIDE), normal(*NARROW)
HELLINGER = 2 - 2 * math.sqrt(2 * 1.2 * 0.9 / (1.2**2 + 0.9**2)) * math.exp(
    -(0.4**2) / (4 * (1.2**2 + 0.9**2))
)


def alpha_of_shift(alpha):
    return math.expm1(-alpha * (1 - alpha) * SHIFT**2 / 2) / (alpha * (alpha - 1))


# A shift of one Gaussian: D_f(P‖Q) in closed form, or by integrating its definition.
SHIFTED = [
    (TotalVariation(), math.erf(SHIFT / (2 * math.sqrt(2)))),
    (KL(), SHIFT**2 / 2),
    (ReverseKL(), SHIFT**2 / 2),
    (Pearson(), math.expm1(SHIFT**2)),
    (Neyman(), math.expm1(SHIFT**2)),
    (SquaredHellinger(), 2 - 2 * math.exp(-(SHIFT**2) / 8)),
    (Jeffrey(), SHIFT**2),
    (JensenShannon(), 2 * jensen_shannon(P, Q)),
    (WeightedJensenShannon(0.5), jensen_shannon(P, Q)),
    (WeightedJensenShannon(0.3), jensen_shannon(P, Q, 0.3)),
    (GANDivergence(), 2 * jensen_shannon(P, Q) - math.log(4)),
    *[(Alpha(a), alpha_of_shift(a)) for a in (-1.0, 0.3, 0.5, 2.0, 3.0)],
]
# Two widths, so that the directions differ.
UNEQUAL = [
    (KL(), kl_of_normals(*WIDE, *NARROW)),
    (ReverseKL(), kl_of_normals(*NARROW, *WIDE)),
    (Jeffrey(), kl_of_normals(*WIDE, *NARROW) + kl_of_normals(*NARROW, *WIDE)),
    (SquaredHellinger(), HELLINGER),
    (TotalVariation(), integral(np.abs(A - B)) / 2),
    (Neyman(), integral((A - B) ** 2 / A)),
    (JensenShannon(), 2 * jensen_shannon(A, B)),
    (WeightedJensenShannon(0.3), jensen_shannon(A, B, 0.3)),
    (GANDivergence(), 2 * jensen_shannon(A, B) - math.log(4)),
]


def divergence_of(divergence, p, q):
    return integral(q * ops.convert_to_numpy(divergence.f(ops.convert_to_tensor(p / q))))


@pytest.mark.parametrize(("divergence", "expected"), SHIFTED, ids=lambda x: repr(x)[:40])
def test_divergence_of_a_shift(divergence, expected):
    assert_allclose(divergence_of(divergence, P, Q), expected, rtol=1e-6)


@pytest.mark.parametrize(("divergence", "expected"), UNEQUAL, ids=lambda x: repr(x)[:40])
def test_divergence_of_unequal_widths(divergence, expected):
    assert_allclose(divergence_of(divergence, A, B), expected, rtol=1e-6)


def test_pearson_and_neyman_are_each_others_reverse():
    """∫(p−q)²/q is Pearson's, ∫(p−q)²/p Neyman's; the lecture's table has them the other way."""
    assert_allclose(divergence_of(Pearson(), B, A), integral((A - B) ** 2 / A), rtol=1e-9)
    assert_allclose(divergence_of(Neyman(), A, B), integral((A - B) ** 2 / A), rtol=1e-9)


COARSE = slice(None, None, 100)
SCORES = np.sinh(np.linspace(-7, 7, 20_001))


def best_scores(objective, p, q):
    """For each x the score that costs the discriminator least, and that cost."""
    v = ops.convert_to_tensor(SCORES)
    real = ops.convert_to_numpy(objective.real_term(v))
    fake = ops.convert_to_numpy(objective.fake_term(v))
    costs = p[COARSE, None] * real + q[COARSE, None] * fake
    best = np.argmin(costs, axis=1)
    return SCORES[best], costs[np.arange(len(best)), best]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(("divergence", "expected"), SHIFTED, ids=lambda x: repr(x)[:40])
def test_the_best_discriminator_reaches_the_divergence(divergence, expected, reverse):
    """max_D F = D_f(data‖model), in reverse D_f(model‖data); P is the first distribution."""
    objective = Variational(divergence, reverse=reverse)
    data, model = (Q, P) if reverse else (P, Q)
    scores, costs = best_scores(objective, data, model)
    loss = float(np.trapezoid(costs, X[COARSE]))
    (estimate,) = objective.estimates(loss).values()
    corner = divergence.name == "total_variation"  # which the coarse trapezoids cut off
    assert_allclose(estimate, expected, rtol=1e-3 if corner else 1e-5)
    assert estimate <= expected * (1 + 1e-9) + 1e-9 or divergence.name == "gan"

    more_like_data = np.argsort(data[COARSE] / model[COARSE])
    assert np.all(np.diff(scores[more_like_data]) >= 0)  # higher means more like the data


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(
    "divergence", [d for d, _ in SHIFTED if d.name != "total_variation"], ids=repr
)
def test_the_best_score_of_equal_densities_is_the_threshold(divergence, reverse):
    objective = Variational(divergence, reverse=reverse)
    v = ops.convert_to_tensor(objective.threshold + np.linspace(-0.5, 0.5, 10_001))
    costs = ops.convert_to_numpy(objective.real_term(v) + objective.fake_term(v))
    assert float(v[int(np.argmin(costs))]) == pytest.approx(objective.threshold, abs=1e-3)
