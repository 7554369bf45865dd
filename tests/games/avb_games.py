"""Small games of adversarial variational Bayes, and their mathematics in float64 NumPy."""

import keras
import numpy as np
from keras import ops

import keras_gan as kg

DATA, LATENT, NOISE = 4, 2, 3


def make(seed=5, likelihood="gaussian", contrast_noises=6, **options):
    """MLPs of one hidden layer with tanh, whose losses `numpy_losses` knows."""
    keras.utils.set_random_seed(3)
    shared = {"width": 8, "depth": 1, "activation": "tanh"}
    return kg.AVB(
        kg.networks.mlp_generator(DATA, LATENT, **shared),
        kg.networks.avb_encoder(DATA, LATENT, NOISE, **shared),
        kg.networks.avb_discriminator(DATA, LATENT, **shared),
        likelihood=likelihood,
        contrast_noises=contrast_noises,
        seed=seed,
        **options,
    )


def sgd(avb, rate=0.05, **options):
    avb.compile(
        generator_optimizer=keras.optimizers.SGD(rate),
        discriminator_optimizer=keras.optimizers.SGD(rate),
        **options,
    )
    return avb


def samples(n=32, seed=0):
    """Points in [-1, 1], which both likelihoods take."""
    return np.random.default_rng(seed).uniform(-1, 1, (n, DATA)).astype("float32")


def array(values):
    return np.asarray(ops.convert_to_numpy(values), "float64")


tensor = ops.convert_to_tensor


def mlp(network, *inputs):
    """What a network of one hidden layer gives, in float64."""
    W, b, V, c = (np.asarray(w, "float64") for w in network.get_weights())
    return np.tanh(np.concatenate(inputs, axis=1) @ W + b) @ V + c


def score(avb, x, z):
    return mlp(avb.discriminator, x, z, z**2)[:, 0]


def moments(avb, x):
    """μ(x) and σ(x) of the encoder, one noise vector after the other."""
    if avb.contrast is None:
        return np.zeros((len(x), LATENT)), np.ones((len(x), LATENT))
    each = [mlp(avb.encoder, x, np.tile(e, (len(x), 1))) for e in array(avb.contrast.noises)]
    return np.mean(each, axis=0), np.sqrt(np.var(each, axis=0) + 1e-6)


class Linear:
    """The encoder z = A x + b + B ε, its density, and the score T* that knows it."""

    def __init__(self, seed=0):
        rng = np.random.default_rng(seed)
        self.A, self.b = rng.normal(0, 0.5, (LATENT, DATA)), rng.normal(0, 0.5, LATENT)
        self.B = rng.normal(0, 0.7, (LATENT, LATENT)) + np.eye(LATENT)
        self.covariance = self.B @ self.B.T

    def encoder(self):
        x, noise = keras.Input((DATA,)), keras.Input((LATENT,))
        mean, deviation = keras.layers.Dense(LATENT), keras.layers.Dense(LATENT, use_bias=False)
        model = keras.Model([x, noise], mean(x) + deviation(noise), name="encoder")
        mean.set_weights([self.A.T, self.b])
        deviation.set_weights([self.B.T])
        return model

    def discriminator(self, shift=0.0, stddev=1.0, normalized=False):
        """T*(x, z̃) = log q(z|x) − log r(z|x) at z = μ + σ z̃, with μ = A x + b + shift.

        Without contrast r is the prior, z̃ is z, and T* is log q(z|x) − log p(z).
        """
        x, z = keras.Input((DATA,)), keras.Input((LATENT,))
        precision = np.linalg.inv(self.covariance).astype("float32")
        log_determinant = float(np.linalg.slogdet(self.covariance)[1])
        if normalized:
            deviation = z * np.float32(stddev) + np.float32(shift)
        else:
            deviation = z - ops.matmul(x, np.float32(self.A.T)) - np.float32(self.b)
        quadratic = ops.sum(ops.matmul(deviation, precision) * deviation, axis=1, keepdims=True)
        log_q = -0.5 * quadratic - 0.5 * log_determinant
        log_r = -0.5 * ops.sum(z**2, axis=1, keepdims=True) - float(np.sum(np.log(stddev)))
        return keras.Model([x, z], log_q - log_r, name="discriminator")

    def game(self, contrast_noises=0, **options):
        """A game that is at its optimal discriminator."""
        generator = kg.networks.mlp_generator(DATA, LATENT, width=4, depth=1)
        encoder = self.encoder()
        avb = kg.AVB(
            generator,
            encoder,
            self.discriminator(),
            contrast_noises=contrast_noises,
            seed=5,
            **options,
        )
        if contrast_noises:
            noises = array(avb.contrast.noises)
            spread = (noises - noises.mean(axis=0)) @ self.B.T
            stddev = np.sqrt(np.mean(spread**2, axis=0) + 1e-6)
            shift = self.B @ noises.mean(axis=0)
            avb.discriminator = self.discriminator(shift, stddev, normalized=True)
        return avb

    def mean(self, x):
        return x @ self.A.T + self.b

    def log_ratio(self, x, z):
        """log q(z|x) − log p(z)."""
        deviation = z - self.mean(x)
        quadratic = np.sum(deviation @ np.linalg.inv(self.covariance) * deviation, axis=1)
        return 0.5 * (np.sum(z**2, axis=1) - quadratic - np.linalg.slogdet(self.covariance)[1])

    def kl(self, x):
        """KL(q(z|x) ‖ N(0, I))."""
        trace, log_determinant = np.trace(self.covariance), np.linalg.slogdet(self.covariance)[1]
        return 0.5 * (trace + np.sum(self.mean(x) ** 2, axis=1) - LATENT - log_determinant)
