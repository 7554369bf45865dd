"""The variational objective against NumPy, its generators, its estimates, its config."""

import json
import math

import keras
import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose, assert_array_equal

import keras_gan as kg
from keras_gan.backend.autodiff import input_gradient
from keras_gan.objectives import Variational, divergences
from keras_gan.objectives.divergences import Alpha, WeightedJensenShannon
from tests import toys
from tests.wide import float64


def softplus(x):
    return np.logaddexp(0, x)


def lambert_of_exp(x):
    w = np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))
    for _ in range(20):
        w = w - (w - np.exp(x - w)) / (w + 1)
    return w


def jeffrey_conjugate(t):
    w = lambert_of_exp(1 - t)
    return w + 1 / w + t - 2


# (g, f*∘g), in NumPy
NUMPY = {
    "total_variation": (lambda v: np.tanh(v) / 2, lambda v: np.tanh(v) / 2),
    "kl": (lambda v: v, lambda v: np.exp(v - 1)),
    "reverse_kl": (lambda v: -np.exp(-v), lambda v: v - 1),
    "pearson": (lambda v: v, lambda v: v**2 / 4 + v),
    "neyman": (lambda v: 1 - np.exp(-v), lambda v: 2 - 2 * np.exp(-v / 2)),
    "squared_hellinger": (lambda v: 1 - np.exp(-v), lambda v: np.exp(v) - 1),
    "jeffrey": (lambda v: v, jeffrey_conjugate),
    "jensen_shannon": (
        lambda v: np.log(2) - softplus(-v),
        lambda v: -np.log(2 - 2 / (1 + np.exp(-v))),
    ),
    "weighted_jensen_shannon": (
        lambda v: 0.5 * np.log(2) - softplus(-v),
        lambda v: 0.5 * np.log(0.5 / (1 - 0.5 * np.exp(np.log(2) - 2 * softplus(-v)))),
    ),
    "gan": (lambda v: -softplus(-v), softplus),
    "alpha": (lambda v: 2 - softplus(-v), lambda v: 2 / (0.5 * softplus(-v)) - 2),
}
NAMES = sorted(divergences.DIVERGENCES)
REAL = np.random.default_rng(2).normal(0.5, 1.5, (64, 1))
FAKE = np.random.default_rng(3).normal(-0.5, 1.5, (64, 1))


def losses(objective, dtype="float64"):
    with float64(dtype == "float64"):
        real, fake = ops.convert_to_tensor(REAL, dtype), ops.convert_to_tensor(FAKE, dtype)
        d, g = objective.discriminator_loss(real, fake), objective.generator_loss(fake)
    assert d.dtype.name == g.dtype.name == dtype
    return float(d), float(g)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-5), ("float64", 1e-12)])
