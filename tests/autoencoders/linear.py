"""The linear-Gaussian model x = W z + b + σ ε, whose evidence and posterior have formulas."""

import keras
import numpy as np
from keras import ops

import keras_gan as kg

DIM, LATENT, SIGMA = 4, 2, 0.6
rng = np.random.default_rng(11)
Q, _ = np.linalg.qr(rng.normal(size=(DIM, LATENT)))
W = (Q * [1.5, 0.7]).astype("float32")  # orthogonal columns, so that the posterior is diagonal
B = rng.normal(size=DIM).astype("float32")
COVARIANCE = W @ W.T + SIGMA**2 * np.eye(DIM)
SHRINK = 1.0 / (np.sum(W**2, axis=0) + SIGMA**2)  # of each component


def samples(n, seed=0):
    """Samples of the model."""
    noise = np.random.default_rng(seed)
    z = noise.normal(size=(n, LATENT))
    return (z @ W.T + B + SIGMA * noise.normal(size=(n, DIM))).astype("float32")


def evidence(x):
    """log N(x; b, W Wᵀ + σ² I) of each sample."""
    centred = x - B
    quadratic = np.einsum("ni,ij,nj->n", centred, np.linalg.inv(COVARIANCE), centred)
    return -0.5 * (quadratic + np.linalg.slogdet(2 * np.pi * COVARIANCE)[1])


def networks(outputs=2 * LATENT):
    """A linear encoder and decoder."""
    x, z = keras.Input((DIM,)), keras.Input((LATENT,))
    encoder = keras.Model(x, keras.layers.Dense(outputs)(x), name="encoder")
    return encoder, keras.Model(z, keras.layers.Dense(DIM)(z), name="decoder")


def model(kind=kg.VAE, optimal=True, spoilt=0.0, stddev=SIGMA, **options):
    """A VAE with the true decoder and the exact posterior, or one that is a little off."""
    keras.utils.set_random_seed(1)
    encoder, decoder = networks()
    likelihood = kg.likelihoods.Gaussian(stddev)
    made = kind(encoder, decoder, likelihood=likelihood, seed=0, **options)
    if optimal:
        decoder.layers[-1].kernel.assign(W.T)
        decoder.layers[-1].bias.assign(B)
        mean = W * SHRINK
        log_variance = np.log(SIGMA**2 * SHRINK)
        encoder.layers[-1].kernel.assign(
            np.concatenate([mean * (1 - spoilt), np.zeros_like(mean)], axis=1)
        )
        encoder.layers[-1].bias.assign(np.concatenate([-B @ mean, log_variance + spoilt]))
    return made


def tensor(x):
    return ops.convert_to_tensor(x)
