"""Phase shuffle: each series shifted by a number of its own, mirrored at its ends."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.layers import PhaseShuffle
from keras_gan.penalties import R1
from tests.penalties.test_finite_differences import derivatives, float64  # noqa: F401


def shifted(x, s):
    """x_(t − s), with x mirrored at its ends without repeating them."""
    t = np.abs(np.arange(len(x)) - s)
    last = len(x) - 1
    return x[last - np.abs(last - t)]


@pytest.mark.parametrize("n", [1, 2, 4])
def test_each_series_is_shifted_by_some_steps_each_as_likely(n, rng):
    x = rng.normal(size=(4000, 9, 2)).astype("float32")
    y = np.asarray(PhaseShuffle(n, seed=1)(x, training=True))
    choices = np.stack([[shifted(each, s) for each in x] for s in range(-n, n + 1)])
    matches = (choices == y).all(axis=(2, 3))
    np.testing.assert_array_equal(matches.sum(axis=0), 1)
    share = 1 / (2 * n + 1)
    five_sigma = 5 * (share * (1 - share) / len(x)) ** 0.5
    np.testing.assert_allclose(matches.mean(axis=1), share, atol=five_sigma)


def test_outside_of_training_and_with_no_shift_nothing_changes(rng):
    x = rng.normal(size=(3, 9, 2)).astype("float32")
    np.testing.assert_array_equal(PhaseShuffle(2)(x), x)
    np.testing.assert_array_equal(PhaseShuffle(0)(x, training=True), x)


def test_a_seed_decides_the_shifts_and_each_call_has_others(rng):
    x = rng.normal(size=(50, 9, 2)).astype("float32")
    one, other = PhaseShuffle(2, seed=3), PhaseShuffle(2, seed=3)
    first = np.asarray(one(x, training=True))
    np.testing.assert_array_equal(first, other(x, training=True))
    assert (np.asarray(one(x, training=True)) != first).any()
    again = PhaseShuffle.from_config(one.get_config())
    np.testing.assert_array_equal(first, again(x, training=True))


@pytest.mark.float64
def test_penalties_are_right_through_it(float64):  # noqa: F811
    x = keras.Input((6, 2))
    h = keras.layers.Dense(4, activation="tanh")(x)
    h = keras.layers.Dense(4, activation="tanh")(PhaseShuffle(2, seed=0)(h))
    network = keras.Model(x, keras.layers.Dense(1)(keras.layers.Flatten()(h)))
    found, expected = derivatives(R1(1.0), network, (6, 2), training=True)
    assert abs(expected) > 1e-4
    assert found == pytest.approx(expected, rel=1e-6)


def test_training_with_it_is_saved_and_goes_on(tmp_path, rng):
    x = rng.uniform(-1, 1, size=(16, 20, 1)).astype("float32")

    def made():
        keras.utils.set_random_seed(0)
        gan = kg.GAN(
            kg.networks.conv1d_generator((20, 1), latent_dim=2, width=2, kernel=5),
            kg.networks.conv1d_discriminator((20, 1), width=2, kernel=5, phase_shuffle=2),
            seed=0,
        )
        gan.compile()
        return gan

    def weights(gan):
        return [ops.convert_to_numpy(v) for v in gan.discriminator.variables]

    whole, cut = made(), made()
    whole.fit(x, batch_size=8, epochs=2, shuffle=False, verbose=0)
    cut.fit(
        x,
        batch_size=8,
        epochs=1,
        shuffle=False,
        verbose=0,
        callbacks=[kg.callbacks.Checkpoint(tmp_path)],
    )
    resumed = made()
    resumed.fit(
        x,
        batch_size=8,
        epochs=2,
        shuffle=False,
        verbose=0,
        callbacks=[kg.callbacks.Checkpoint(tmp_path)],
    )
    for a, b in zip(weights(resumed), weights(whole), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: PhaseShuffle(-1), "n must be .* received -1"),
        (lambda: PhaseShuffle(2)(np.ones((3, 2, 1))), r"more than 2 steps; .*\(3, 2, 1\)"),
        (lambda: PhaseShuffle(2)(np.ones((3, 8))), r"\(batch, time, channels\).*\(3, 8\)"),
    ],
)
def test_wrong_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
