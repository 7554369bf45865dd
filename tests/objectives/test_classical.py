"""The classical objectives against NumPy, their stability, weights, smoothing and config."""

import json
import math

import keras
import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose

from keras_gan import objectives
from keras_gan.backend.autodiff import input_gradient
from keras_gan.objectives import (
    Hinge,
    LeastSquares,
    Minimax,
    NonSaturating,
    Objective,
    Wasserstein,
    divergences,
)
from tests.wide import float64


def log_sigmoid(v):
    return -np.logaddexp(0, -v)


# name -> (real term, fake term, generator term) in NumPy, from the probabilities D = sigmoid(v)
NUMPY = {
    "minimax": (
        lambda v: -log_sigmoid(v),
        lambda v: -log_sigmoid(-v),
        lambda v: log_sigmoid(-v),
    ),
    "non_saturating": (
        lambda v: -log_sigmoid(v),
        lambda v: -log_sigmoid(-v),
        lambda v: -log_sigmoid(v),
    ),
    "wasserstein": (lambda v: -v, lambda v: v, lambda v: -v),
    "hinge": (lambda v: np.maximum(0, 1 - v), lambda v: np.maximum(0, 1 + v), lambda v: -v),
    "least_squares": (
        lambda v: (v - 1) ** 2 / 2,
        lambda v: v**2 / 2,
        lambda v: (v - 1) ** 2 / 2,
    ),
}
CLASSICAL = sorted(NUMPY)
SMOOTHED = [Minimax, NonSaturating, LeastSquares]
REAL = np.random.default_rng(2).normal(0.5, 3.0, (64, 1))
FAKE = np.random.default_rng(3).normal(-0.5, 3.0, (64, 1))


def losses(objective, dtype="float64"):
    with float64(dtype == "float64"):
        real, fake = ops.convert_to_tensor(REAL, dtype), ops.convert_to_tensor(FAKE, dtype)
        d, g = objective.discriminator_loss(real, fake), objective.generator_loss(fake)
    assert d.dtype.name == g.dtype.name == dtype
    return float(d), float(g)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-6), ("float64", 1e-14)])
