"""The relativistic pairing against NumPy, its invariance and what it refuses."""

import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose

import keras_gan as kg
from keras_gan.backend.autodiff import input_gradient
from keras_gan.objectives import Relativistic
from tests import toys

REAL = np.random.default_rng(2).normal(0.5, 3.0, (64, 1))
FAKE = np.random.default_rng(3).normal(-0.5, 3.0, (64, 1))


@pytest.mark.parametrize(
    ("dtype", "tolerance"),
    [("float32", 1e-6), pytest.param("float64", 1e-14, marks=pytest.mark.float64)],
)
def test_losses_are_those_of_numpy(dtype, tolerance):
    """f(t) = log(1 + e^(−t)) of the difference of the scores of each pair."""
    objective = Relativistic()
    real, fake = ops.convert_to_tensor(REAL, dtype), ops.convert_to_tensor(FAKE, dtype)
    assert_allclose(
        objective.discriminator_loss(real, fake),
        np.mean(np.logaddexp(0, -(REAL - FAKE))),
        rtol=tolerance,
    )
    assert_allclose(
        objective.generator_loss(fake, real),
        np.mean(np.logaddexp(0, -(FAKE - REAL))),
        rtol=tolerance,
    )


@pytest.mark.float64
def test_only_differences_of_scores_count():
    objective = Relativistic()
    real, fake = ops.convert_to_tensor(REAL), ops.convert_to_tensor(FAKE)
    for loss in (objective.discriminator_loss, objective.generator_loss):
        assert_allclose(loss(real + 7, fake + 7), loss(real, fake), rtol=1e-13)
    assert objective.threshold is None


def test_pairs_are_of_the_same_row():
    objective = Relativistic()
    real, fake = ops.convert_to_tensor(REAL), ops.convert_to_tensor(FAKE)
    flipped = objective.discriminator_loss(real, fake[::-1])
    assert abs(float(flipped) - float(objective.discriminator_loss(real, fake))) > 1e-3


@pytest.mark.parametrize("scale", [50.0, -50.0])
def test_losses_and_slopes_are_finite_at_large_scores(scale):
    objective = Relativistic()
    real, fake = ops.full((4, 1), scale), ops.zeros((4, 1))
    d = objective.discriminator_loss(real, fake)
    assert_allclose(d, max(-scale, 0.0), atol=1e-6)
    assert_allclose(objective.generator_loss(fake, real), max(scale, 0.0), atol=1e-6)
    slope = input_gradient(lambda v: objective.discriminator_loss(v, fake), real)
    assert_allclose(slope, np.full((4, 1), -0.25 * (scale < 0)), atol=1e-6)


def test_losses_are_computed_in_float32_at_least():
    scores = ops.cast(ops.convert_to_tensor(REAL), "bfloat16")
    assert Relativistic().discriminator_loss(scores, scores).dtype.name == "float32"
    assert Relativistic().generator_loss(scores, scores).dtype.name == "float32"


def test_it_is_known_and_paired_and_estimates_nothing():
    objective = kg.objectives.get("relativistic")
    assert repr(objective) == "Relativistic()"
    assert objective.paired
    assert objective.estimate_names == ()


def test_a_generator_loss_without_real_scores_is_refused():
    with pytest.raises(ValueError, match="compares fake with real scores: pass real_scores"):
        Relativistic().generator_loss(ops.zeros((4, 1)))


def test_a_game_trains():
    gan = kg.GAN(toys.generator(), toys.discriminator(), objective="relativistic", seed=0)
    gan.compile()
    history = gan.fit(toys.points(64), batch_size=32, verbose=0).history
    assert np.isfinite(list(history.values())).all()
