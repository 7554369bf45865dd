"""The couplings of NICE and of Real NVP."""

from keras import ops

from keras_gan.arguments import amount
from keras_gan.bijections.bijection import register
from keras_gan.bijections.coupling import Coupling


@register
class AdditiveCoupling(Coupling):
    """The coupling of NICE: z_A = x_A, z_B = x_B + t(x_A); log-det 0.

    Args:
        *args: As in `Coupling`.
        **options: As in `Coupling`.

    Example:

    >>> coupling = AdditiveCoupling(width=16)
    >>> z, log_det = coupling.forward_and_log_det([[1.0, 2.0, 3.0]])
    >>> float(log_det[0])
    0.0

    Reference: Dinh, Krueger and Bengio 2015, NICE: Non-linear Independent Components Estimation,
    arXiv 1410.8516.
    """

    def of_components(self, made):
        """t itself."""
        return made

    def transform_part(self, x, parameters):
        """x_B + t, and zeros."""
        return x + parameters, ops.zeros_like(x)

    def invert_part(self, z, parameters):
        """z_B − t, and zeros."""
        return z - parameters, ops.zeros_like(z)


@register
class AffineCoupling(Coupling):
    """The coupling of Real NVP: z_A = x_A, z_B = exp(s(x_A)) ⊙ x_B + t(x_A); log-det Σ s.

    s is bounded, c tanh(s̃ / c), so that no coupling can blow up; Real NVP learns a factor of the
    tanh for each component instead.

    Args:
        *args: As in `Coupling`.
        bound: c > 0, the most that one coupling scales by being e^c. Defaults to 2.
        **options: As in `Coupling`.

    Raises:
        ValueError: For a bound that is not positive; and as `Coupling`.

    Example:

    >>> coupling = AffineCoupling("checkerboard", width=16)
    >>> tuple(coupling.forward(ops.ones((1, 4, 4, 3))).shape)
    (1, 4, 4, 3)

    Reference: Dinh, Sohl-Dickstein and Bengio 2017, Density Estimation Using Real NVP, arXiv
    1605.08803.
    """

    parameters = 2

    def __init__(self, *args, bound: float = 2.0, **options):
        super().__init__(*args, **options)
        self.bound = amount("bound", bound, above=0)

    def of_components(self, made):
        """s̃ and t, one after the other: components that alternate take twice the time to part."""
        return ops.split(made, 2, axis=-1)

    def _scale_and_shift(self, parameters):
        """s and t."""
        raw, shift = parameters
        return self.bound * ops.tanh(raw / self.bound), shift

    def transform_part(self, x, parameters):
        """exp(s) ⊙ x_B + t, and s."""
        s, t = self._scale_and_shift(parameters)
        return ops.exp(s) * x + t, s

    def invert_part(self, z, parameters):
        """(z_B − t) ⊙ exp(−s), and −s."""
        s, t = self._scale_and_shift(parameters)
        return (z - t) * ops.exp(-s), -s

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "bound": self.bound}