@pytest.mark.parametrize("name", CLASSICAL)
def test_losses_are_those_of_numpy(name, dtype, tolerance):
    real, fake, generator = NUMPY[name]
    expected = np.mean(real(REAL)) + np.mean(fake(FAKE)), np.mean(generator(FAKE))
    assert_allclose(losses(objectives.get(name), dtype), expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", CLASSICAL)
def test_terms_and_slopes_are_right_at_large_scores(name):
    """In float32 on [−50, 50], where log(sigmoid) computed in steps would be infinite."""
    objective = objectives.get(name)
    v = np.linspace(-50, 50, 401)
    h = 1e-4
    terms = (objective.real_term, objective.fake_term, objective.generator_term)
    for term, expected in zip(terms, NUMPY[name], strict=True):
        x = ops.convert_to_tensor(v, "float32")
        assert_allclose(term(x), expected(v), rtol=1e-6, atol=1e-7)
        slope = (expected(v + h) - expected(v - h)) / (2 * h)
        kink = np.abs(np.abs(v) - 1) < h if name == "hinge" else np.zeros(len(v), bool)
        assert_allclose(
            ops.convert_to_numpy(input_gradient(lambda y, t=term: t(y) + 0 * y, x))[~kink],
            slope[~kink],
            rtol=1e-5,
            atol=1e-6,
        )


@pytest.mark.parametrize("name", CLASSICAL)
def test_fake_weight_weighs_the_fake_samples(name):
    real, fake, generator = NUMPY[name]
    objective = type(objectives.get(name))(fake_weight=0.25)
    expected = np.mean(real(REAL)) + 0.25 * np.mean(fake(FAKE)), np.mean(generator(FAKE))
    assert_allclose(losses(objective), expected, rtol=1e-12)


@pytest.mark.parametrize("kind", [Minimax, NonSaturating])
def test_label_smoothing_is_cross_entropy_to_the_smoothed_label(kind):
    """E −0.9 log D(x) − 0.1 log(1 − D(x)) on real samples only; the generator does not change."""
    expected = (
        np.mean(-0.9 * log_sigmoid(REAL) - 0.1 * log_sigmoid(-REAL)) - np.mean(log_sigmoid(-FAKE)),
        losses(kind())[1],
    )
    assert_allclose(losses(kind(label_smoothing=0.1)), expected, rtol=1e-12)


def test_label_smoothing_of_least_squares_moves_the_real_label():
    smoothed, plain = LeastSquares(label_smoothing=0.1), LeastSquares()
    expected = np.mean((REAL - 0.9) ** 2) / 2 + np.mean(FAKE**2) / 2, losses(plain)[1]
    assert_allclose(losses(smoothed), expected, rtol=1e-12)


@pytest.mark.float64
@pytest.mark.parametrize("kind", [Minimax, NonSaturating])
def test_the_best_smoothed_score_is_the_smoothed_label(kind):
    """With real samples alone the best probability is 1 − ε instead of 1."""
    objective = kind(label_smoothing=0.2)
    v = np.linspace(-6, 6, 120_001)
    cost = ops.convert_to_numpy(objective.real_term(ops.convert_to_tensor(v)))
    best = v[np.argmin(cost)]
    assert 1 / (1 + math.exp(-best)) == pytest.approx(0.8, abs=1e-4)


def test_thresholds():
    thresholds = {name: objectives.get(name).threshold for name in CLASSICAL}
    assert thresholds == {
        "minimax": 0.0,
        "non_saturating": 0.0,
        "hinge": 0.0,
        "least_squares": 0.5,
        "wasserstein": None,
    }


@pytest.mark.float64
@pytest.mark.parametrize("options", [{"label_smoothing": 0.2}, {"fake_weight": 3.0}])
@pytest.mark.parametrize("kind", SMOOTHED)
def test_a_moved_threshold_is_the_best_score_of_equal_densities(kind, options):
    objective = kind(**options)
    v = ops.convert_to_tensor(np.linspace(-4, 4, 80_001))
    cost = objective.real_term(v) + objective.fake_weight * objective.fake_term(v)
    assert float(v[int(np.argmin(cost))]) == pytest.approx(objective.threshold, abs=1e-4)


def test_a_moved_threshold_that_is_not_computed_is_none():
    assert Hinge(fake_weight=2.0).threshold is None
    assert objectives.Variational("kl", fake_weight=2.0).threshold is None


def test_estimates():
    loss = 1.0
    expected = {"jensen_shannon_estimate": math.log(2) - 0.5}
    assert Minimax().estimates(loss) == NonSaturating().estimates(loss) == pytest.approx(expected)
    assert Wasserstein().estimates(loss) == {"wasserstein_estimate": -1.0}
    for objective in (Hinge(), LeastSquares(), Objective()):
        assert objective.estimates(loss) == {}
        assert objective.estimate_names == ()
    assert Minimax().estimate_names == ("jensen_shannon_estimate",)
    assert Wasserstein().estimate_names == ("wasserstein_estimate",)


@pytest.mark.float64
def test_the_gan_estimate_is_the_jensen_shannon_divergence_at_the_best_discriminator():
    """Densities on three points; D = p/(p+q)."""
    p, q = np.array([0.2, 0.3, 0.5]), np.array([0.6, 0.3, 0.1])
    v = ops.convert_to_tensor(np.log(p / q))
    objective = NonSaturating()
    real, fake = ops.sum(p * objective.real_term(v)), ops.sum(q * objective.fake_term(v))
    m = (p + q) / 2
    divergence = np.sum(p * np.log(p / m) + q * np.log(q / m)) / 2
    estimate = objective.estimates(float(real + fake))["jensen_shannon_estimate"]
    assert estimate == pytest.approx(divergence, abs=1e-12)


@pytest.mark.parametrize(
    "objective",
    [
        Minimax(label_smoothing=0.1),
        Minimax(fake_weight=2.0),
        NonSaturating(label_smoothing=0.1),
        Wasserstein(fake_weight=2.0),
    ],
    ids=repr,
)
def test_what_is_no_bound_gives_no_estimate(objective):
    assert objective.estimates(1.0) == {}
    assert objective.estimate_names == ()


@pytest.mark.parametrize(
    "objective",
    [
        *[objectives.get(name) for name in objectives.OBJECTIVES],
        *[kind(label_smoothing=0.1, fake_weight=0.5) for kind in SMOOTHED],
        Hinge(fake_weight=3.0),
        Wasserstein(fake_weight=3.0),
    ],
    ids=repr,
)
def test_config_round_trip(objective):
    stored = json.loads(json.dumps(keras.saving.serialize_keras_object(objective)))
    loaded = keras.saving.deserialize_keras_object(stored)
    assert type(loaded) is type(objective)
    assert vars(loaded) == vars(objective)
    assert repr(loaded) == repr(objective)


def test_repr_shows_what_was_chosen():
    assert repr(Minimax()) == "Minimax()"
    assert repr(Minimax(label_smoothing=0.1)) == "Minimax(label_smoothing=0.1)"
    assert repr(Hinge(fake_weight=2)) == "Hinge(fake_weight=2.0)"


def test_losses_are_computed_in_float32_at_least():
    for name in CLASSICAL:
        scores = ops.cast(ops.convert_to_tensor(REAL), "bfloat16")
        objective = objectives.get(name)
        assert objective.discriminator_loss(scores, scores).dtype.name == "float32"
        assert objective.generator_loss(scores).dtype.name == "float32"


@pytest.mark.parametrize("epsilon", [-0.1, 0.5, 1.0, math.nan])
@pytest.mark.parametrize("kind", SMOOTHED)
def test_label_smoothing_is_validated(kind, epsilon):
    with pytest.raises(
        ValueError, match="label_smoothing.* at least 0 and less than 0.5; received"
    ):
        kind(label_smoothing=epsilon)


@pytest.mark.parametrize("weight", [0, -1.0, math.inf, math.nan])
@pytest.mark.parametrize("kind", [Minimax, Hinge, lambda **k: objectives.Variational("kl", **k)])
def test_fake_weight_is_validated(kind, weight):
    with pytest.raises(ValueError, match=f"fake_weight.* greater than 0; received {weight}"):
        kind(fake_weight=weight)


def test_get():
    mine = Hinge(fake_weight=2.0)
    assert objectives.get(mine) is mine
    assert {name: type(objectives.get(name)) for name in CLASSICAL} == {
        "minimax": Minimax,
        "non_saturating": NonSaturating,
        "wasserstein": Wasserstein,
        "hinge": Hinge,
        "least_squares": LeastSquares,
    }
    with pytest.raises(ValueError, match="Unknown objective 'hinje': did you mean 'hinge'?"):
        objectives.get("hinje")
    with pytest.raises(ValueError, match="Unknown objective 3"):
        objectives.get(3)
    with pytest.raises(ValueError, match=r"Unknown objective \['hinge'\]"):
        objectives.get(["hinge"])


@pytest.mark.parametrize("divergence", ["kl", divergences.KL()])
def test_a_divergence_is_no_objective_but_makes_one(divergence):
    with pytest.raises(ValueError, match=r"is a divergence.*kg.objectives.Variational\(.*kg.FGAN"):
        objectives.get(divergence)
