"""What three kinds of critics report as the Wasserstein distance of two shifted Gaussians.

W₁(N(0, I), N(μ, I)) = ‖μ‖, which a critic of slope 1 along μ attains.
"""

import keras
import numpy as np
import pytest

import keras_gan as kg

SHIFT = 1.0


def shifted(dimension):
    """A generator that stands still at N(μ, I), ‖μ‖ = SHIFT, all components of μ alike."""
    shift = keras.initializers.Constant(SHIFT / np.sqrt(dimension))
    layer = keras.layers.Dense(dimension, kernel_initializer="identity", bias_initializer=shift)
    return keras.Sequential([keras.Input((dimension,)), layer])


def estimate(gan, dimension, rate, epochs=20):
    """`wasserstein_estimate` of the last epoch of a critic trained against that generator."""
    rates = keras.optimizers.schedules.CosineDecay(rate, 100 * epochs)
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(0.0),
        discriminator_optimizer=keras.optimizers.Adam(rates, beta_1=0.0, beta_2=0.9),
        steps_per_execution=50,
    )
    x = np.random.default_rng(0).normal(size=(50_000, dimension)).astype("float32")
    batches = kg.data.batches(x, 500)
    history = gan.fit(batches, epochs=epochs, verbose=0).history
    return history["wasserstein_estimate"][-1]


@pytest.mark.slow
@pytest.mark.parametrize("dimension", [1, 8])
def test_a_penalised_critic_reports_the_distance(dimension):
    """A slope of K costs λ (K − 1)² and gains K ‖μ‖: the best is K = 1 + ‖μ‖ / 2λ."""
    keras.utils.set_random_seed(0)
    critic = kg.networks.mlp_discriminator(dimension, width=64, depth=2)
    gan = kg.WGANGP(shifted(dimension), critic, discriminator_steps=1, seed=0)
    found = estimate(gan, dimension, 1e-3)
    assert found == pytest.approx(SHIFT, rel=0.1)
    assert found == pytest.approx(SHIFT * (1 + SHIFT / (2 * 10.0)), rel=0.03)


@pytest.mark.slow
@pytest.mark.parametrize("dimension", [1, 8])
def test_a_spectrally_normalized_critic_reports_the_distance(dimension):
    keras.utils.set_random_seed(0)
    critic = kg.networks.mlp_discriminator(dimension, width=64, depth=2, normalization="spectral")
    gan = kg.SNGAN(shifted(dimension), critic, objective="wasserstein", seed=0)
    found = estimate(gan, dimension, 5e-3)
    assert found == pytest.approx(SHIFT, rel=0.1)
    assert found < 1.02 * SHIFT  # a 1-Lipschitz critic cannot exceed it, but for sampling


@pytest.mark.parametrize("dimension", [1, 8])
def test_a_clipped_critic_reports_a_multiple_of_the_distance(dimension):
    """A linear critic of n hidden units, |w| ≤ c: K = n c² ‖μ‖₁ / ‖μ‖₂ = n c² √d."""
    keras.utils.set_random_seed(0)
    critic = kg.networks.mlp_discriminator(dimension, width=16, depth=1, activation="linear")
    gan = kg.WGAN(shifted(dimension), critic, discriminator_steps=1, clip=0.1, seed=0)
    k = 16 * 0.1**2 * np.sqrt(dimension)
    assert estimate(gan, dimension, 1e-2, epochs=5) == pytest.approx(k * SHIFT, rel=0.03)
