"""LeCam: its formula, its averages, and what a game does with them."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.backend import autodiff
from keras_gan.penalties import LeCam
from keras_gan.penalties.lecam import ScoreAverages
from tests import toys
from tests.games.cases import GAMES


def identity(x):
    return x


def column(values):
    return ops.convert_to_tensor(np.reshape(np.asarray(values, "float32"), (-1, 1)))


def averaged(history, decay):
    """The mean of all so far, weighted by the decay to the power of the age."""
    weights = decay ** np.arange(len(history))[::-1]
    return weights @ np.array(history) / weights.sum()


@pytest.mark.parametrize("one_sided", [False, True])
@pytest.mark.parametrize("decay", [0.0, 0.9])
def test_formula_and_averages(rng, one_sided, decay):
    penalty = LeCam(0.7, decay=decay, one_sided=one_sided)
    state, reals, fakes = penalty.make_state(), [], []
    for _ in range(4):
        real, fake = rng.normal(0.3, 1.0, 5), rng.normal(-0.2, 1.0, 5)
        reals.append(real.mean())
        fakes.append(fake.mean())
        found = penalty(identity, column(real), column(fake), None, state=state)
        above, below = real - averaged(fakes, decay), averaged(reals, decay) - fake
        if one_sided:
            above, below = np.maximum(above, 0), np.maximum(below, 0)
        expected = 0.7 * (np.mean(above**2) + np.mean(below**2))
        assert float(found) == pytest.approx(expected, rel=1e-5)
    assert float(state.real) == pytest.approx(averaged(reals, decay), rel=1e-4, abs=1e-6)
    assert int(state.updates) == 4


def test_the_averages_are_constants_to_derivatives():
    """d/dw of E (w x − α_F)² + E (w x' − α_R)² at w = 1, with the averages of this minibatch."""
    w = keras.Variable([[1.0]])
    real, fake = column([1.0, 3.0]), column([-1.0, -2.0])
    penalty = LeCam(1.0)

    def loss():
        state = penalty.make_state()
        return penalty(lambda x: x @ w, real, fake, None, state=state), None

    (gradient,), _ = autodiff.gradients(loss, [w])
    real, fake = np.array([1.0, 3.0]), np.array([-1.0, -2.0])
    expected = 2 * np.mean(real * (real + 1.5)) + 2 * np.mean(fake * (fake - 2.0))
    assert float(gradient[0, 0]) == pytest.approx(expected, rel=1e-5)


def game(penalty=None, **options):
    keras.utils.set_random_seed(0)
    penalties = [penalty or LeCam(0.5, decay=0.8)]
    gan = kg.GAN(toys.generator(), toys.discriminator(), penalties=penalties, seed=1, **options)
    gan.compile(run_eagerly=True)
    return gan


def test_an_evaluation_leaves_the_averages_alone_and_sees_them():
    gan, x = game(), toys.points(32)
    state = gan.penalty_states["lecam"]
    first = gan.test_on_batch(x, return_dict=True)["lecam"]  # of the minibatch: nothing else yet
    assert int(state.updates) == 0
    assert first > 0
    gan.fit(x, batch_size=8, verbose=0)
    assert int(state.updates) == 4
    before = [float(v) for v in state.variables]
    gan.evaluate(x, verbose=0)
    assert [float(v) for v in state.variables] == before
    assert before[0] != before[1]


def test_the_averages_are_saved(tmp_path):
    gan = game()
    gan.fit(toys.points(32), batch_size=8, verbose=0)
    gan.save(tmp_path / "gan.keras")
    copy = kg.load_model(tmp_path / "gan.keras")
    for own, other in zip(
        gan.penalty_states["lecam"].variables, copy.penalty_states["lecam"].variables, strict=True
    ):
        assert float(own) == float(other)
    assert (copy.penalties[0].decay, copy.penalties[0].one_sided) == (0.8, False)


def test_each_of_two_discriminators_has_averages_of_its_own():
    gan = GAMES["CycleGAN"].make(penalties=[LeCam(0.1)])
    gan.compile(run_eagerly=True)
    gan.fit(*GAMES["CycleGAN"].data(8), batch_size=8, verbose=0)
    assert list(gan.penalty_states) == ["lecam_x", "lecam_y"]
    values = [float(state.real) for state in gan.penalty_states.values()]
    assert values[0] != values[1]


def test_foreseen_steps_do_not_move_them():
    gan = GAMES["UnrolledGAN"].make(penalties=[LeCam(0.1)])
    gan.compile(run_eagerly=True)
    gan.fit(*GAMES["UnrolledGAN"].data(8), batch_size=8, verbose=0)
    assert int(gan.penalty_states["lecam"].updates) == 1


@pytest.mark.parametrize("decay", [-0.1, 1.0, "a"])
def test_refuses_decays_that_are_none(decay):
    with pytest.raises(ValueError, match="decay must be a number of at least 0 and less than 1"):
        LeCam(decay=decay)


def test_scores_that_are_not_finite_leave_the_averages():
    averages, twin = ScoreAverages(0.9), ScoreAverages(0.9)
    for means in ((np.nan, 1.0), (3.0, -1.0), (2.0, np.inf), (1.0, -2.0)):
        averages.update(*means)
        if np.isfinite(means).all():
            twin.update(*means)
    found, expected = ([float(v) for v in each.variables] for each in (averages, twin))
    assert found == expected
    assert int(averages.updates) == 2
