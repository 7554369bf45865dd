"""Langevin sampling in latent space, where the posterior of z is known."""

import keras
import numpy as np
import pytest
import scipy.stats

import keras_gan as kg
from keras_gan.distributions import priors
from keras_gan.samplers import Langevin, langevin
from keras_gan.samplers.log_ratio import LogRatio
from keras_gan.samplers.sampler import derived
from tests.samplers import plane


def test_energies_and_slopes_are_those_of_the_definition():
    """E = ½|z|² + log 2π − log r(z), with r that of N(1, ½) against N(0, 1)."""
    game = plane.gaussian_game(mean=1.0, deviation=0.5)
    prior = priors.distribution_of(game.prior)
    options = {"average": True, "batch_size": None}
    ratio = LogRatio(game.objective.log_ratio)
    z = np.random.default_rng(0).normal(size=(50, 2))
    energy, slope = Langevin().looking(game, prior, ratio, 50, options)(z)
    posterior = -scipy.stats.norm(1.0, 0.5).logpdf(z).sum(axis=1)  # of G(z) = z it is the data
    np.testing.assert_allclose(energy, posterior, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(slope, (z - 1.0) / 0.25, rtol=1e-4, atol=1e-4)


def test_several_scores_of_a_sample_count_by_their_mean():
    """As in `discriminate`: a score that stands there twice is the same discriminator."""
    plain = plane.gaussian_game(mean=1.0, deviation=0.5)
    x = keras.Input((2,))
    scores = keras.layers.Reshape((1, 1))(plain.discriminator(x))
    twice = keras.Model(x, keras.layers.Concatenate(axis=1)([scores, scores]))
    game = kg.GAN(plain.generator, twice, seed=0)
    expected, found = (Langevin(steps=2).draw(each, 5, seed=1).z for each in (plain, game))
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("metropolis", [False, True])
def test_the_stationary_distribution_is_the_known_posterior(metropolis):
    """N(1, σ²); without refusals its variance is σ² / (1 − ε / 4σ²), of the discrete steps."""
    game = plane.gaussian_game(mean=1.0, deviation=0.5)
    sampler = Langevin(steps=60, step_size=0.2, metropolis=metropolis)
    drawn = sampler.draw(game, 2000, seed=0)
    variance = 0.25 if metropolis else 0.25 / (1 - 0.2 / (4 * 0.25))
    assert drawn.z.mean(axis=0) == pytest.approx([1.0, 1.0], abs=4 * np.sqrt(variance / 2000))
    tolerance = 4 * np.sqrt(2 / 4000)
    assert np.var(drawn.z - drawn.z.mean(axis=0)) == pytest.approx(variance, rel=tolerance)
    np.testing.assert_allclose(drawn.samples, game.samples_of(drawn.z), atol=1e-6)
    known = scipy.stats.norm(1.0, np.sqrt(variance))
    assert scipy.stats.kstest(drawn.z.ravel(), known.cdf).pvalue > 1e-3
    assert drawn.proposals == 2000 * 60
    assert (drawn.acceptance_rate == 1.0) != metropolis


def test_samples_come_closer_to_the_data_by_kl():
    game = plane.mixture_game()
    before = plane.kl_to_data(game.generate(1000, seed=1))
    sampler = Langevin(steps=150, step_size=0.05, metropolis=True)
    after = plane.kl_to_data(game.generate(1000, seed=1, sampler=sampler))
    exact = plane.kl_to_data(plane.data(1000))
    assert before > 0.5
    assert after < exact + 0.05


def test_one_step_is_the_formula_and_more_steps_go_on_from_it():
    game = plane.gaussian_game(mean=1.0, deviation=0.5)
    z = game.latents(5, seed=3).astype("float64")
    random = np.random.default_rng(derived(3, "langevin"))
    for _ in range(2):
        z = z - 0.5 * 0.04 * (z - 1.0) / 0.25 + 0.2 * random.normal(size=z.shape)
    found = Langevin(steps=2, step_size=0.04).draw(game, 5, seed=3).z
    np.testing.assert_allclose(found, z, atol=1e-5)


@pytest.mark.parametrize("metropolis", [False, True])
def test_a_uniform_prior_stays_uniform_where_the_discriminator_says_nothing(metropolis):
    game = plane.gaussian_game(deviation=1.0, prior="uniform")
    drawn = Langevin(steps=30, step_size=0.3, metropolis=metropolis).draw(game, 3000, seed=0)
    assert np.abs(drawn.z).max() <= 1.0
    assert scipy.stats.kstest(drawn.z.ravel(), scipy.stats.uniform(-1, 2).cdf).pvalue > 1e-3
    assert np.abs(drawn.z - game.latents(3000, seed=0)).max() > 0.5


def test_batches_and_compiling_change_nothing(monkeypatch):
    game = plane.mixture_game()
    sampler = Langevin(steps=5, step_size=0.01)
    whole = sampler.draw(game, 300, seed=2)
    few = sampler.draw(game, 300, seed=2, batch_size=64)
    np.testing.assert_allclose(few.z, whole.z, atol=1e-4)
    np.testing.assert_array_equal(whole.samples, game.generate(300, seed=2, sampler=sampler))
    monkeypatch.setattr(langevin, "OFTEN", 5)
    compiled = sampler.draw(game, 300, seed=2)
    np.testing.assert_allclose(compiled.z, whole.z, atol=1e-4)


@pytest.mark.thorough
@pytest.mark.parametrize("recipe", [kg.DCGAN, kg.R3GAN, kg.SNGAN])
def test_recipes_with_and_without_calibration(recipe):
    generator = kg.networks.mlp_generator(classes=2, width=8)
    options = {"normalization": "spectral"} if recipe is kg.SNGAN else {}
    discriminator = kg.networks.mlp_discriminator(classes=2, width=8, **options)
    gan = recipe(generator, discriminator, seed=0)
    x, y = np.random.default_rng(0).normal(size=(64, 2)).astype("float32") + 2, np.arange(64) % 2
    gan.compile(discriminator_optimizer=keras.optimizers.Adam(0.01))
    gan.fit(x, y, batch_size=32, epochs=5, verbose=0)
    real = None if gan.objective.log_ratio(np.zeros((1, 1), "float32")) is not None else (x, y)
    found = gan.generate(6, seed=0, sampler=Langevin(steps=3, real=real))
    assert found.shape == (6, 2)
    assert np.isfinite(found).all()


def test_what_cannot_be_is_refused():
    @keras.saving.register_keras_serializable(package="test_langevin")
    def of_my_own(shape, seed):
        return keras.random.normal(shape, seed=seed)

    game = plane.gaussian_game(prior=of_my_own)
    with pytest.raises(ValueError, match="density of the prior, which of_my_own does not have"):
        game.generate(3, seed=0, sampler=Langevin(steps=1))
    with pytest.raises(ValueError, match="diverged with step_size=3000"):
        plane.gaussian_game(deviation=0.1).generate(
            3, seed=0, sampler=Langevin(steps=60, step_size=3000)
        )
    for options in ({"steps": 0}, {"step_size": 0}):
        with pytest.raises(ValueError, match=f"{next(iter(options))} must be"):
            Langevin(**options)
