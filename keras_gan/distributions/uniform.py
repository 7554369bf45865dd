"""The uniform distribution on a box."""

import math

import numpy as np
from keras import ops

from keras_gan.arguments import amount
from keras_gan.distributions.distribution import Distribution, register
from keras_gan.parallel import random_numbers


@register
class Uniform(Distribution):
    """The uniform distribution on the interval [low, high] in every component.

        log p(x) = Σᵢ −log(high − low) inside the box, −∞ outside

    Args:
        low: A number. Defaults to −1.
        high: A number greater than `low`. Defaults to 1.

    Raises:
        ValueError: If `high` is not greater than `low`, or float32 does not hold their distance.

    Example:

    >>> import numpy as np
    >>> float(Uniform().log_prob(np.zeros((1, 2)))[0]), float(Uniform().log_prob([[2.0, 0.0]])[0])
    (-1.38629..., -inf)
    """

    def __init__(self, low: float = -1.0, high: float = 1.0):
        self.low = amount("low", low)
        self.high = amount("high", high, above=self.low)
        amount("high − low", self.high - self.low)

    def sample(self, shape, seed):
        """Draws low + (high − low) u with u uniform on [0, 1)."""
        return (self.high - self.low) * random_numbers.uniform(shape, seed) + self.low

    def component_log_prob(self, x):
        """Returns −log(high − low) inside the interval, −∞ outside."""
        inside = ops.logical_and(x >= self.low, x <= self.high)
        return ops.where(inside, -math.log(self.high - self.low), -math.inf)

    def within(self, z):
        """Components beyond an end of the interval at that end."""
        return np.clip(z, self.low, self.high)

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {"low": self.low, "high": self.high}
