"""The VAE of a linear-Gaussian model, of which all is known: bounds, likelihoods, gradients."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from keras_gan.backend import autodiff
from keras_gan.parallel.random_numbers import Draws
from tests.autoencoders import linear

GRADIENTS = ("reparameterized", "doubly_reparameterized", "score_function")


def test_with_the_exact_posterior_every_weight_is_the_evidence():
    """log p(x, z) − log q(z|x) = log p(x) whatever z is, so that one sample is exact."""
    model, x = linear.model(), linear.samples(50)
    evidence = linear.evidence(x)
    np.testing.assert_allclose(
        model.log_likelihood(x, samples=1, seed=0), evidence, rtol=0, atol=1e-5
    )
    found, errors = model.log_likelihood(x, samples=3, seed=0, errors=True)
    np.testing.assert_allclose(found, evidence, rtol=0, atol=1e-5)
    assert errors.max() < 1e-5


def test_the_bound_of_the_exact_posterior_is_the_evidence_in_the_mean():
    """By E_q of the analytic terms: KL − E_q log p(x|z), with the expectation taken exactly."""
    model, x = linear.model(), linear.samples(20)
    q = model.posterior(linear.tensor(x))
    mean, scale = (ops.convert_to_numpy(each).astype("float64") for each in (q.mean, q.scale))
    kl = ops.convert_to_numpy(ops.sum(model.kl_of(q), axis=1))
    error = ((x - (mean @ linear.W.T + linear.B)) ** 2).sum(1) + scale**2 @ (linear.W**2).sum(0)
    expected = 0.5 * error / linear.SIGMA**2 + linear.DIM * np.log(
        linear.SIGMA * np.sqrt(2 * np.pi)
    )
    np.testing.assert_allclose(-kl - expected, linear.evidence(x), rtol=0, atol=1e-5)
    bound = model.elbo(x, samples=4000, seed=0)
    np.testing.assert_allclose(bound, linear.evidence(x), atol=0.15)


def test_the_bound_rises_with_k_to_the_evidence():
    model, x = linear.model(spoilt=0.4), linear.samples(200)
    evidence = linear.evidence(x).mean()
    bounds = [
        np.mean([model.log_likelihood(x, samples=k, seed=s).mean() for s in range(4)])
        for k in (1, 2, 5, 20, 200)
    ]
    assert (np.diff(bounds) > 0).all(), bounds
    assert evidence - bounds[0] > 0.1  # the posterior is wrong
    assert abs(evidence - bounds[-1]) < 0.04


def test_log_likelihood_is_within_its_own_error():
    model, x = linear.model(spoilt=0.3), linear.samples(400)
    found, errors = model.log_likelihood(x, samples=1000, seed=3, errors=True)
    z = (found - linear.evidence(x)) / errors
    assert 0.7 < z.std() < 1.3
    assert abs(z.mean()) < 0.3


def test_log_likelihood_depends_on_seed_and_place_alone():
    model, x = linear.model(spoilt=0.3), linear.samples(7)
    one = model.log_likelihood(x, samples=50, seed=3)
    for size in (1, 20, 50, 170, 4096):
        other = model.log_likelihood(x, samples=50, seed=3, batch_size=size)
        np.testing.assert_allclose(other, one, rtol=0, atol=2e-5)
    np.testing.assert_allclose(model.log_likelihood(x[:3], samples=50, seed=3), one[:3], atol=2e-5)
    assert np.abs(model.log_likelihood(x, samples=50, seed=4) - one).max() > 1e-3


@pytest.mark.thorough
@pytest.mark.parametrize("options", [{}, {"importance_samples": 5}])
def test_training_reaches_the_likelihood_of_probabilistic_pca(options):
    """Tipping and Bishop 1999: the maximum has the eigenvectors, and σ² the mean of the rest."""
    x = linear.samples(2000, seed=5)
    model = linear.model(optimal=False, stddev="learned", **options)
    rate = keras.optimizers.schedules.CosineDecay(2e-2, 1500, alpha=1e-3)
    model.compile(keras.optimizers.Adam(rate), steps_per_execution=10)
    model.fit(x, batch_size=200, epochs=150, verbose=0)
    found = model.log_likelihood(x, samples=500, seed=0).mean()
    covariance = np.cov(x.T, bias=True)
    eigenvalues = np.sort(np.linalg.eigvalsh(covariance))[::-1]
    rest = eigenvalues[linear.LATENT :].mean()
    variances = np.r_[eigenvalues[: linear.LATENT], [rest] * (linear.DIM - linear.LATENT)]
    best = -0.5 * (np.log(2 * np.pi * variances).sum() + linear.DIM)
    assert found == pytest.approx(best, rel=0.005)
    assert found <= best + 0.005
    assert model.noise_stddev == pytest.approx(rest**0.5, rel=0.05)


def gradients_of(model, x, repeats):
    """Many estimates of the loss's gradient at one point: `(repeats, weights)`."""
    draws, variables = Draws(7), [*model.encoder.trainable_variables]
    estimates = []
    for _ in range(repeats):
        estimates.append(flat(model, x, draws, variables))
    return np.array(estimates)


def flat(model, x, draws, variables):
    def loss():
        losses, _ = model.losses(x, draws, training=True)
        return sum(losses.values()), {}

    gradients, _ = autodiff.gradients(loss, variables)
    return np.concatenate([ops.convert_to_numpy(g).ravel() for g in gradients])


