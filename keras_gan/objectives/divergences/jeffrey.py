"""Jeffrey's divergence, whose conjugate needs Lambert's W function."""

from keras import ops

from keras_gan.backend.configured import register
from keras_gan.objectives.divergences.divergence import Divergence


@register
class Jeffrey(Divergence):
    """Jeffrey's divergence, D_f(P‖Q) = KL(P‖Q) + KL(Q‖P) = ∫ (p − q) log(p/q).

        f(u)  = (u − 1) log u
        f*(t) = W(e^(1−t)) + 1/W(e^(1−t)) + t − 2 on ℝ,  with W Lambert's function
        g(v)  = v      f'(1) = 0

    With u = 1/W(e^(1−t)), the ratio at which f'(u) = t, the conjugate is u − 1 + log u.

    Example:

    >>> from keras import ops
    >>> abs(float(Jeffrey().conjugate(ops.convert_to_tensor(0.0))))
    0.0

    Reference:
        Nowozin et al. 2016, arXiv 1606.00709.
    """

    name = "jeffrey"

    def f(self, u):
        """(u − 1) log u."""
        return (u - 1.0) * ops.log(u)

    def derivative(self, u):
        """log u + 1 − 1/u."""
        return ops.log(u) + 1.0 - 1.0 / u

    def conjugate(self, t):
        """u − 1 + log u, where f'(u) = t."""
        log_u = _optimal_log_ratio(t)
        return ops.expm1(log_u) + log_u

    def activation(self, v):
        """v."""
        return v


def _optimal_log_ratio(t):
    """The log density ratio s = −log W(e^(1−t)) that solves s + 1 − e^(−s) = t, by Newton's method.

    For w = e^(−s) the equation is w + log w = 1 − t. Its left side is increasing and concave in s,
    so that Newton's method climbs to the root from any start below it; from the start here, four
    steps reach the last digits of float64. Two further steps take the root as a constant: each
    doubles the number of correct terms of the Taylor series in t, so that s has the correct
    derivatives up to the third.

    Args:
        t: Tensor of any shape.
    """

    def newton(s, t):
        decay = ops.exp(-s)
        return s - (s + 1.0 - decay - t) / (1.0 + decay)

    constant = ops.stop_gradient(t)
    s = ops.maximum(constant - 1.0, -ops.log1p(ops.relu(-constant)))
    for _ in range(4):
        s = newton(s, constant)
    return newton(newton(ops.stop_gradient(s), t), t)
