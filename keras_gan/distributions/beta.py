"""The beta distribution."""

import keras
from keras import ops

from keras_gan.arguments import amount
from keras_gan.distributions.distribution import Distribution, register
from keras_gan.parallel import random_numbers

MOST = 100  # uniform numbers of which one is taken


@register
class Beta(Distribution):
    """The beta distribution on (0, 1) in every component.

        log p(x) = Σᵢ (a − 1) log xᵢ + (b − 1) log(1 − xᵢ) − log B(a, b),   −∞ outside

    Args:
        alpha: a > 0. Defaults to 5.
        beta: b > 0. Defaults to 5.

    Raises:
        ValueError: For a parameter that is not positive.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> float(Beta(2, 2).log_prob(np.full((1, 1), 0.5))[0])
    0.405...
    >>> flow = kg.Flow(kg.bijections.MixtureCDF(components=3), Beta(5, 5), sample_shape=(1,))
    >>> flow.generate(4, seed=0).shape
    (4, 1)
    """

    def __init__(self, alpha: float = 5.0, beta: float = 5.0):
        self.alpha = amount("alpha", alpha, above=0)
        self.beta = amount("beta", beta, above=0)

    def sample(self, shape, seed):
        """Draws the a-th smallest of a + b − 1 uniform numbers, if a and b are small integers."""
        count = self.alpha + self.beta - 1
        if not (self.alpha.is_integer() and self.beta.is_integer() and count <= MOST):
            return keras.random.beta(shape, self.alpha, self.beta, seed=seed)
        u = random_numbers.inside((*shape, int(count)), seed)
        return ops.sort(u, axis=-1)[..., int(self.alpha) - 1]

    def component_log_prob(self, x):
        """Returns (a − 1) log x + (b − 1) log(1 − x) − log B(a, b) on (0, 1), −∞ outside."""
        from scipy.special import betaln

        inside = ops.logical_and(x > 0, x < 1)
        safe = ops.where(inside, x, ops.full_like(x, 0.5))
        logs = (self.alpha - 1) * ops.log(safe) + (self.beta - 1) * ops.log1p(-safe)
        return ops.where(inside, logs - float(betaln(self.alpha, self.beta)), -float("inf"))

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {"alpha": self.alpha, "beta": self.beta}
