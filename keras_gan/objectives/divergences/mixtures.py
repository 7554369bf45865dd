"""The divergences from the mixture of both distributions: Jensen–Shannon and its relatives."""

import math

from keras import ops

from keras_gan.backend.configured import register
from keras_gan.objectives.divergences.divergence import Divergence, bounded, xlogx


@register
class JensenShannon(Divergence):
    """Twice the Jensen–Shannon divergence, at most log 4.

        D_f(P‖Q) = KL(P‖M) + KL(Q‖M) = 2 JSD(P‖Q)      with M = (P+Q)/2
        f(u)  = u log u − (u+1) log((u+1)/2)
        f*(t) = −log(2 − e^t) for t < log 2
        g(v)  = log 2 − log(1+e^(−v))      f'(1) = 0

    The paper's table defines the divergence with a factor ½, but gives this f, without it.

    Example:

    >>> from keras import ops
    >>> float(JensenShannon().fake_score(ops.convert_to_tensor(0.0)))
    0.0

    Reference:
        Nowozin et al. 2016, arXiv 1606.00709.
    """

    name = "jensen_shannon"
    domain = (-math.inf, math.log(2))

    def f(self, u):
        """u log u − (u+1) log((u+1)/2)."""
        return xlogx(u) - (u + 1.0) * ops.log(0.5 * (u + 1.0))

    def derivative(self, u):
        """log(2u/(u+1))."""
        return ops.log(2.0 * u / (u + 1.0))

    def conjugate(self, t):
        """−log(2 − e^t)."""
        return -ops.log(2.0 - ops.exp(t))

    def activation(self, v):
        """log 2 − log(1+e^(−v))."""
        return math.log(2) - ops.softplus(-v)

    def fake_score(self, v):
        """log(1+e^v) − log 2."""
        return ops.softplus(v) - math.log(2)


@register
class WeightedJensenShannon(Divergence):
    """The weighted Jensen–Shannon divergence π KL(P‖M) + (1−π) KL(Q‖M), M = πP + (1−π)Q.

        f(u)  = πu log u − (1−π+πu) log(1−π+πu)
        f*(t) = (1−π) log((1−π)/(1−π e^(t/π))) for t < −π log π
        g(v)  = −π log π − log(1+e^(−v))      f'(1) = 0

    π = ½ gives the Jensen–Shannon divergence itself, half of `JensenShannon`. The score of a sample
    that is equally likely under both distributions is log(π^π/(1−π^π)) here, not 0.

    Args:
        pi: The weight π of P, in (0, 1). Defaults to 0.5.

    Raises:
        ValueError: If π is outside (0, 1).

    Example:

    >>> round(WeightedJensenShannon(0.3).threshold_score, 3)
    0.832

    Reference:
        Nowozin et al. 2016, arXiv 1606.00709.
    """

    name = "weighted_jensen_shannon"

    def __init__(self, pi: float = 0.5):
        if not 0 < pi < 1:
            raise ValueError(
                f"pi, the weight of the first distribution in the mixture, must lie strictly "
                f"between 0 and 1; received {pi}."
            )
        self.pi = float(pi)
        self.domain = (-math.inf, -pi * math.log(pi))

    def f(self, u):
        """πu log u − (1−π+πu) log(1−π+πu)."""
        return self.pi * xlogx(u) - xlogx(1.0 - self.pi + self.pi * u)

    def derivative(self, u):
        """π log(u/(1−π+πu))."""
        return self.pi * ops.log(u / (1.0 - self.pi + self.pi * u))

    def conjugate(self, t):
        """(1−π) log((1−π)/(1−π e^(t/π)))."""
        rest = 1.0 - self.pi
        return rest * (math.log(rest) - ops.log(1.0 - self.pi * ops.exp(t / self.pi)))

    def activation(self, v):
        """−π log π − log(1+e^(−v))."""
        return -self.pi * math.log(self.pi) - ops.softplus(-v)

    def fake_score(self, v):
        """(1−π) (log(1−π) − log(1 − σ(v)^(1/π))), σ the logistic function."""
        low = bounded(v)
        log_rest = ops.log(-ops.expm1(-ops.softplus(-low) / self.pi)) - (v - low)
        return (1.0 - self.pi) * (math.log(1.0 - self.pi) - log_rest)

    def get_config(self) -> dict:
        """π."""
        return {"pi": self.pi}


@register
class GANDivergence(Divergence):
    """The quantity that the first GAN minimises, 2 JSD(P‖Q) − log 4, which is −log 4 for P = Q.

        f(u)  = u log u − (u+1) log(u+1)      with f(1) = −log 4
        f*(t) = −log(1 − e^t) for t < 0
        g(v)  = −log(1+e^(−v)), the log of the logistic function      f'(1) = −log 2

    Example:

    >>> from keras import ops
    >>> round(float(GANDivergence().f(ops.convert_to_tensor(1.0))), 4)  # −log 4
    -1.3863

    Reference:
        Nowozin et al. 2016, arXiv 1606.00709.
    """

    name = "gan"
    domain = (-math.inf, 0.0)

    def f(self, u):
        """u log u − (u+1) log(u+1)."""
        return xlogx(u) - xlogx(u + 1.0)

    def derivative(self, u):
        """log(u/(u+1))."""
        return ops.log(u / (u + 1.0))

    def conjugate(self, t):
        """−log(1 − e^t)."""
        return -ops.log(-ops.expm1(t))

    def activation(self, v):
        """−log(1+e^(−v))."""
        return -ops.softplus(-v)

    def fake_score(self, v):
        """log(1+e^v)."""
        return ops.softplus(v)
