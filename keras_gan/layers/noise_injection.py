"""Noise on a generator's hidden layers, of a strength that is learned."""

import random

import keras
from keras import layers, ops

from keras_gan.parallel.random_numbers import Draws


@keras.saving.register_keras_serializable(package="keras_gan")
class NoiseInjection(layers.Layer):
    """Adds one image of noise to all channels, by which a generator draws details at random.

        y = x + a n,   n ~ N(0, 1), a number for each sample and pixel

    The strength a, a scalar, is learned and starts at 0. In training n is drawn anew at each call,
    as part of the global batch. In inference it is one image n that was drawn when the layer was
    built and is saved with it, so that a sample depends on its latent vector alone.

    Args:
        seed: Integer that decides the noise. Defaults to `None`, a random one.
        **options: `name`, `dtype`, as in any Keras layer.

    Example:

    >>> noise, x = NoiseInjection(seed=0), ops.zeros((2, 4, 4, 3))
    >>> float(ops.max(ops.abs(noise(x, training=True))))
    0.0
    >>> _ = noise.strength.assign(1.0)
    >>> bool(ops.all(noise(x)[0] == noise(x)[1]))
    True

    Reference:
        Karras et al. 2019, A Style-Based Generator Architecture for Generative Adversarial
        Networks, arXiv 1812.04948, where each channel has a strength of its own; Karras et al.
        2020, arXiv 1912.04958, and Liu et al. 2021, arXiv 2101.04775, with one for all.
    """

    def __init__(self, seed: int | None = None, **options):
        super().__init__(**options)
        self.seed = seed
        own = random.randrange(2**31) if seed is None else seed
        self.draws = Draws(own, "noise injection")
        self.fixed_seed = own

    def build(self, input_shape):
        """Makes a and the image of inference."""
        self.strength = self.add_weight(shape=(), initializer="zeros", name="strength")
        self.fixed = self.add_weight(
            shape=(*input_shape[1:-1], 1),
            initializer=keras.initializers.RandomNormal(stddev=1.0, seed=self.fixed_seed),
            trainable=False,
            name="fixed",
        )
        self.built = True

    def call(self, inputs, training: bool = False):
        """y, of the shape of x, `(batch, height, width, channels)`."""
        noise = ops.convert_to_tensor(self.fixed)
        if training:
            noise = self.draws.normal((*ops.shape(inputs)[:-1], 1), dtype=inputs.dtype)
        return inputs + self.strength * noise

    def compute_output_shape(self, input_shape):
        """The shape of the inputs."""
        return input_shape

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "seed": self.seed}
