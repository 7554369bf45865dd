"""Instance noise: how much, on what, and until when."""

import keras
import numpy as np
import pytest
from keras import layers, ops

import keras_gan as kg
from keras_gan.layers import InstanceNoise
from tests import toys


def noisy_discriminator(**options):
    noise = InstanceNoise(**options)
    return keras.Sequential([keras.Input((2,)), noise, *toys.discriminator().layers]), noise


def game(schedule="alternating", compile_options=None, **options):
    discriminator, noise = noisy_discriminator(**options)
    gan = kg.GAN(toys.generator(), discriminator, schedule=schedule, seed=0)
    gan.compile(**(compile_options or {"run_eagerly": True}))
    return gan, noise


def test_gaussian_in_training_and_nothing_in_inference():
    noise, x = InstanceNoise(0.5, seed=0), 3.0 * ops.ones((200, 100))
    np.testing.assert_array_equal(noise(x), x)
    added = ops.convert_to_numpy(noise(x, training=True) - x)
    assert added.mean() == pytest.approx(0.0, abs=0.02)
    assert added.std() == pytest.approx(0.5, abs=0.01)
    assert np.mean(added**4) / added.var() ** 2 == pytest.approx(3.0, abs=0.2)  # as a Gaussian's
    again = ops.convert_to_numpy(noise(x, training=True) - x)
    assert abs(np.corrcoef(added.ravel(), again.ravel())[0, 1]) < 0.03  # fresh for real and fake


def test_annealed_linearly_to_zero_and_not_below():
    noise = InstanceNoise(2.0, anneal_steps=4, seed=0)
    seen = []
    for _ in range(6):
        seen.append(float(noise.present_stddev()))
        noise.on_step_end()
    np.testing.assert_allclose(seen, [2.0, 1.5, 1.0, 0.5, 0.0, 0.0])
    x = ops.ones((5, 3))
    np.testing.assert_array_equal(noise(x, training=True), x)


def test_stays_without_anneal_steps():
    noise = InstanceNoise(2.0)
    noise.on_step_end()
    assert float(noise.present_stddev()) == 2.0


def test_a_game_advances_it_once_a_training_step_whatever_the_schedule():
    gan, noise = game(schedule=3, stddev=1.0, anneal_steps=10)
    gan.fit(toys.points(24), batch_size=6, verbose=0)
    assert int(noise.step) == 4
    gan.evaluate(toys.points(24), verbose=0)
    assert int(noise.step) == 4
    assert float(noise.present_stddev()) == pytest.approx(0.6)


def test_advances_in_a_graph_of_several_steps():
    gan, noise = game("alternating", {"steps_per_execution": 3}, stddev=1.0, anneal_steps=10)
    gan.fit(toys.points(24), batch_size=4, verbose=0)
    assert int(noise.step) == 6


def test_step_and_random_state_survive_saving(tmp_path):
    gan, noise = game(stddev=1.0, anneal_steps=10)
    gan.train_on_batch(toys.points(8))
    gan.save(tmp_path / "gan.keras")
    again = kg.load_model(tmp_path / "gan.keras")
    restored = next(x for x in again.discriminator.layers if isinstance(x, InstanceNoise))
    assert int(restored.step) == 1
    assert (restored.stddev, restored.anneal_steps) == (1.0, 10)
    x = ops.ones((4, 2))
    np.testing.assert_array_equal(restored(x, training=True), noise(x, training=True))


def test_composes_with_a_penalty():
    discriminator, _ = noisy_discriminator(stddev=0.3)
    gan = kg.GAN(toys.generator(), discriminator, penalties=[kg.penalties.R1(1.0, every=2)])
    gan.compile()
    history = gan.fit(toys.points(16), batch_size=8, verbose=0).history
    assert np.isfinite(history["r1_penalty"]).all()


def test_replicas_get_noise_of_their_own(two_replicas):
    with two_replicas.scope():
        noise = InstanceNoise(1.0, seed=0)
    x = ops.zeros((2, 3))
    first, second = two_replicas.experimental_local_results(
        two_replicas.run(lambda: noise(x, training=True))
    )
    assert not np.any(np.equal(first, second))


def test_half_precision_and_config():
    keras.config.set_dtype_policy("mixed_bfloat16")
    noise = InstanceNoise(0.5, anneal_steps=3, seed=7)
    assert noise(ops.ones((2, 2)), training=True).dtype == "bfloat16"
    again = InstanceNoise.from_config(noise.get_config())
    assert (again.stddev, again.anneal_steps, again.seed) == (0.5, 3, 7)
    assert layers.serialize(noise)["registered_name"] == "keras_gan>InstanceNoise"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"stddev": -0.1}, "at least 0; received -0.1"),
        ({"stddev": 1.0, "anneal_steps": 0}, "whole number of at least 1.*received 0"),
        ({"stddev": 1.0, "anneal_steps": 2.5}, "whole number of at least 1.*received 2.5"),
    ],
)
def test_errors(arguments, message):
    with pytest.raises(ValueError, match=message):
        InstanceNoise(**arguments)
