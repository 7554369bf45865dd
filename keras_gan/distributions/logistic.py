"""The logistic distribution."""

from keras import ops

from keras_gan.distributions.distribution import register
from keras_gan.distributions.location_scale import LocationScale
from keras_gan.parallel import random_numbers


@register
class Logistic(LocationScale):
    """The logistic distribution of independent components, with mean m and scale s.

        log p(x) = Σᵢ −u − 2 log(1 + e^{−u}) − log s,   u = (xᵢ − m) / s

    Its variance is (π s)² / 3. It is the base distribution of NICE.

    Args:
        mean: Mean m: a number, or a list, array or tensor that broadcasts against samples.
            Defaults to 0.
        scale: Scale s > 0, likewise. Defaults to 1.

    Raises:
        ValueError: For a number or an array that is not finite, or a scale that is not positive.

    Example:

    >>> import numpy as np
    >>> round(float(Logistic().log_prob(np.zeros((1, 2)))[0]), 4)  # −4 log 2
    -2.7726

    Reference: Dinh, Krueger and Bengio 2015, NICE, arXiv 1410.8516, section 3.4.
    """

    def standard(self, shape, seed):
        """Draws log u − log(1 − u) with u uniform on (0, 1), in steps of 2⁻²³."""
        u = random_numbers.inside(shape, seed)
        return ops.log(u) - ops.log1p(-u)

    def component_log_prob(self, x):
        """Returns −u − 2 log(1 + e^{−u}) − log s."""
        u, log_scale = self.standardized(x)
        return -ops.softplus(u) - ops.softplus(-u) - log_scale
