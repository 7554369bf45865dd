"""Adaptive contrast: a Gaussian with a posterior's own moments, to tell the posterior from."""

import zlib

import keras
from keras import ops

from keras_gan.backend.precision import at_least_float32
from keras_gan.distributions import Distribution, Normal
from keras_gan.parallel.random_numbers import normal

EPSILON = 1e-6  # added to variances, for an encoder that does not use its noise


class AdaptiveContrast(keras.layers.Layer):
    """The moments of an encoder's z for each x, over m noise vectors that never change.

        r(z|x) = N(μ(x), diag σ²(x)),   μ(x) = mean of zᵢ,   σ²(x) = mean of (zᵢ − μ)² + 10⁻⁶,
        zᵢ = z(x, εᵢ),   i = 1 … m

    The εᵢ are normal draws, standardized so that each component has mean 0 and variance 1 over
    them: a few draws by themselves are off by a quarter. As they are constants, μ and σ are
    functions of x and of the encoder alone, and KL(q‖p) = E_q log q/r + E_q log r/p is exact for
    any m: how near r is to q decides only how little is left to the discriminator.

    No gradient flows through μ and σ. Whatever r is, the KL divergence is the same, so that its
    derivative with respect to r is zero; by leaving that out, m passes need not be differentiated.

    Args:
        count: m, at least 2.
        noise_dim: The components of ε.
        seed: Integer from which the εᵢ follow.

    Example:

    >>> x, noise = keras.Input((1,)), keras.Input((1,))
    >>> encoder = keras.Model([x, noise], 3.0 * x + 0.0 * noise)
    >>> mean, stddev = AdaptiveContrast(4, 1, seed=0).moments(encoder, ops.ones((2, 1)))
    >>> ops.convert_to_numpy(mean).tolist()
    [[3.0], [3.0]]

    Reference: Mescheder et al. 2017, arXiv 1701.04722, section 3.3.
    """

    def __init__(self, count: int, noise_dim: int, seed: int):
        super().__init__(name="adaptive_contrast", trainable=False, dtype="float32")
        own_seed = zlib.crc32(
            f"adaptive contrast/{seed}".encode()
        )  # others draw from `seed` itself
        self.noises = self.add_weight(
            shape=(count, noise_dim),
            initializer=lambda shape, dtype=None: _standardized(normal(shape, own_seed, dtype)),
            name="noises",
            trainable=False,
            aggregation="only_first_replica",
        )
        self.built = True

    def moments(self, encoder: keras.Model, x, training: bool = False) -> tuple:
        """μ(x) and σ(x), each `(batch, latent_dim)`, as constants.

        Args:
            encoder: From [x, ε] to z.
            x: Samples, `(batch, ...)`.
            training: Whether the encoder runs in training mode.
        """
        count, noise_dim = self.noises.shape
        batch = ops.shape(x)[0]
        noises = ops.broadcast_to(self.noises[None], (batch, count, noise_dim))
        # sample by sample, so that layers which draw numbers see a multiple of the batch
        z = encoder(
            [ops.repeat(x, count, axis=0), ops.reshape(noises, (-1, noise_dim))],
            training=training,
        )
        z = ops.reshape(at_least_float32(z), (batch, count, z.shape[-1]))
        mean = ops.mean(z, axis=1)
        variance = ops.mean(ops.square(z - mean[:, None]), axis=1)
        return ops.stop_gradient(mean), ops.stop_gradient(ops.sqrt(variance + EPSILON))


def _standardized(noises):
    """Draws `(m, noise_dim)` with mean 0 and variance 1 of each component over the m draws."""
    return (noises - ops.mean(noises, axis=0)) / ops.std(noises, axis=0)


def log_ratio(z, mean, stddev, prior: Distribution | None = None):
    """log r(z|x) − log p(z) in nats, `(batch,)`, of r = N(μ, diag σ²) and the prior p.

    Args:
        z: `(batch, latent_dim)`.
        mean: μ, of the same shape.
        stddev: σ > 0, of the same shape.
        prior: p; `None`, the default, for N(0, I).

    Example:

    >>> one = ops.ones((1, 3))
    >>> float(log_ratio(one, one, one)[0])  # ½ (‖z‖² − 0)
    1.5
    """
    if prior is not None and repr(prior) != repr(Normal()):
        return Normal(mean, stddev).log_prob(z) - prior.log_prob(z)
    deviation = (z - mean) / stddev  # the constants of both cancel
    return ops.sum(0.5 * (ops.square(z) - ops.square(deviation)) - ops.log(stddev), axis=-1)