@pytest.mark.parametrize("name", NAMES)
def test_losses_are_those_of_numpy(name, dtype, tolerance):
    g, conjugate = NUMPY[name]
    forward = -(np.mean(g(REAL)) - np.mean(conjugate(FAKE)))
    backward = -(np.mean(g(-FAKE)) - np.mean(conjugate(-REAL)))
    expected = {
        (False, False): (forward, -np.mean(g(FAKE))),
        (False, True): (forward, -np.mean(conjugate(FAKE))),
        (True, False): (backward, np.mean(conjugate(-FAKE))),
        (True, True): (backward, np.mean(g(-FAKE))),
    }
    for (reverse, saturating), values in expected.items():
        objective = Variational(name, reverse=reverse, saturating=saturating)
        assert_allclose(losses(objective, dtype), values, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("scale", [1.0, 10.0, 50.0])
def test_gan_divergence_is_the_classical_gan(scale):
    """To the last digit of float32: discriminators alike, and each generator with its namesake."""
    real, fake = (ops.convert_to_tensor(scale * v, "float32") for v in (REAL, FAKE))
    for ours, classical in (
        (Variational("gan"), kg.objectives.get("non_saturating")),
        (Variational("gan", saturating=True), kg.objectives.get("minimax")),
    ):
        assert_array_equal(
            ours.discriminator_loss(real, fake), classical.discriminator_loss(real, fake)
        )
        assert_array_equal(ours.generator_loss(fake), classical.generator_loss(fake))
        assert ours.threshold == classical.threshold


@pytest.mark.float64
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("name", sorted({*NAMES} - {"pearson"}))
def test_generators_want_higher_scores(name, reverse):
    """Both generators' costs fall with the score; Pearson's parabola is the known exception."""
    v = ops.convert_to_tensor(np.linspace(-12, 12, 97))
    for saturating in (False, True):
        objective = Variational(name, reverse=reverse, saturating=saturating)
        assert np.all(ops.convert_to_numpy(input_gradient(objective.generator_term, v)) < 0)


@pytest.mark.float64
def test_the_saturating_generator_plays_a_zero_sum_game():
    real, fake = ops.convert_to_tensor(REAL), ops.convert_to_tensor(FAKE)
    for reverse in (False, True):
        objective = Variational("squared_hellinger", saturating=True, reverse=reverse)
        of_discriminator = input_gradient(lambda v: objective.discriminator_loss(real, v), fake)  # noqa: B023
        assert_allclose(
            input_gradient(objective.generator_loss, fake), -ops.convert_to_numpy(of_discriminator)
        )


@pytest.mark.float64
def test_reverse_kl_is_kl_reversed_and_shifted():
    """D_kl(model‖data) either way: the scores differ by the constant 1, the bounds not at all."""
    real, fake = ops.convert_to_tensor(REAL), ops.convert_to_tensor(FAKE)
    forward = Variational("reverse_kl").discriminator_loss(real, fake)
    backward = Variational("kl", reverse=True).discriminator_loss(real - 1, fake - 1)
    assert_allclose(forward, backward, rtol=1e-12)


@pytest.mark.parametrize(
    ("divergence", "threshold"),
    [
        ("kl", 1.0),
        ("gan", 0.0),
        (WeightedJensenShannon(0.5), 0.881374),
        (Alpha(0.5), -1.854587),
        (Alpha(2.0), 0.0),
    ],
)
def test_thresholds_are_scores(divergence, threshold):
    assert Variational(divergence).threshold == pytest.approx(threshold, abs=2e-6)
    assert Variational(divergence, reverse=True).threshold == pytest.approx(-threshold, abs=2e-6)


def test_estimates_are_the_bound():
    objective = Variational("kl")
    assert objective.estimate_names == ("divergence_estimate",)
    assert objective.estimates(-0.25) == {"divergence_estimate": 0.25}
    weighted = Variational("kl", fake_weight=2.0)
    assert weighted.estimate_names == ()
    assert weighted.estimates(-0.25) == {}


def test_fake_weight_weighs_the_fake_samples():
    objective, plain = Variational("pearson", fake_weight=2.5), Variational("pearson")
    g, conjugate = NUMPY["pearson"]
    expected = -np.mean(g(REAL)) + 2.5 * np.mean(conjugate(FAKE))
    assert_allclose(losses(objective), (expected, losses(plain)[1]), rtol=1e-12)


def test_losses_are_computed_in_float32_at_least():
    scores = ops.cast(ops.convert_to_tensor(REAL), "bfloat16")
    objective = Variational("jeffrey")
    assert objective.discriminator_loss(scores, scores).dtype.name == "float32"
    assert objective.generator_loss(scores).dtype.name == "float32"


@pytest.mark.parametrize(
    "objective",
    [
        Variational("jeffrey"),
        Variational("kl", saturating=True, reverse=True, fake_weight=0.5),
        Variational(Alpha(2.0)),
        Variational(WeightedJensenShannon(0.3), reverse=True),
    ],
    ids=repr,
)
def test_config_round_trip(objective):
    stored = json.loads(json.dumps(keras.saving.serialize_keras_object(objective)))
    loaded = keras.saving.deserialize_keras_object(stored)
    assert repr(loaded) == repr(objective)
    assert loaded.get_config() == objective.get_config()
    assert losses(loaded) == losses(objective)


def test_repr_shows_what_was_chosen():
    assert repr(Variational("kl")) == "Variational(divergence=KL())"
    objective = Variational(Alpha(2.0), reverse=True)
    assert repr(objective) == "Variational(divergence=Alpha(alpha=2.0), reverse=True)"


def test_a_divergence_of_ones_own_serves_as_well():
    class Log(divergences.Divergence):
        """ReverseKL, by its four functions alone."""

        f = divergences.ReverseKL.f
        derivative = divergences.ReverseKL.derivative
        conjugate = divergences.ReverseKL.conjugate
        activation = divergences.ReverseKL.activation

    mine, ours = Variational(Log()), Variational("reverse_kl")
    assert mine.threshold == ours.threshold
    assert_allclose(losses(mine), losses(ours), rtol=1e-12)


def test_an_unknown_divergence_is_refused():
    with pytest.raises(ValueError, match="Unknown divergence 'klx'"):
        Variational("klx")


def test_a_game_trains_and_is_saved(tmp_path):
    objective = Variational(Alpha(0.3), reverse=True)
    gan = kg.GAN(toys.generator(), toys.discriminator(), objective=objective, seed=0)
    gan.compile()
    history = gan.fit(toys.points(64), batch_size=32, verbose=0).history
    assert all(math.isfinite(value) for (value,) in history.values())
    gan.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert repr(loaded.objective) == repr(objective)


@pytest.mark.parametrize("wrong", ["f", "derivative", "conjugate"])
def test_functions_that_do_not_belong_together_are_refused(wrong):
    """Pearson's f with one of its functions doubled."""

    class Mine(kg.objectives.divergences.Pearson):
        pass

    right = getattr(kg.objectives.divergences.Pearson, wrong)
    setattr(Mine, wrong, lambda self, x: 2 * right(self, x))
    with pytest.raises(ValueError, match=r"Mine\(\) do not fit together: at u = 0.5"):
        kg.objectives.Variational(Mine())
