"""In low precision, samples are still found again, approved of and normalised."""

import keras
import numpy as np
import pytest

import keras_gan as kg
from tests.precision.test_recipes import LOW


@pytest.mark.thorough
@pytest.mark.parametrize("policy", LOW)
def test_statistics_projection_and_samplers(policy):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        gan = kg.DCGAN(
            kg.networks.dcgan_generator((8, 8, 1), latent_dim=6, width=8),
            kg.networks.dcgan_discriminator((8, 8, 1), width=8),
            average=0.9,
            seed=0,
        )
    finally:
        keras.config.set_dtype_policy(before)
    gan.compile()
    x = np.random.default_rng(0).uniform(-1, 1, size=(64, 8, 8, 1)).astype("float32")
    gan.fit(x, epochs=2, batch_size=32, verbose=0)
    gan.standing_statistics(batches=3, batch_size=16)
    made = gan.generate(3, seed=1)
    found = gan.samples_of(gan.project(made, starts=3, steps=60))
    assert np.abs(found - made).max() < 0.5 * made.std()
    for sampler in (
        kg.samplers.Rejection(burn_in=64, percentile=80),
        kg.samplers.Langevin(steps=5, metropolis=True),
    ):
        assert np.isfinite(gan.generate(5, seed=0, sampler=sampler)).all()
