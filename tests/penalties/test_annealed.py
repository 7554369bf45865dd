"""Penalties whose weight changes with the discriminator's steps."""

import keras
import numpy as np
import pytest

import keras_gan as kg
from keras_gan.penalties import (
    R1,
    ConsistencyTerm,
    FiniteDifferenceR1,
    FiniteDifferenceR2,
    GradientPenalty,
    LeCam,
)
from tests import toys
from tests.penalties.standing import game, logged

HALVING = keras.optimizers.schedules.ExponentialDecay(8.0, decay_steps=1, decay_rate=0.5)


def test_the_weight_is_the_schedules_at_each_discriminator_step():
    data = toys.points(16)
    gan = game(HALVING)
    once = logged(game(1.0), data, 1)[0]
    np.testing.assert_allclose(logged(gan, data, 4), once * np.array([8, 4, 2, 1]), rtol=1e-5)


def test_it_follows_the_discriminators_steps_not_the_games():
    data = np.repeat(toys.points(8), 2, axis=0)  # both discriminator steps see the same
    once = logged(game(1.0, schedule=2), data, 1)[0]
    found = logged(game(HALVING, schedule=2), data, 2)
    np.testing.assert_allclose(found, once * np.array([(8 + 4) / 2, (2 + 1) / 2]), rtol=1e-5)


def test_a_lazy_penalty_takes_the_weight_of_the_step_it_is_paid_at():
    data = toys.points(16)
    once = logged(game(1.0), data, 1)[0]
    found = logged(game(HALVING, every=2), data, 4)
    np.testing.assert_allclose(found, once * np.array([2 * 8, 0, 2 * 2, 0]), rtol=1e-5)


def test_evaluation_takes_the_present_weight_and_heeds_no_laziness():
    data = toys.points(16)
    gan = game(HALVING, every=2)
    logged(gan, data, 3)
    value = gan.evaluate(data, verbose=0, return_dict=True)["r1_penalty"]
    once = game(1.0).evaluate(data, verbose=0, return_dict=True)["r1_penalty"]
    assert value == pytest.approx(once, rel=1e-5)  # 8 / 2³


def test_the_schedule_is_saved_with_the_game(tmp_path):
    data = toys.points(16)
    gan = game(HALVING)
    logged(gan, data, 2)
    gan.save(tmp_path / "gan.keras")
    again = kg.load_model(tmp_path / "gan.keras")
    np.testing.assert_allclose(logged(again, data, 2), logged(gan, data, 2), rtol=1e-6)


@pytest.mark.parametrize(
    "kind",
    [R1, GradientPenalty, ConsistencyTerm, FiniteDifferenceR1, FiniteDifferenceR2, LeCam],
)
def test_every_penalty_takes_a_schedule(kind):
    again = kind.from_config(kind(HALVING).get_config())
    assert float(again.weight(3)) == pytest.approx(1.0)
