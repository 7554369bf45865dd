"""The normal distribution with independent components."""

import math

from keras import ops

from keras_gan.distributions.distribution import register
from keras_gan.distributions.location_scale import LocationScale
from keras_gan.parallel import random_numbers


@register
class Normal(LocationScale):
    """The normal distribution of independent components, with mean m and standard deviation σ.

        log p(x) = Σᵢ −½ ((xᵢ − mᵢ) / σᵢ)² − log σᵢ − ½ log 2π

    Args:
        mean: Mean m: a number, or a list, array or tensor that broadcasts against samples.
            Defaults to 0.
        scale: Standard deviation σ > 0, likewise. Defaults to 1.

    Raises:
        ValueError: For a number or an array that is not finite, or a σ that is not positive.

    Example:

    >>> import numpy as np
    >>> normal = Normal(mean=1.0, scale=2.0)
    >>> float(normal.log_prob(np.ones((1, 2)))[0])  # −2 log 2 − log 2π
    -3.22417...
    >>> tuple(normal.sample((4, 2), seed=0).shape)
    (4, 2)
    """

    def standard(self, shape, seed):
        """Draws standard normal numbers."""
        return random_numbers.normal(shape, seed)

    def component_log_prob(self, x):
        """Returns −½ ((x − m) / σ)² − log σ − ½ log 2π."""
        z, log_scale = self.standardized(x)
        return -0.5 * ops.square(z) - (log_scale + 0.5 * math.log(2 * math.pi))
