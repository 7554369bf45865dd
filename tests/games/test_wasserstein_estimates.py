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


def at_its_best(x, generator, critic, penalty, sign=1.0, **options):
    """The logs of a linear critic, trained on all samples at once until it stands still."""
    critic.layers[-1].set_weights([np.array([[sign * 1.2]], "float32")])
    gan = kg.GAN(generator, critic, objective="wasserstein", penalties=[penalty], seed=0)
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(0.0),
        discriminator_optimizer=keras.optimizers.SGD(0.02),
        **options,
    )
    gan.fit(x, batch_size=len(x), epochs=30, verbose=0)
    return gan.evaluate(x, batch_size=len(x), return_dict=True, verbose=0)


def linear(features=None):
    """A critic w · features(x) of one number."""
    x = keras.Input((1,))
    h = x if features is None else features(x)
    return keras.Model(x, keras.layers.Dense(1, use_bias=False)(h))


def affine(scale, shift):
    """A generator of N(shift, scale²)."""
    z = keras.Input((1,))
    initial = {"kernel_initializer": keras.initializers.Constant(scale)}
    shifted = {"bias_initializer": keras.initializers.Constant(shift)}
    return keras.Model(z, keras.layers.Dense(1, **initial, **shifted)(z))


@pytest.mark.parametrize(
    ("scale", "shift", "penalty", "distance"),
    [
        (1.0, -10.0, kg.penalties.GradientPenalty(10.0), 10.0),
        (1.0, -10.0, kg.penalties.GradientPenalty(10.0, target=2.0, one_sided=True), 10.0),
        pytest.param(1.0, 4.0, kg.penalties.GradientPenalty(5.0), 4.0, marks=pytest.mark.thorough),
        (3.0, 0.0, kg.penalties.GradientPenalty(10.0), 2 * np.sqrt(2 / np.pi)),
    ],
)
def test_the_estimate_less_twice_the_penalty_is_the_distance(scale, shift, penalty, distance):
    """The best critic of slope k + W₁ / 2λ shows k W₁ + W₁² / 2λ and pays W₁² / 4λ."""
    x = np.random.default_rng(0).normal(size=(20_000, 1)).astype("float32")
    critic = linear() if scale == 1.0 else linear(keras.ops.abs)
    sign = -1.0 if shift > 0 or scale > 1 else 1.0
    logs = at_its_best(x, affine(scale, shift), critic, penalty, sign, diagnostics=True)
    k = penalty.target
    shown = k * distance + distance**2 / (2 * penalty.weight)
    assert logs["wasserstein_estimate"] == pytest.approx(shown, rel=0.03)
    error = max(0.01 * distance, 0.04)  # three standard errors of 20,000 samples
    assert logs["corrected_wasserstein_estimate"] == pytest.approx(distance, abs=error)


def test_a_critic_of_the_wrong_sign_shows_negative_distances():
    x = np.random.default_rng(0).normal(size=(20_000, 1)).astype("float32")
    penalty = kg.penalties.GradientPenalty(10.0)
    logs = at_its_best(x, affine(1.0, 10.0), linear(), penalty, 1.0, diagnostics=True)
    assert logs["wasserstein_estimate"] == pytest.approx(-5.0, rel=0.02)
    assert logs["corrected_wasserstein_estimate"] == pytest.approx(-10.0, rel=0.01)


@pytest.mark.parametrize(
    ("penalties", "options"),
    [
        ([kg.penalties.GradientPenalty()], {}),
        ([kg.penalties.R1()], {"diagnostics": True}),
        ([], {"diagnostics": True}),
        ([kg.penalties.GradientPenalty(at="around_real")], {"diagnostics": True}),
    ],
)
def test_without_diagnostics_or_such_a_penalty_there_is_nothing_to_correct(penalties, options):
    gan = kg.GAN(affine(1.0, 1.0), linear(), objective="wasserstein", penalties=penalties)
    gan.compile(**options)
    logs = gan.train_on_batch(np.ones((8, 1), "float32"), return_dict=True)
    assert "wasserstein_estimate" in logs
    assert "corrected_wasserstein_estimate" not in logs


@pytest.mark.slow
def test_a_critic_whose_slope_varies_shows_the_distance_when_corrected():
    """N(0, 1) against N(3, 2²): W₁ = 3.0, and the best critic shows 3.5."""
    keras.utils.set_random_seed(0)
    critic = kg.networks.mlp_discriminator(1, width=64, depth=2)
    gan = kg.WGANGP(affine(2.0, 3.0), critic, discriminator_steps=1, seed=0)
    rates = keras.optimizers.schedules.CosineDecay(2e-3, 3000)
    gan.compile(
        generator_optimizer=keras.optimizers.SGD(0.0),
        discriminator_optimizer=keras.optimizers.Adam(rates, beta_1=0.0, beta_2=0.9),
        diagnostics=True,
    )
    x = np.random.default_rng(0).normal(size=(50_000, 1)).astype("float32")
    history = gan.fit(kg.data.batches(x, 500), epochs=30, verbose=0).history
    assert history["wasserstein_estimate"][-1] == pytest.approx(3.5, rel=0.03)
    assert history["corrected_wasserstein_estimate"][-1] == pytest.approx(3.0, rel=0.03)
