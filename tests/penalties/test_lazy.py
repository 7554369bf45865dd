"""Lazy penalties: paid every n-th discriminator step, n times, and unbiased."""

import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.backend import autodiff
from keras_gan.penalties import R1
from tests import toys
from tests.penalties.standing import game, logged


def test_mean_of_the_gradients_over_n_steps_is_the_gradient_of_the_penalty():
    discriminator, x = toys.discriminator(), toys.points(16)
    weights = discriminator.trainable_variables

    def gradient(penalty, step):
        return autodiff.gradients(
            lambda: (penalty(discriminator, x, x, None, step), None), weights
        )[0]

    steps = [gradient(R1(1.0, every=4), ops.convert_to_tensor(step)) for step in range(4)]
    kernels = [i for i, weight in enumerate(weights) if len(weight.shape) == 2]
    for i in kernels:
        whole = gradient(R1(1.0), None)[i]
        parts = [np.zeros(whole.shape) if step[i] is None else step[i] for step in steps]
        assert np.abs(whole).max() > 1e-3
        np.testing.assert_allclose(np.mean(parts, axis=0), whole, rtol=1e-5)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="graph"),
        pytest.param({"run_eagerly": True}, id="eager"),
        pytest.param({"jit_compile": True}, id="xla", marks=pytest.mark.slow),
    ],
)
def test_paid_n_times_at_every_nth_step_and_logged_so(options):
    data = toys.points(16)
    discriminator = toys.discriminator()
    once = logged(game(every=1, discriminator=discriminator), data, 1)[0]
    found = logged(game(every=3, discriminator=discriminator, **options), data, 7)
    np.testing.assert_allclose(found, once * np.array([3, 0, 0, 3, 0, 0, 3]), rtol=1e-5)


def test_running_mean_is_that_of_the_eager_penalty_with_several_steps_per_execution():
    data, discriminator = np.tile(toys.points(16), (8, 1)), toys.discriminator()
    eager, lazy = (
        game(every=every, discriminator=discriminator, **options)
        .fit(data, batch_size=16, shuffle=False, verbose=0)
        .history["r1_penalty"][0]
        for every, options in [(1, {"run_eagerly": True}), (4, {"steps_per_execution": 4})]
    )
    assert lazy == pytest.approx(eager, rel=1e-5)


def test_counts_discriminator_steps_not_training_steps():
    data, discriminator = np.ones((8, 2), "float32"), toys.discriminator()
    once, lazy = (
        logged(game(1.0, every, discriminator, schedule=2, run_eagerly=True), data, 3)
        for every in (1, 2)
    )
    np.testing.assert_allclose(lazy, once, rtol=1e-5)


def test_count_survives_saving(tmp_path):
    data = toys.points(16)
    gan = game(every=4, run_eagerly=True)
    assert list(logged(gan, data, 2) > 0) == [True, False]
    gan.save(tmp_path / "gan.keras")
    again = kg.load_model(tmp_path / "gan.keras")
    assert again.penalties[0].every == 4
    assert list(logged(again, data, 3) > 0) == [False, False, True]


def test_evaluation_shows_the_penalty_itself():
    data, discriminator = toys.points(16), toys.discriminator()
    values = [
        game(1.0, every, discriminator, run_eagerly=True).evaluate(
            data, verbose=0, return_dict=True
        )["r1_penalty"]
        for every in (1, 4)
    ]
    assert values[0] == pytest.approx(values[1], rel=1e-6)


@pytest.mark.thorough
def test_lazy_under_a_strategy(two_replicas):
    data = np.tile(toys.points(16), (2, 1))
    with two_replicas.scope():
        lazy = game(every=3, discriminator=toys.discriminator(dropout=0.5))
    assert list(logged(lazy, data, 4) > 0) == [True, False, False, True]
