"""Games in the plane whose densities are known, and how far samples are from them."""

import keras
import numpy as np
from keras import layers, ops

import keras_gan as kg

SPREAD = 1.6  # of the generator
CENTRES, DEVIATION = np.array([[-2.0, 0.0], [2.0, 0.0]], "float32"), 0.5


@keras.saving.register_keras_serializable(package="test_samplers")
class LogRatioOfMixture(layers.Layer):
    """log p(x)/q(x) of two Gaussians against one wide one, times a factor."""

    def __init__(self, factor=1.0, **options):
        super().__init__(**options)
        self.factor = factor
        self.shift = self.add_weight(shape=(1, 1), initializer="zeros", name="shift")

    def call(self, x):
        return self.factor * (log_p(x) - log_q(x)) + self.shift

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


def log_normal(x, mean, deviation):
    squares = ops.sum(ops.square(x - mean), axis=-1, keepdims=True)
    return -squares / (2 * deviation**2) - float(np.log(2 * np.pi * deviation**2))


def log_p(x):
    """Of the data."""
    both = [log_normal(x, centre, DEVIATION) for centre in CENTRES]
    return ops.logaddexp(both[0], both[1]) - float(np.log(2))


def log_q(x):
    """Of the generator."""
    return log_normal(x, np.zeros(2, "float32"), SPREAD)


def mixture_game(factor=1.0, **options):
    """The game with the exact log-ratio, or a multiple of it, as its discriminator."""
    z, x = keras.Input((2,)), keras.Input((2,))
    scale = layers.Dense(2, use_bias=False)
    generator = keras.Model(z, scale(z))
    scale.kernel.assign(SPREAD * np.eye(2))
    discriminator = keras.Model(x, LogRatioOfMixture(factor)(x))
    return kg.GAN(generator, discriminator, seed=0, **options)


def data(n, seed=0):
    """Samples of the data."""
    rng = np.random.default_rng(seed)
    centres = CENTRES[rng.integers(2, size=n)]
    return (centres + DEVIATION * rng.normal(size=(n, 2))).astype("float32")


def gaussian_game(mean=0.0, deviation=0.5, **options):
    """G(z) = z against data N(mean, deviation²), log r = a |x|² + b·x + c: z's posterior is p."""
    z, x = keras.Input((2,)), keras.Input((2,))
    same = layers.Dense(2, use_bias=False)
    generator = keras.Model(z, same(z))
    same.kernel.assign(np.eye(2))
    head = layers.Dense(1)
    discriminator = keras.Model(x, head(layers.Concatenate()([layers.Multiply()([x, x]), x])))
    precision = deviation**-2
    head.kernel.assign(
        np.repeat([(1 - precision) / 2, mean * precision], 2)[:, None].astype("float32")
    )
    head.bias.assign([-2 * np.log(deviation) - mean**2 * precision])
    return kg.GAN(generator, discriminator, seed=0, **options)


def kl_to_data(samples, cells=14, reach=5.0):
    """KL(samples ‖ data) in nats, of the masses of a grid's cells; the data's by a finer grid."""
    edges = np.linspace(-reach, reach, cells + 1)
    counts = np.histogram2d(*samples.T, bins=[edges, edges])[0]
    fine = 20
    ticks = np.linspace(-reach, reach, cells * fine + 1)
    middles = (ticks[1:] + ticks[:-1]) / 2
    grid = np.stack(np.meshgrid(middles, middles, indexing="ij"), axis=-1).reshape(-1, 2)
    density = np.exp(ops.convert_to_numpy(log_p(ops.convert_to_tensor(grid.astype("float32")))))
    masses = (
        density.reshape(cells, fine, cells, fine).sum(axis=(1, 3)) * (2 * reach / cells / fine) ** 2
    )
    shares = counts / counts.sum()
    full = counts > 0
    return float(np.sum(shares[full] * np.log(shares[full] / masses[full])))
