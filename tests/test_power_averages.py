"""Averages of power functions: their weights in closed form, and others recombined of them."""

import json

import keras
import numpy as np
import pytest
from keras import layers

import keras_gan as kg
from keras_gan.training.averages import (
    Exponential,
    Power,
    exponent,
    recombination,
    reconstruct,
    reconstructed,
    relative_length,
)
from keras_gan.training.averaging import Average
from tests import toys

LENGTHS = [0.05, 0.1]


def walk(steps, seed=0, size=5):
    """Weights along a random walk with drift, float64 (steps, size)."""
    moves = np.random.default_rng(seed).normal(0.05, 0.3, (steps, size))
    return np.cumsum(moves, axis=0)


def follower(average, size=5):
    network = keras.Sequential([keras.Input((1,)), layers.Dense(size, use_bias=False)])
    return network, Average(network, average)


def closed_form(weights, length):
    """Σ (τ^(γ+1) − (τ−1)^(γ+1)) / t^(γ+1) w(τ)."""
    t, g = len(weights), exponent(length)
    tau = np.arange(1, t + 1)
    return ((tau / t) ** (g + 1) - ((tau - 1) / t) ** (g + 1)) @ weights


@pytest.mark.parametrize("steps", [1, 2, 300])
def test_the_weights_of_steps_are_the_closed_form(steps):
    network, average = follower(Power([0.05, 0.1, 0.25]))
    weights = walk(steps)
    for each in weights:
        network.set_weights([each[None]])
        average.update()
    for track, length in zip(average.tracks, [0.05, 0.1, 0.25], strict=True):
        np.testing.assert_allclose(
            np.array(track[0])[0], closed_form(weights, length), rtol=1e-4, atol=1e-5
        )


def test_the_weights_of_steps_add_up_to_one_and_have_the_relative_length():
    for length in (0.01, 0.05, 0.1, 0.28):
        t, g = 10_000, exponent(length)
        tau = np.arange(1, t + 1)
        parts = (tau / t) ** (g + 1) - ((tau - 1) / t) ** (g + 1)
        assert parts.sum() == pytest.approx(1.0, abs=1e-12)
        mean = parts @ (tau - 0.5)
        deviation = np.sqrt(parts @ (tau - 0.5 - mean) ** 2)
        assert deviation / t == pytest.approx(length, rel=2e-4)
        assert relative_length(g) == pytest.approx(length, rel=1e-9)
    assert exponent(0.05) == pytest.approx(16.97, abs=0.005)  # both from the paper
    assert exponent(0.1) == pytest.approx(6.94, abs=0.005)


@pytest.mark.parametrize(
    "lengths",
    [
        np.array([0.05, 0.1]),
        np.array(0.05),
        np.float64(0.05),
        (np.float64(0.05), np.float64(0.1)),
        iter([0.05, 0.1]),
    ],
    ids=["array", "array of one number", "number", "tuple", "iterator"],
)
def test_lengths_of_any_kind_are_kept_as_plain_numbers(lengths):
    power = Power(lengths)
    assert power.lengths == LENGTHS[: len(power.lengths)]
    assert all(type(each) is float for each in power.lengths)
    assert Power.from_config(json.loads(json.dumps(power.get_config()))).lengths == power.lengths


def test_a_decay_of_numpy_is_kept_as_a_plain_number_and_a_text_refused():
    config = Exponential(np.float32(0.5)).get_config()
    assert json.loads(json.dumps(config)) == {"decay": 0.5}
    with pytest.raises(ValueError, match=r"decay in \[0, 1\).*received '0.9'"):
        Exponential("0.9")


def test_late_steps_keep_their_rate_in_float32():
    """1 − (1 − 1/t)^(γ+1) at a million steps, of which 1 − 1/t itself keeps two digits."""
    (rate,) = Power(0.05).rates(999_999)
    assert float(rate) == pytest.approx((exponent(0.05) + 1) * 1e-6, rel=1e-4)
    assert float(Power(0.05).rates(0)[0]) == 1.0


def profile(tau, t, g):
    return np.where(tau <= t, (g + 1) * (tau / t) ** g / t, 0.0)


