"""What generator and encoder minimise together: every objective's loss and slopes in NumPy."""

import numpy as np
import pytest
from keras import ops
from numpy.testing import assert_allclose

from keras_gan import objectives
from keras_gan.backend.autodiff import input_gradient
from keras_gan.objectives import LeastSquares, Minimax, NonSaturating, Variational, Wasserstein
from tests.objectives.test_variational import NAMES
from tests.objectives.test_variational import NUMPY as DIVERGENCES

pytestmark = pytest.mark.float64
REAL = np.random.default_rng(2).normal(0.5, 1.5, (64, 1))
FAKE = np.random.default_rng(3).normal(-0.5, 1.5, (64, 1))


def log_sigmoid(v):
    return -np.logaddexp(0, -v)


NUMPY = {  # of real scores r and fake scores f
    "minimax": lambda r, f: np.mean(log_sigmoid(r)) + np.mean(log_sigmoid(-f)),
    "saddle": lambda r, f: np.mean(log_sigmoid(r)) + np.mean(log_sigmoid(-f)),
    "non_saturating": lambda r, f: -np.mean(log_sigmoid(-r)) - np.mean(log_sigmoid(f)),
    "wasserstein": lambda r, f: np.mean(r) - np.mean(f),
    "hinge": lambda r, f: np.mean(r) - np.mean(f),
    "least_squares": lambda r, f: np.mean(r**2) / 2 + np.mean((f - 1) ** 2) / 2,
    "relativistic": lambda r, f: -np.mean(log_sigmoid(f - r)),
}


def tensors(dtype="float64"):
    return ops.convert_to_tensor(REAL, dtype), ops.convert_to_tensor(FAKE, dtype)


def joint(objective, dtype="float64"):
    real, fake = tensors(dtype)
    loss = objective.joint_generator_loss(fake, real)
    assert loss.dtype.name == dtype
    return float(loss)


def minus_discriminator_loss(objective):
    return -float(objective.discriminator_loss(*tensors()))


def test_every_objective_is_tested():
    assert set(NUMPY) == set(objectives.OBJECTIVES)


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-6), ("float64", 1e-13)])
@pytest.mark.parametrize("name", NUMPY)
def test_losses_are_those_of_numpy(name, dtype, tolerance):
    found = joint(objectives.get(name), dtype)
    assert_allclose(found, NUMPY[name](REAL, FAKE), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", NUMPY)
def test_slopes_by_both_kinds_of_scores_are_those_of_central_differences(name):
    objective, h = objectives.get(name), 1e-5
    real, fake = tensors()
    found = (
        input_gradient(lambda v: objective.joint_generator_loss(fake, v), real),
        input_gradient(lambda v: objective.joint_generator_loss(v, real), fake),
    )
    for i in range(0, 64, 9):
        step = h * np.eye(64)[:, [i]]
        expected = (
            NUMPY[name](REAL + step, FAKE) - NUMPY[name](REAL - step, FAKE),
            NUMPY[name](REAL, FAKE + step) - NUMPY[name](REAL, FAKE - step),
        )
        for slope, difference in zip(found, expected, strict=True):
            slope = ops.convert_to_numpy(slope)[i, 0]
            assert_allclose(slope, difference / (2 * h), rtol=1e-4, atol=1e-9)
        assert expected[0] > 0 or name == "least_squares"  # real pairs are to score low
        assert expected[1] < 0 or name == "least_squares"  # and fake ones high


@pytest.mark.parametrize("weight", [1.0, 0.25])
@pytest.mark.parametrize("kind", [Minimax, Wasserstein])
def test_a_zero_sum_game_is_zero_sum(kind, weight):
    objective = kind(fake_weight=weight)
    assert_allclose(joint(objective), minus_discriminator_loss(objective), rtol=1e-13)


def test_a_zero_sum_game_with_smoothed_labels_is_zero_sum():
    objective = Minimax(label_smoothing=0.1)
    assert_allclose(joint(objective), minus_discriminator_loss(objective), rtol=1e-13)


@pytest.mark.parametrize("kind", [NonSaturating, LeastSquares])
def test_label_smoothing_is_the_discriminators_alone(kind):
    assert joint(kind(label_smoothing=0.1)) == joint(kind())


@pytest.mark.parametrize("kind", [NonSaturating, LeastSquares])
def test_flipped_labels_are_the_discriminators_loss_with_exchanged_scores(kind):
    real, fake = tensors()
    exchanged = kind().discriminator_loss(real_scores=fake, fake_scores=real)
    assert_allclose(joint(kind()), float(exchanged), rtol=1e-13)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_the_saturating_f_gan_is_zero_sum_and_the_other_exchanges_the_scores(name, reverse):
    activation, fake_score = DIVERGENCES[name]
    real, fake = (-FAKE, -REAL) if reverse else (REAL, FAKE)
    bound = np.mean(activation(real)) - np.mean(fake_score(fake))
    saturating = Variational(name, saturating=True, reverse=reverse)
    assert_allclose(joint(saturating), bound, rtol=1e-9, atol=1e-12)
    exchanged = np.mean(fake_score(real)) - np.mean(activation(fake))
    assert_allclose(joint(Variational(name, reverse=reverse)), exchanged, rtol=1e-9, atol=1e-12)


def test_an_objective_of_ones_own_flips_its_labels():
    class Exponential(objectives.Objective):
        def real_term(self, scores):
            return ops.exp(-scores)

        def fake_term(self, scores):
            return ops.exp(scores)

        def generator_term(self, scores):
            return ops.exp(-scores)

    expected = np.mean(np.exp(REAL)) + np.mean(np.exp(-FAKE))
    assert_allclose(joint(Exponential()), expected, rtol=1e-13)
