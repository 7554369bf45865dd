"""`keras.distribution.DataParallel` over four devices trains as one device does."""

import keras
import numpy as np
import pytest

import keras_gan as kg
from tests.backend import BACKEND
from tests.backends.steps import data
from tests.recipes.cases import CASES, with_labels
from tests.slow import slow_but

pytestmark = pytest.mark.skipif(BACKEND != "jax", reason="of JAX's devices")


@pytest.fixture
def four_devices():
    """A scope over four devices; without one, every test has one."""
    devices = keras.distribution.list_devices("cpu")
    assert len(devices) == 4
    return keras.distribution.DataParallel(devices=devices)


def trained(case, epochs=2, **options):
    gan = case.make()
    gan.compile(**options)
    x = with_labels(data()) if case.labelled else (data(),)
    gan.fit(*x, batch_size=20, epochs=epochs, shuffle=False, verbose=0)
    return gan


def state_of(gan):
    return [keras.ops.convert_to_numpy(v) for v in [*gan.weights, *gan.optimizer.variables]]


@pytest.mark.parametrize("name", slow_but(["R3GAN"], CASES))
def test_four_devices_find_the_weights_of_one(four_devices, name):
    alone = state_of(trained(CASES[name]))
    with four_devices.scope():
        shared = state_of(trained(CASES[name]))
    for a, b in zip(alone, shared, strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-5, atol=1e-5)


def test_a_shared_game_evaluates_generates_saves_and_goes_on_alone(four_devices, tmp_path):
    with four_devices.scope():
        gan = trained(CASES["SNGAN"])
        losses = gan.evaluate(data(), batch_size=20, verbose=0, return_dict=True)
        samples = gan.generate(5, seed=0)
        scores = gan.discriminate(samples)
        gan.save(tmp_path / "gan.keras")
    alone = kg.load_model(tmp_path / "gan.keras")
    np.testing.assert_allclose(alone.generate(5, seed=0), samples, atol=1e-6)
    np.testing.assert_allclose(alone.discriminate(samples), scores, atol=1e-6)
    again = alone.evaluate(data(), batch_size=20, verbose=0, return_dict=True)
    assert again == pytest.approx(losses, abs=1e-5)
    alone.fit(data(), batch_size=20, verbose=0)


def test_a_checkpoint_of_four_devices_goes_on_there(four_devices, tmp_path):
    def fit(folder, epochs):
        with four_devices.scope():
            gan = CASES["WGANGP"].make()
            gan.compile()
            checkpoint = kg.callbacks.Checkpoint(tmp_path / folder, every=2)
            gan.fit(data(), batch_size=20, epochs=epochs, verbose=0, callbacks=[checkpoint])
        return state_of(gan)

    expected = fit("whole", 3)
    fit("parts", 2)
    for a, b in zip(expected, fit("parts", 3), strict=True):
        np.testing.assert_array_equal(a, b)


def test_batches_that_devices_cannot_share_are_refused(four_devices):
    with four_devices.scope():
        gan = CASES["DCGAN"].make()
        gan.compile()
        with pytest.raises(ValueError, match="must divide evenly among 4 devices"):
            gan.fit(data(), batch_size=10, verbose=0)
        with pytest.raises(
            ValueError,
            match="has 2 samples, which do not divide evenly among 4 devices",
        ):
            gan.fit(data()[:62], batch_size=20, verbose=0)
        with pytest.raises(ValueError, match="received one of 10 samples"):
            gan.evaluate(data()[:40], batch_size=10, verbose=0)


def test_networks_made_outside_of_the_distribution_are_refused(four_devices):
    gan = CASES["DCGAN"].make()
    with four_devices.scope(), pytest.raises(ValueError, match="in the same distribution"):
        gan.compile()


@pytest.mark.parametrize("name", slow_but(["SNGAN"], ["SNGAN", "CTGAN"]))
def test_fused_steps_find_the_weights_of_single_ones(name):
    """Four steps an execution, and one that is left over at the end of the pass."""
    single, fused = trained(CASES[name]), trained(CASES[name], steps_per_execution=4)
    for a, b in zip(state_of(single), state_of(fused), strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-5, atol=1e-6)