def test_recombination_is_the_least_squares_fit_of_profiles():
    """Against a numerical fit on a fine grid, with the same constraint."""
    places = [(t, exponent(s)) for t in (25.0, 50.0, 100.0) for s in LENGTHS]
    g = exponent(0.13)
    x, error = recombination(*zip(*places, strict=True), 100.0, g)
    assert x.sum() == pytest.approx(1.0, abs=1e-9)
    tau = (np.arange(400_000) + 0.5) / 4000
    basis = np.stack([profile(tau, *place) for place in places])
    target = profile(tau, 100.0, g)
    residual = target - x @ basis
    assert error == pytest.approx(np.sqrt((residual**2).sum() / (target**2).sum()), rel=1e-3)
    others = basis - basis[:1]  # directions that keep the sum of coefficients
    slopes = others @ residual / (target @ target)
    np.testing.assert_allclose(slopes, 0.0, atol=1e-6)


@pytest.mark.parametrize(("count", "most"), [(32, 0.04), (100, 0.01)])
def test_the_errors_of_profiles_are_as_stated(count, most):
    places = [(i + 1.0, exponent(s)) for i in range(count) for s in LENGTHS]
    errors = [
        recombination(*zip(*places, strict=True), count, exponent(length))[1]
        for length in (0.02, 0.03, 0.07, 0.12, 0.15, 0.2, 0.25)
    ]
    assert most / 10 < max(errors) <= most


def trained(folder=None, average=None, steps=60, every=3, seed=0, **fit):
    keras.utils.set_random_seed(1)
    gan = kg.GAN(
        toys.generator(), toys.discriminator(), seed=seed, average=average or Power(LENGTHS)
    )
    gan.compile(generator_optimizer=keras.optimizers.Adam(1e-2))
    snapshots = [] if folder is None else [kg.callbacks.AverageSnapshots(folder, every)]
    callbacks = [*snapshots, *fit.pop("callbacks", [])]
    options = {"batch_size": 8, "epochs": steps // 20, "shuffle": False, "verbose": 0, **fit}
    gan.fit(toys.points(160), callbacks=callbacks, **options)
    return gan


def apart(values, track, start):
    """‖a − b‖ of two averages, in units of how far they are from a start, over all weights."""
    differences = [np.linalg.norm(a - np.array(b)) for a, b in zip(values, track, strict=True)]
    sizes = [np.linalg.norm(a - b) for a, b in zip(values, start, strict=True)]
    return np.linalg.norm(differences) / np.linalg.norm(sizes)


@pytest.mark.parametrize("length", [0.03, 0.07, 0.15, 0.2])
def test_a_recombined_average_is_the_one_run_directly(tmp_path, length):
    gan = trained(tmp_path)
    keras.utils.set_random_seed(1)
    start = [np.array(w) for w in toys.generator().weights]
    direct = trained(average=Power(length))
    found = reconstruct(tmp_path, length)
    assert (found.step, found.snapshots) == (60, 40)
    assert found.error < 0.04
    error = apart(found.values, direct.average.averages, start)
    assert error < 0.01
    other = apart(found.values, gan.average.averages, start)
    assert other > 5 * error  # of 0.05, unlike it


def test_a_kept_average_and_an_earlier_step_are_found_again(tmp_path):
    gan = trained(tmp_path, every=4)
    for track, length in zip(gan.average.tracks, LENGTHS, strict=True):
        for a, b in zip(reconstruct(tmp_path, length).values, track, strict=True):
            np.testing.assert_allclose(a, np.array(b), rtol=1e-4, atol=1e-6)
    half, found = trained(steps=40), reconstruct(tmp_path, 0.1, step=40)
    assert (found.step, found.snapshots) == (40, 20)
    for a, b in zip(found.values, half.average.tracks[1], strict=True):
        np.testing.assert_allclose(a, np.array(b), rtol=1e-4, atol=1e-6)
    with pytest.raises(ValueError, match="ask for a step at which there is one"):
        reconstruct(tmp_path, 0.1, step=43)


def test_in_its_scope_it_serves_and_afterwards_the_own_one_does(tmp_path):
    gan = trained(tmp_path)
    own = gan.generate(8, seed=0)
    with reconstructed(gan, tmp_path, 0.2) as found:
        inside = gan.generate(8, seed=0)
        gan.save(tmp_path / "gan.keras")
        np.testing.assert_allclose(
            np.array(gan.average.averages[0]), found.values[0], rtol=1e-6, atol=1e-7
        )
    assert np.abs(inside - own).max() > 1e-3
    np.testing.assert_array_equal(gan.generate(8, seed=0), own)
    copy = kg.load_model(tmp_path / "gan.keras")
    assert copy.decay.lengths == LENGTHS
    np.testing.assert_allclose(copy.generate(8, seed=0), inside, atol=1e-6)


class Stop(keras.callbacks.Callback):
    def __init__(self, steps):
        super().__init__()
        self.left = steps

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if not self.left:
            raise RuntimeError("killed")


def test_a_run_that_goes_on_writes_the_snapshots_of_one_that_was_never_stopped(tmp_path):
    def run(name, *more):
        checkpoint = kg.callbacks.Checkpoint(tmp_path / name / "checkpoints", every=4)
        return trained(tmp_path / name / "averages", every=5, callbacks=[checkpoint, *more])

    run("whole")
    with pytest.raises(RuntimeError, match="killed"):
        run("broken", Stop(33))
    run("broken")
    files = sorted((tmp_path / "whole" / "averages").iterdir())
    assert [file.name for file in files] == ["averages.json"] + [
        f"step_{5 * i:09d}.npy" for i in range(1, 13)
    ]
    for file in files:
        other = tmp_path / "broken" / "averages" / file.name
        assert file.read_bytes() == other.read_bytes(), file.name


def test_a_training_from_step_0_refuses_a_folder_with_snapshots_of_an_earlier_one(tmp_path):
    trained(tmp_path, steps=40, every=5)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ValueError, match=r"has 8 snapshots .* up to step 40, .* begins at step 0"):
        trained(tmp_path, steps=20, every=7)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_training_that_goes_on_deletes_the_snapshots_of_the_steps_it_takes_again(tmp_path):
    gan = trained(tmp_path / "averages", steps=20, every=5)
    gan.save(tmp_path / "gan.keras")
    options = {"batch_size": 8, "shuffle": False, "verbose": 0}

    def goes_on(model, every):
        snapshots = kg.callbacks.AverageSnapshots(tmp_path / "averages", every)
        model.fit(toys.points(160), callbacks=[snapshots], **options)
        return sorted(path.name for path in (tmp_path / "averages").glob("*.npy"))

    first = [5, 10, 15, 20]
    for every, later in (7, [21, 28, 35, 40]), (9, [27, 36, 40]):
        found = goes_on(kg.load_model(tmp_path / "gan.keras"), every)
        assert found == [f"step_{at:09d}.npy" for at in [*first, *later]]


