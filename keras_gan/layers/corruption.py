"""Noise on an encoder's input, which a denoising autoencoder learns to remove."""

import random

import keras
from keras import ops

from keras_gan.arguments import amount
from keras_gan.parallel.random_numbers import Draws

register = keras.saving.register_keras_serializable(package="keras_gan")


class _Corruption(keras.layers.Layer):
    """A layer that changes its input in training only, by random numbers of the global batch.

    Args:
        seed: Integer that decides the noise; `None` takes a random one.
    """

    def __init__(self, seed: int | None = None, **options):
        super().__init__(**options)
        self.seed = seed
        self.draws = Draws(random.randrange(2**31) if seed is None else seed, "corruption")
        self.supports_masking = True
        self.built = True

    def call(self, inputs, training: bool = False):
        """Returns the inputs, `(batch, ...)`, in training corrupted."""
        return self.corrupted(inputs) if training else inputs

    def corrupted(self, x):
        """Returns x with noise."""
        raise NotImplementedError

    def compute_output_shape(self, input_shape):
        """The shape of the inputs."""
        return input_shape

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "seed": self.seed}


@register
class GaussianNoise(_Corruption):
    """Adds Gaussian noise in training: y = x + σ n, n ~ N(0, I).

    Args:
        stddev: σ, at least 0, in the units of the data.
        seed: Integer that decides the noise. Defaults to `None`, a random one.
        **options: `name`, `dtype` of `keras.layers.Layer`.

    Raises:
        ValueError: For a negative `stddev`.

    Example:

    >>> layer, x = GaussianNoise(0.5, seed=0), ops.zeros((100, 100))
    >>> float(ops.std(layer(x))), round(float(ops.std(layer(x, training=True))), 1)
    (0.0, 0.5)
    """

    def __init__(self, stddev: float, seed: int | None = None, **options):
        super().__init__(seed, **options)
        self.stddev = amount("stddev", stddev, least=0)

    def corrupted(self, x):
        """Returns x + σ n."""
        return x + ops.cast(self.stddev * self.draws.normal(ops.shape(x)), x.dtype)

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "stddev": self.stddev}


@register
class MaskingNoise(_Corruption):
    """Replaces components by one value in training, each with probability `rate`.

    Args:
        rate: In [0, 1].
        value: What the components become: −1, the default, black of images; 0 in the paper.
        seed: Integer that decides which. Defaults to `None`, a random one.
        **options: `name`, `dtype` of `keras.layers.Layer`.

    Raises:
        ValueError: For a rate outside of [0, 1].

    Example:

    >>> y = MaskingNoise(0.5, value=0.0, seed=0)(ops.ones((2, 100)), training=True)
    >>> sorted(set(ops.convert_to_numpy(y).flatten().tolist()))
    [0.0, 1.0]

    Reference:
        Vincent et al. 2010, Stacked Denoising Autoencoders: Learning Useful Representations in a
        Deep Network with a Local Denoising Criterion, JMLR 11, section 3.2.
    """

    def __init__(self, rate: float, value: float = -1.0, seed: int | None = None, **options):
        super().__init__(seed, **options)
        self.rate, self.value = amount("rate", rate, least=0, most=1), amount("value", value)

    def corrupted(self, x):
        """Returns x, with some components replaced."""
        masked = self.draws.uniform(ops.shape(x)) < self.rate
        return ops.where(masked, ops.cast(self.value, x.dtype), x)

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "rate": self.rate, "value": self.value}


@register
class SaltAndPepper(_Corruption):
    """Sets components to the lowest or highest value in training, each with probability `rate`.

    Args:
        rate: In [0, 1]; half of these components become `low`, half `high`.
        low: Defaults to −1, black of images.
        high: Defaults to 1, white.
        seed: Integer that decides which. Defaults to `None`, a random one.
        **options: `name`, `dtype` of `keras.layers.Layer`.

    Raises:
        ValueError: For a rate outside of [0, 1], or a `high` that is not above `low`.

    Example:

    >>> y = SaltAndPepper(0.5, seed=0)(ops.zeros((2, 100)), training=True)
    >>> sorted(set(ops.convert_to_numpy(y).flatten().tolist()))
    [-1.0, 0.0, 1.0]

    Reference:
        Vincent et al. 2010, as for `MaskingNoise`.
    """

    def __init__(
        self,
        rate: float,
        low: float = -1.0,
        high: float = 1.0,
        seed: int | None = None,
        **options,
    ):
        super().__init__(seed, **options)
        self.rate, self.low = amount("rate", rate, least=0, most=1), amount("low", low)
        self.high = amount("high", high, above=self.low)

    def corrupted(self, x):
        """Returns x, with some components at one end or the other."""
        u = self.draws.uniform(ops.shape(x))
        low, high = (ops.cast(end, x.dtype) for end in (self.low, self.high))
        return ops.where(u < 0.5 * self.rate, low, ops.where(u < self.rate, high, x))

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "rate": self.rate, "low": self.low, "high": self.high}
