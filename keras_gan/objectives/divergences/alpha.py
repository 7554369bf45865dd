"""The α-divergences, the powers of the density ratio."""

import math

from keras import ops

from keras_gan.arguments import is_finite
from keras_gan.backend.configured import register
from keras_gan.objectives.divergences.divergence import Divergence, bounded


@register
class Alpha(Divergence):
    """The α-divergence, D_f(P‖Q) = (∫ p^α q^(1−α) − 1) / (α(α−1)), for α other than 0 and 1.

        f(u)  = (u^α − 1 − α(u−1)) / (α(α−1))
        f*(t) = (1/α) (t(α−1)+1)^(α/(α−1)) − 1/α
        α < 1: g(v) = 1/(1−α) − log(1+e^(−v)), into t < 1/(1−α)
        α > 1: g(v) = v, and the base of the power is clamped at 0
        f'(1) = 0

    α = 2 is half of Pearson's χ², α = −1 half of Neyman's, α = ½ twice the squared Hellinger
    distance; α → 1 and α → 0 are the two Kullback–Leibler divergences.

    Args:
        alpha: Any real number except 0 and 1. Defaults to 0.5. For α < 1, `fake_score` grows as
            e^(vα/(1−α)), which overflows float32 at v = 50 if 0.63 < α < 1.

    Raises:
        ValueError: If α is 0, 1 or not finite.

    Example:

    >>> from keras import ops
    >>> float(Alpha(2.0).f(ops.convert_to_tensor(3.0)))
    2.0

    Reference:
        Nowozin et al. 2016, arXiv 1606.00709.
    """

    name = "alpha"

    def __init__(self, alpha: float = 0.5):
        if not is_finite(alpha) or alpha in (0, 1):
            raise ValueError(
                f"alpha must be a finite number other than 0 and 1, where the α-divergence becomes "
                f"'reverse_kl' and 'kl'; received {alpha}."
            )
        self.alpha = float(alpha)
        self.domain = (-math.inf, 1 / (1 - alpha) if alpha < 1 else math.inf)
        self.exponent = self.alpha / (self.alpha - 1.0)

    @property
    def threshold_score(self) -> float:
        """The score v with g(v) = 0, for α < 1: softplus(−v) = a with a = 1 / (1 − α)."""
        if self.alpha > 1:
            return 0.0
        a = 1.0 / (1.0 - self.alpha)
        return -(a + math.log(-math.expm1(-a)))

    def f(self, u):
        """(u^α − 1 − α(u−1)) / (α(α−1))."""
        return (u**self.alpha - 1.0 - self.alpha * (u - 1.0)) / (self.alpha * (self.alpha - 1.0))

    def derivative(self, u):
        """(u^(α−1) − 1) / (α−1)."""
        return (u ** (self.alpha - 1.0) - 1.0) / (self.alpha - 1.0)

    def conjugate(self, t):
        """(1/α) (t(α−1)+1)^(α/(α−1)) − 1/α, the base clamped at 0 for α > 1."""
        base = t * (self.alpha - 1.0) + 1.0
        if self.alpha > 1:
            power = ops.where(base > 0, ops.where(base > 0, base, 1.0) ** self.exponent, 0.0)
        else:
            power = base**self.exponent
        return (power - 1.0) / self.alpha

    def activation(self, v):
        """1/(1−α) − log(1+e^(−v)) for α < 1, v for α > 1."""
        return v if self.alpha > 1 else 1.0 / (1.0 - self.alpha) - ops.softplus(-v)

    def fake_score(self, v):
        """((1−α) log(1+e^(−v)))^(α/(α−1)) / α − 1/α for α < 1."""
        if self.alpha > 1:
            return self.conjugate(v)
        low = bounded(v)
        log_base = math.log(1.0 - self.alpha) + ops.log(ops.softplus(-low)) - (v - low)
        return ops.expm1(self.exponent * log_base) / self.alpha

    def get_config(self) -> dict:
        """α."""
        return {"alpha": self.alpha}
