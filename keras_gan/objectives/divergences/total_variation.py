"""The total variation distance."""

from keras import ops

from keras_gan.backend.configured import register
from keras_gan.objectives.divergences.divergence import Divergence


@register
class TotalVariation(Divergence):
    """The total variation distance, D_f(P‖Q) = ½ ∫ |p − q|, at most 1.

        f(u) = ½|u − 1|      f*(t) = t on [−½, ½]      g(v) = ½ tanh v      f'(1) = 0

    The optimal T jumps between ±½ where the densities cross; tanh approaches it by large scores.

    Example:

    >>> from keras import ops
    >>> float(TotalVariation().fake_score(ops.convert_to_tensor(50.0)))
    0.5

    Reference:
        Nowozin et al. 2016, arXiv 1606.00709.
    """

    name = "total_variation"
    domain = (-0.5, 0.5)

    def f(self, u):
        """½|u − 1|."""
        return 0.5 * ops.abs(u - 1.0)

    def derivative(self, u):
        """½ sign(u − 1)."""
        return 0.5 * ops.sign(u - 1.0)

    def conjugate(self, t):
        """The identity."""
        return t

    def activation(self, v):
        """½ tanh v."""
        return 0.5 * ops.tanh(v)
