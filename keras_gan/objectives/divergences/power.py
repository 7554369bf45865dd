"""The named members of the family of powers: both KLs, both χ², squared Hellinger."""

import math

from keras import ops

from keras_gan.backend.configured import register
from keras_gan.objectives.divergences.divergence import Divergence, xlogx


@register
class KL(Divergence):
    """The Kullback–Leibler divergence, D_f(P‖Q) = ∫ p log(p/q).

        f(u) = u log u      f*(t) = e^(t−1) on ℝ      g(v) = v      f'(1) = 1

    As a model's objective D_f(data‖model) it is maximum likelihood: the model covers the data.

    Example:

    >>> from keras import ops
    >>> float(KL().fake_score(ops.convert_to_tensor(1.0)))
    1.0

    Reference:
        Nowozin et al. 2016, arXiv 1606.00709.
    """

    name = "kl"

    def f(self, u):
        """u log u."""
        return xlogx(u)

    def derivative(self, u):
        """log u + 1."""
        return ops.log(u) + 1.0

    def conjugate(self, t):
        """e^(t−1)."""
        return ops.exp(t - 1.0)

    def activation(self, v):
        """v."""
        return v


@register
class ReverseKL(Divergence):
    """The Kullback–Leibler divergence of Q from P, D_f(P‖Q) = ∫ q log(q/p).

        f(u) = −log u      f*(t) = −1 − log(−t) for t < 0      g(v) = −e^(−v)      f'(1) = −1

    As a model's objective D_f(data‖model) it seeks modes: the model avoids regions without data.

    Example:

    >>> from keras import ops
    >>> float(ReverseKL().fake_score(ops.convert_to_tensor(3.0)))
    2.0

    Reference:
        Nowozin et al. 2016, arXiv 1606.00709.
    """

    name = "reverse_kl"
    domain = (-math.inf, 0.0)

    def f(self, u):
        """−log u."""
        return -ops.log(u)

    def derivative(self, u):
        """−1/u."""
        return -1.0 / u

    def conjugate(self, t):
        """−1 − log(−t)."""
        return -1.0 - ops.log(-t)

    def activation(self, v):
        """−e^(−v)."""
        return -ops.exp(-v)

    def fake_score(self, v):
        """v − 1."""
        return v - 1.0


@register
class Pearson(Divergence):
    """Pearson's χ², D_f(P‖Q) = ∫ (p − q)²/q.

        f(u) = (u − 1)²      f*(t) = t²/4 + t on ℝ      g(v) = v      f'(1) = 0

    This is the conjugate of the parabola on all of ℝ. The conjugate on density ratios u ≥ 0 alone
    would stay at −1 below t = −2, where the parabola turns. `Alpha(2.0)` is half of this divergence
    with that flat tail, which never pushes a saturating generator in the wrong direction.

    Example:

    >>> from keras import ops
    >>> float(Pearson().fake_score(ops.convert_to_tensor(2.0)))
    3.0

    Reference:
        Nowozin et al. 2016, arXiv 1606.00709.
    """

    name = "pearson"

    def f(self, u):
        """(u − 1)²."""
        return ops.square(u - 1.0)

    def derivative(self, u):
        """2(u − 1)."""
        return 2.0 * (u - 1.0)

    def conjugate(self, t):
        """t²/4 + t."""
        return t * (0.25 * t + 1.0)

    def activation(self, v):
        """v."""
        return v


@register
class Neyman(Divergence):
    """Neyman's χ², D_f(P‖Q) = ∫ (p − q)²/p.

        f(u) = (1 − u)²/u      f*(t) = 2 − 2√(1−t) for t < 1      g(v) = 1 − e^(−v)      f'(1) = 0

    Example:

    >>> from keras import ops
    >>> float(Neyman().fake_score(ops.convert_to_tensor(0.0)))
    0.0

    Reference:
        Nowozin et al. 2016, arXiv 1606.00709.
    """

    name = "neyman"
    domain = (-math.inf, 1.0)

    def f(self, u):
        """(1 − u)²/u."""
        return ops.square(1.0 - u) / u

    def derivative(self, u):
        """1 − 1/u²."""
        return 1.0 - 1.0 / ops.square(u)

    def conjugate(self, t):
        """2 − 2√(1−t)."""
        return 2.0 - 2.0 * ops.sqrt(1.0 - t)

    def activation(self, v):
        """1 − e^(−v)."""
        return -ops.expm1(-v)

    def fake_score(self, v):
        """2 − 2e^(−v/2)."""
        return -2.0 * ops.expm1(-0.5 * v)


@register
class SquaredHellinger(Divergence):
    """The squared Hellinger distance, D_f(P‖Q) = ∫ (√p − √q)² = 2 − 2 ∫ √(pq), at most 2.

        f(u) = (√u − 1)²      f*(t) = t/(1−t) for t < 1      g(v) = 1 − e^(−v)      f'(1) = 0

    Example:

    >>> from keras import ops
    >>> float(SquaredHellinger().f(ops.convert_to_tensor(4.0)))
    1.0

    Reference:
        Nowozin et al. 2016, arXiv 1606.00709.
    """

    name = "squared_hellinger"
    domain = (-math.inf, 1.0)

    def f(self, u):
        """(√u − 1)²."""
        return ops.square(ops.sqrt(u) - 1.0)

    def derivative(self, u):
        """1 − 1/√u."""
        return 1.0 - ops.rsqrt(u)

    def conjugate(self, t):
        """t/(1 − t)."""
        return t / (1.0 - t)

    def activation(self, v):
        """1 − e^(−v)."""
        return -ops.expm1(-v)

    def fake_score(self, v):
        """e^v − 1."""
        return ops.expm1(v)
