"""The normal distribution with independent components."""

import math

from keras import ops

from keras_gan.arguments import amount
from keras_gan.distributions.distribution import Distribution, register
from keras_gan.parallel import random_numbers


@register
class Normal(Distribution):
    """The normal distribution of independent components, with mean m and standard deviation σ.

        log p(x) = Σᵢ −½ ((xᵢ − mᵢ) / σᵢ)² − log σᵢ − ½ log 2π

    Args:
        mean: Mean m: a number, or a tensor that broadcasts against samples. Defaults to 0.
        scale: Standard deviation σ > 0, a number or such a tensor. Defaults to 1. If both are
            numbers, the distribution can be saved.

    Raises:
        ValueError: If σ is a number that is not positive.

    Example:

    >>> import numpy as np
    >>> normal = Normal(mean=1.0, scale=2.0)
    >>> float(normal.log_prob(np.ones((1, 2)))[0])  # −2 log 2 − log 2π
    -3.22417...
    >>> tuple(normal.sample((4, 2), seed=0).shape)
    (4, 2)
    """

    def __init__(self, mean=0.0, scale=1.0):
        self.mean = mean
        self.scale = amount("scale", scale, above=0) if isinstance(scale, (int, float)) else scale

    def sample(self, shape, seed):
        """Draws m + σ z with z standard normal."""
        z = random_numbers.normal(shape, seed)
        is_standard = isinstance(self.mean, float) and (self.mean, self.scale) == (0.0, 1.0)
        return z if is_standard else self.mean + self.scale * z

    def component_log_prob(self, x):
        """Returns −½ ((x − m) / σ)² − log σ − ½ log 2π."""
        deviation = (x - self.mean) / self.scale
        log_scale = math.log(self.scale) if isinstance(self.scale, float) else ops.log(self.scale)
        return -0.5 * ops.square(deviation) - (log_scale + 0.5 * math.log(2 * math.pi))

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {"mean": self.mean, "scale": self.scale}
