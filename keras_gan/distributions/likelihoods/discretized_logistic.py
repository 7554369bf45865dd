"""The likelihood of images of 256 levels."""

import numpy as np

from keras_gan.arguments import amount, whole
from keras_gan.backend.configured import register
from keras_gan.distributions import discretized_logistic
from keras_gan.distributions.distribution import Distribution
from keras_gan.distributions.likelihoods.likelihood import Likelihood, check_range


@register
class DiscretizedLogistic(Likelihood):
    """Images of L levels, such as 256; the decoder computes the means m of logistic distributions.

        P(x|z) = Πᵢ σ((xᵢ + 1/(L − 1) − mᵢ(z)) / s) − σ((xᵢ − 1/(L − 1) − mᵢ(z)) / s)

    where the levels −1 and 1 take the tails, as in `kg.distributions.DiscretizedLogistic`. This is
    a probability, so that −log₂ P(x|z) is a number of bits. A value between two levels counts as
    the nearer one. The mean is that of the levels, within [-1, 1].

    Args:
        scale: Scale s > 0 of all components; the standard deviation is s π / √3. Defaults to 0.1.
        levels: Number L of levels of [-1, 1], at least 2. Defaults to 256.

    Raises:
        ValueError: If s is not positive, or for fewer than two levels.

    Example:

    >>> from keras import ops
    >>> x = ops.zeros((1, 2))
    >>> round(float(DiscretizedLogistic(scale=0.1).log_density(x, x)[0]), 3)
    -7.865
    """

    is_bounded = True

    def __init__(self, scale: float = 0.1, levels: int = 256):
        self.scale = amount("scale", scale, above=0)
        self.levels = whole("levels", levels, least=2)

    def distribution(self, parameters) -> Distribution:
        """Returns the logistic distribution around the decoder's output, on the levels."""
        return discretized_logistic.DiscretizedLogistic(parameters, self.scale, self.levels)

    def mean(self, parameters):
        """Returns the mean of the levels."""
        return self.distribution(parameters).level_mean()

    def check_samples(self, samples: np.ndarray) -> None:
        """Refuses samples outside of [-1, 1]."""
        check_range(samples, "discretized logistic", "the lowest and the highest level")

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {"scale": self.scale, "levels": self.levels}