def test_without_snapshots_of_its_own_nothing_is_made(tmp_path):
    gan = trained(tmp_path, steps=20, every=10)
    with pytest.raises(ValueError, match="no snapshots of averages"):
        reconstruct(tmp_path / "elsewhere", 0.1)
    with pytest.raises(ValueError, match="no snapshot of averages up to step 5"):
        reconstruct(tmp_path, 0.1, step=5)
    with pytest.raises(
        ValueError, match=r"length 0\.01 at step 20 with a relative error of 0\.\d+"
    ):
        reconstruct(tmp_path, 0.01)
    for length in (0, 0.3, "a"):
        with pytest.raises(ValueError, match=r"must be a number from 0\.0001 to 0\.2886"):
            reconstruct(tmp_path, length)
    other = trained(average=Power([0.05, 0.2]), steps=20)
    with (
        pytest.raises(ValueError, match="whose lengths differ"),
        reconstructed(other, tmp_path, 0.1),
    ):
        pass
    with pytest.raises(ValueError, match="whose seed differ"):
        trained(tmp_path, steps=20, seed=1)
    plain = trained(average=0.9, steps=20)
    with pytest.raises(ValueError, match="of power functions"), reconstructed(plain, tmp_path, 0.1):
        pass
    with pytest.raises(ValueError, match="AverageSnapshots keeps averages of power functions"):
        trained(tmp_path, average=0.9, steps=20)
    (tmp_path / "step_000000010.npy").write_bytes(b"damaged")
    with pytest.raises(ValueError, match=r"step_000000010\.npy cannot be read"):
        reconstruct(tmp_path, 0.1)
    facts = json.loads((tmp_path / "averages.json").read_text())
    (tmp_path / "averages.json").write_text(json.dumps({"lengths": facts["lengths"]}))
    with pytest.raises(ValueError, match="is damaged"), reconstructed(gan, tmp_path, 0.1):
        pass


@pytest.mark.parametrize("average", ["a", True, [0.1]])
def test_averages_that_are_none_are_refused(average):
    with pytest.raises(ValueError, match=r"average must be a decay .*kg\.averages\.Power"):
        kg.GAN(toys.generator(), toys.discriminator(), average=average)


@pytest.mark.parametrize("lengths", [[], [0.1, 0.1], [0.01 * i for i in range(1, 10)], [0.3]])
def test_lengths_that_are_none_are_refused(lengths):
    with pytest.raises(ValueError, match=r"lengths must be 1 to 8|must be a number from 0\.0001"):
        Power(lengths)
