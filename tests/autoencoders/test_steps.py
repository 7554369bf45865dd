"""One training step of each autoencoder on linear networks, redone by hand in NumPy."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_gan as kg
from tests.autoencoders import linear

N, L, D = 16, linear.LATENT, linear.DIM
RATE = 0.05


class ByHand:
    """The weights of a linear model and the gradients of its loss, in float64."""

    def __init__(self, model):
        weights = [*model.encoder.get_weights(), *model.decoder.get_weights()]
        self.a, self.a0, self.b, self.b0 = (w.astype("float64") for w in weights)

    def moved(self, gradients):
        weights = (self.a, self.a0, self.b, self.b0)
        return [w - RATE * g for w, g in zip(weights, gradients, strict=True)]

    def posterior(self, x):
        out = x @ self.a + self.a0
        return out[:, :L], out[:, L:]

    def autoencoder(self, x):
        z = x @ self.a + self.a0
        by_made = 2 * (z @ self.b + self.b0 - x) / N
        by_z = by_made @ self.b.T
        return x.T @ by_z, by_z.sum(0), z.T @ by_made, by_made.sum(0)

    def vae(self, x, noise, sigma, beta=1.0):
        mean, log_variance = self.posterior(x)
        scale = np.exp(0.5 * log_variance)
        z = mean + scale * noise
        by_made = (z @ self.b + self.b0 - x) / sigma**2 / N
        by_z = by_made @ self.b.T
        by_mean = by_z + beta * mean / N
        by_log = by_z * noise * 0.5 * scale + beta * 0.5 * (scale**2 - 1) / N
        by_out = np.concatenate([by_mean, by_log], axis=1)
        return x.T @ by_out, by_out.sum(0), z.T @ by_made, by_made.sum(0)

    def iwae(self, x, noise, sigma, doubly):
        mean, log_variance = self.posterior(x)
        scale = np.exp(0.5 * log_variance)[:, None]
        z = mean[:, None] + scale * noise
        error = z @ self.b + self.b0 - x[:, None]
        log_w = -0.5 * (error**2).sum(2) / sigma**2 - 0.5 * (z**2).sum(2)
        log_w += 0.5 * (noise**2).sum(2) + np.log(scale).sum(2)
        share = np.exp(log_w - log_w.max(1, keepdims=True))
        share /= share.sum(1, keepdims=True)
        by_made = share[..., None] * error / sigma**2 / N
        by_decoder = np.einsum("nkl,nkd->ld", z, by_made), by_made.sum((0, 1))
        by_z = (error / sigma**2) @ self.b.T + z  # of −log p(x, z)
        if doubly:
            by_z = share[..., None] ** 2 * (by_z - noise / scale) / N
            by_log = (by_z * noise * 0.5 * scale).sum(1)
        else:
            by_z = share[..., None] * by_z / N
            by_log = (by_z * noise * 0.5 * scale).sum(1) - 0.5 / N
        by_out = np.concatenate([by_z.sum(1), by_log], axis=1)
        return x.T @ by_out, by_out.sum(0), *by_decoder


def noise_of_next_step(model, shape):
    """The ε that the next step will draw."""
    before = np.array(model.draws.state)
    noise = ops.convert_to_numpy(model.draws.normal(shape)).astype("float64")
    model.draws.state.assign(before)
    return noise


def assert_step(model, x, gradients, hand):
    model.fit(x.astype("float32"), batch_size=N, shuffle=False, verbose=0)
    found = [*model.encoder.get_weights(), *model.decoder.get_weights()]
    for ours, theirs in zip(found, hand.moved(gradients), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)
        assert np.abs(ours).max() > 1e-3


@pytest.mark.parametrize("beta", [1.0, 4.0])
def test_a_step_of_the_vae(beta):
    model, x = linear.model(kg.BetaVAE, spoilt=0.3, beta=beta), linear.samples(N, 4)
    model.compile(keras.optimizers.SGD(RATE))
    hand, noise = ByHand(model), noise_of_next_step(model, (N, L))
    assert_step(model, x, hand.vae(x.astype("float64"), noise, linear.SIGMA, beta), hand)


@pytest.mark.parametrize("gradient", ["reparameterized", "doubly_reparameterized"])
def test_a_step_of_the_iwae(gradient):
    model = linear.model(kg.IWAE, spoilt=0.3, importance_samples=3, gradient=gradient)
    x = linear.samples(N, 4)
    model.compile(keras.optimizers.SGD(RATE))
    hand, noise = ByHand(model), noise_of_next_step(model, (N, 3, L))
    doubly = gradient == "doubly_reparameterized"
    assert_step(model, x, hand.iwae(x.astype("float64"), noise, linear.SIGMA, doubly), hand)


def test_a_step_of_the_score_function():
    """(f − b) ∂ log q by the encoder, b the mean f of the others; the usual step of the decoder."""
    model = linear.model(spoilt=0.3, gradient="score_function")
    x = linear.samples(N, 4).astype("float64")
    model.compile(keras.optimizers.SGD(RATE))
    hand, noise = ByHand(model), noise_of_next_step(model, (N, L))
    mean, log_variance = hand.posterior(x)
    scale = np.exp(0.5 * log_variance)
    z = mean + scale * noise
    error = z @ hand.b + hand.b0 - x
    f = 0.5 * (error**2).sum(1) / linear.SIGMA**2 + D * np.log(linear.SIGMA * np.sqrt(2 * np.pi))
    advantage = (f - (f.sum() - f) / (N - 1))[:, None]
    by_mean = (advantage * noise / scale + mean) / N
    by_log = (advantage * 0.5 * (noise**2 - 1) + 0.5 * (scale**2 - 1)) / N
    by_out, by_made = np.concatenate([by_mean, by_log], axis=1), error / linear.SIGMA**2 / N
    gradients = x.T @ by_out, by_out.sum(0), z.T @ by_made, by_made.sum(0)
    assert_step(model, x, gradients, hand)


def test_a_step_of_the_autoencoder():
    keras.utils.set_random_seed(2)
    model, x = kg.Autoencoder(*linear.networks(L), seed=0), linear.samples(N, 4)
    model.compile(keras.optimizers.SGD(RATE))
    hand = ByHand(model)
    assert_step(model, x, hand.autoencoder(x.astype("float64")), hand)
