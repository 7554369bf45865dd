"""Truncated latent vectors: within the threshold, of the right distribution, where asked."""

import numpy as np
import pytest
import scipy.stats

import keras_gan as kg
from keras_gan.distributions import priors
from keras_gan.distributions.truncation import truncated


def generator(**options):
    return kg.Generator(kg.networks.mlp_generator(latent_dim=16, width=8), **options)


@pytest.mark.parametrize("threshold", [0.04, 0.7, 2.0])
def test_components_have_the_truncated_normal_distribution(threshold):
    z = generator().latents(2000, seed=3, truncation=threshold)
    assert z.dtype == np.float32
    assert np.abs(z).max() <= np.float32(threshold)
    known = scipy.stats.truncnorm(-threshold, threshold)
    assert scipy.stats.kstest(z.ravel(), known.cdf).pvalue > 1e-3
    assert z.std() == pytest.approx(known.std(), rel=0.02)


def test_components_within_the_threshold_stay_and_only_the_others_are_drawn_anew():
    model = generator()
    whole, cut = model.latents(500, seed=3), model.latents(500, seed=3, truncation=0.7)
    within = np.abs(whole) <= 0.7
    np.testing.assert_array_equal(cut[within], whole[within])
    assert (cut[~within] != whole[~within]).all()
    np.testing.assert_array_equal(model.latents(500, seed=3, truncation=9.0), whole)


def test_the_redrawn_are_those_of_repeated_draws():
    """By the definition: draw again whatever lies beyond, until nothing does."""
    rng = np.random.default_rng(5)
    z = rng.normal(size=200_000)
    expected = z.copy()
    while (np.abs(expected) > 0.5).any():
        beyond = np.abs(expected) > 0.5
        expected[beyond] = rng.normal(size=beyond.sum())
    found = truncated(priors.normal, z.reshape(-1, 10).astype("float32"), 0.5, seed=1)
    assert scipy.stats.ks_2samp(found.ravel(), expected).pvalue > 1e-3


def test_a_uniform_prior_becomes_narrower():
    model = generator(prior="uniform")
    whole, cut = model.latents(2000, seed=3), model.latents(2000, seed=3, truncation=0.25)
    within = np.abs(whole) <= 0.25
    np.testing.assert_array_equal(cut[within], whole[within])
    assert scipy.stats.kstest(cut.ravel(), scipy.stats.uniform(-0.25, 0.5).cdf).pvalue > 1e-3
    np.testing.assert_array_equal(model.latents(9, seed=3, truncation=1.0), whole[:9])


def test_it_counts_in_deviations_from_the_mean_and_halves_of_the_width():
    normal = kg.distributions.Normal(mean=5.0, scale=2.0)
    z = truncated(normal, np.asarray(normal.sample((3000, 2), seed=0)), 0.5, seed=0)
    assert 4.0 <= z.min() < 4.1
    assert 5.9 < z.max() <= 6.0
    assert z.mean() == pytest.approx(5.0, abs=0.05)
    box = kg.distributions.Uniform(0.0, 4.0)
    z = truncated(box, np.asarray(box.sample((3000, 2), seed=0)), 0.5, seed=0)
    assert 1.0 <= z.min() < 1.05
    assert 2.95 < z.max() <= 3.0


def test_samples_are_those_of_truncated_latents_and_without_it_what_they_were():
    model = generator()
    z = model.latents(40, seed=2, truncation=0.7)
    expected = model.samples_of(z)
    np.testing.assert_array_equal(model.generate(40, seed=2, truncation=0.7), expected)
    parts = np.concatenate(list(model.generate_in_parts(40, seed=2, truncation=0.7)))
    np.testing.assert_array_equal(parts, expected)
    np.testing.assert_array_equal(model.generate(15, seed=2, truncation=0.7), expected[:15])
    plain = model.samples_of(model.latents(40, seed=2))
    np.testing.assert_array_equal(model.generate(40, seed=2), plain)
    assert expected.std() < plain.std()


def test_games_autoencoders_and_flows_take_it():
    discriminator = kg.networks.mlp_discriminator(width=8)
    gan = kg.GAN(kg.networks.mlp_generator(latent_dim=3, width=8), discriminator, seed=0)
    vae = kg.VAE(
        kg.networks.mlp_encoder((8, 8, 1), latent_dim=3, width=8, gaussian=True),
        kg.networks.mlp_decoder((8, 8, 1), latent_dim=3, width=8),
    )
    flow = kg.RealNVP((2,), seed=0)
    for model in (gan, vae, flow):
        z = model.latents(12, seed=4, truncation=0.3)
        assert np.abs(z).max() <= np.float32(0.3)
        found = model.generate(12, seed=4, truncation=0.3)
        np.testing.assert_array_equal(found, model.samples_of(z))
    drawn = vae.generate(12, seed=4, truncation=0.3, sample=True)
    assert drawn.shape == (12, 8, 8, 1)
    warm = flow.generate(12, seed=4, truncation=0.3, temperature=2.0)
    z = np.float32(2.0) * flow.latents(12, seed=4, truncation=0.3)
    np.testing.assert_array_equal(warm, flow.samples_of(z))


@pytest.mark.parametrize(
    ("prior", "threshold", "message"),
    [
        ("normal", 0, "truncation must be a number greater than 0; received 0"),
        ("normal", "half", "truncation must be a number"),
        (kg.distributions.Logistic(), 0.5, "normal or uniform prior.*Logistic.*leave truncation"),
    ],
)
def test_errors(prior, threshold, message):
    with pytest.raises(ValueError, match=message):
        generator(prior=prior).generate(3, seed=0, truncation=threshold)


def test_samples_of_codes_have_no_latent_vectors_to_truncate():
    prior = kg.CodePrior.__new__(kg.CodePrior)
    with pytest.raises(ValueError, match="drawn codes.*leave truncation out"):
        prior.drawn_inputs(3, 0, None, 0.5)