@pytest.mark.parametrize("k", [1, 4])
def test_the_three_gradients_have_one_mean(k):
    """A z-test of each weight: 100,000 samples of z, in batches of one x repeated."""
    x = linear.tensor(np.repeat(linear.samples(1, seed=2), 1000, axis=0))
    found = {}
    for gradient in GRADIENTS:
        model = linear.model(spoilt=0.4, importance_samples=k, gradient=gradient)
        found[gradient] = gradients_of(model, x, 100 // k)
    usual = found["reparameterized"]
    for gradient in GRADIENTS[1:]:
        other = found[gradient]
        error = np.sqrt(usual.var(0, ddof=1) / len(usual) + other.var(0, ddof=1) / len(other))
        z = (usual.mean(0) - other.mean(0)) / np.maximum(error, 1e-7)
        assert np.abs(z).max() < 4.5, (gradient, z)
    if k > 1:
        assert found["doubly_reparameterized"].var(0).sum() < 0.7 * usual.var(0).sum()
        assert found["score_function"].var(0).sum() > usual.var(0).sum()


def test_the_doubly_reparameterized_gradient_of_the_exact_posterior_is_zero():
    """All weights are equal there, whatever z is: nothing is left to gain, and no noise."""
    x = linear.tensor(linear.samples(8))
    for k in (1, 3):
        model = linear.model(importance_samples=k, gradient="doubly_reparameterized")
        assert np.abs(gradients_of(model, x, 1)).max() < 1e-5
        usual = linear.model(importance_samples=k)
        assert np.abs(gradients_of(usual, x, 1)).max() > 1e-2


def test_the_decoder_has_the_usual_gradient_under_all_three():
    x = linear.tensor(linear.samples(8))
    found = []
    for gradient in GRADIENTS:
        model = linear.model(spoilt=0.4, importance_samples=3, gradient=gradient)
        found.append(flat(model, x, Draws(3), model.decoder.trainable_variables))
    np.testing.assert_allclose(found[1], found[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found[2], found[0], rtol=1e-4, atol=1e-5)


def test_free_bits_leave_cheap_components_alone():
    """Below λ a component's KL counts as λ, and its gradient is zero."""
    x = linear.tensor(linear.samples(64))
    model = linear.model(spoilt=0.4, free_bits=0.4)
    kl = model.kl_per_component(ops.convert_to_numpy(x))
    assert (kl < 0.4).any()
    assert (kl > 0.4).any()
    losses, _ = model.losses(x, Draws(1), training=True)
    assert float(losses["kl_loss"]) == pytest.approx(kl.sum(), rel=1e-5)
    paid = losses["kl_loss"] + losses["free_bits_loss"]
    assert float(paid) == pytest.approx(np.maximum(kl, 0.4).sum(), rel=1e-5)

    def loss():
        losses, _ = model.losses(x, Draws(1), training=True)
        return losses["kl_loss"] + losses["free_bits_loss"], {}

    kernel = model.encoder.layers[-1].kernel
    (gradient,), _ = autodiff.gradients(loss, [kernel])
    gradient = ops.convert_to_numpy(gradient)
    for component, cost in enumerate(kl):
        columns = gradient[:, [component, component + linear.LATENT]]
        assert (np.abs(columns).max() == 0) == (cost < 0.4)


def test_the_scale_of_the_batch_is_the_best_one():
    x = linear.samples(64)
    model = linear.model(stddev="batch")
    draws = Draws(1)
    losses, _ = model.losses(linear.tensor(x), draws, training=True)
    draws.restart()
    q = model.posterior(linear.tensor(x))
    z = q.mean + q.scale * draws.normal((64, linear.LATENT))
    error = ops.convert_to_numpy(model.decoder(z)) - x
    best = 0.5 * linear.DIM * (1 + np.log(2 * np.pi * np.mean(error**2)))
    assert float(losses["reconstruction_loss"]) == pytest.approx(best, rel=1e-5)
    assert model.noise_stddev**2 == pytest.approx(0.9 + 0.1 * np.mean(error**2), rel=1e-5)


def test_binarized_anew_at_every_use():
    encoder = kg.networks.mlp_encoder((6,), latent_dim=2, width=4, gaussian=True)
    decoder = kg.networks.mlp_decoder((6,), latent_dim=2, width=4)
    likelihood = kg.likelihoods.Bernoulli(binarize=True)
    model = kg.VAE(encoder, decoder, likelihood=likelihood, seed=0)
    grey, black = np.zeros((2000, 6), "float32"), -np.ones((2000, 6), "float32")
    draws = Draws(0)
    one, other = (
        ops.convert_to_numpy(likelihood.observed(linear.tensor(grey), draws.uniform))
        for _ in range(2)
    )
    assert set(np.unique(one)) == {-1.0, 1.0}
    assert abs(one.mean()) < 0.04
    assert 0.45 < (one == other).mean() < 0.55
    np.testing.assert_array_equal(
        ops.convert_to_numpy(likelihood.observed(linear.tensor(black), draws.uniform)), black
    )
    np.testing.assert_array_equal(model.elbo(grey[:5], seed=1), model.elbo(grey[:5], seed=1))
    assert kg.likelihoods.Bernoulli().get_config() == {}  # as files of version 0.1 hold it
    restored = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(likelihood)
    )
    assert restored.binarize
