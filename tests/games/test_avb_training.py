"""Adversarial variational Bayes finds the posterior and the evidence where both are known."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy import stats

import keras_gan as kg

# x = W z + c + σ n with z and n standard normal: factor analysis of three components by two
W = np.array([[1.0, 0.3], [-0.4, 0.8], [0.5, -0.6]])
CENTRE, SIGMA = np.array([0.5, -0.2, 0.1]), 0.5


def posterior_of(W):
    """A and S of the posterior N(A (x − c), S)."""
    S = np.linalg.inv(np.eye(2) + W.T @ W / SIGMA**2)
    return S @ W.T / SIGMA**2, S


def evidence(x, W, centre):
    return stats.multivariate_normal(centre, W @ W.T + SIGMA**2 * np.eye(3)).logpdf(x)


def kl(means, S, other_means, other_S):
    """KL divergences of N(m, S) from N(m', S')."""
    P, d = np.linalg.inv(other_S), other_means - means
    log_determinants = np.linalg.slogdet(other_S)[1] - np.linalg.slogdet(S)[1]
    return 0.5 * (np.trace(P @ S) + np.sum(d @ P * d, axis=1) - 2 + log_determinants)


def quadratic_discriminator():
    """All scores that are quadratic in (x, z): the best one is among them."""
    x, z = keras.Input((3,)), keras.Input((2,))
    h = keras.layers.Concatenate()([x, z])
    products = ops.reshape(ops.expand_dims(h, 2) * ops.expand_dims(h, 1), (-1, 25))
    score = keras.layers.Dense(1, kernel_initializer="zeros")
    return keras.Model([x, z], score(keras.layers.Concatenate()([h, products])))


def linear_networks():
    z, x, noise = keras.Input((2,)), keras.Input((3,)), keras.Input((2,))
    decoder = keras.Model(z, keras.layers.Dense(3)(z), name="generator")
    code = keras.layers.Dense(2)(keras.layers.Concatenate()([x, noise]))
    return decoder, keras.Model([x, noise], code, name="encoder"), quadratic_discriminator()


def adam(rate, moves):
    schedule = keras.optimizers.schedules.CosineDecay(rate, moves, alpha=0.01)
    return keras.optimizers.Adam(schedule, beta_1=0.5)


@pytest.mark.slow
@pytest.mark.parametrize(
    # with contrast the discriminator has little left to learn, and the others may go faster
    ("contrast_noises", "rate", "steps"),
    [(8, 1e-2, 2000), (0, 1e-3, 10000)],
)
def test_it_finds_posterior_and_evidence_of_a_linear_model(contrast_noises, rate, steps):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20000, 2)) @ W.T + CENTRE + SIGMA * rng.normal(size=(20000, 3))
    x = x.astype("float32")
    keras.utils.set_random_seed(0)
    likelihood = kg.likelihoods.Gaussian(SIGMA)
    avb = kg.AVB(
        *linear_networks(),
        likelihood=likelihood,
        contrast_noises=contrast_noises,
        schedule=2,
        seed=0,
    )
    avb.compile(
        generator_optimizer=adam(rate, steps),
        discriminator_optimizer=adam(3e-2, 2 * steps),
        steps_per_execution=50,
    )
    data = kg.data.batches(x, 256, discriminator_steps=2, seed=0).repeat()
    history = avb.fit(data, epochs=1, steps_per_epoch=steps, verbose=0).history
    assert history["elbo_estimate"][0] < 0

    V, centre = (np.asarray(w, "float64") for w in avb.generator.get_weights())
    kernel, shift = (np.asarray(w, "float64") for w in avb.encoder.get_weights())
    V, A_q, S_q = V.T, kernel[:3].T, kernel[3:].T @ kernel[3:]
    A, S = posterior_of(V)
    assert np.linalg.norm(A_q - A) / np.linalg.norm(A) < 0.02
    assert np.linalg.norm(S_q - S) / np.linalg.norm(S) < 0.05
    gap = kl(x @ A_q.T + shift, S_q, (x - centre) @ A.T, S)
    assert gap.mean() < 2e-3

    best = evidence(x, W, CENTRE).mean()
    assert evidence(x, V, centre).mean() == pytest.approx(best, abs=2e-3)
    assert np.linalg.norm(V @ V.T - W @ W.T) / np.linalg.norm(W @ W.T) < 0.05
    bound = avb.elbo(x[:5000], samples=64, seed=0)
    exact = evidence(x[:5000], V, centre)
    assert bound.mean() == pytest.approx(exact.mean(), abs=0.05)
    assert np.corrcoef(bound, exact)[0, 1] > 0.99

    z = avb.encode(np.tile(x[0], (20000, 1)), seed=0)
    np.testing.assert_allclose(z.mean(axis=0), (x[0] - centre) @ A.T, atol=0.03)
    np.testing.assert_allclose(np.cov(z.T), S, atol=0.02)
