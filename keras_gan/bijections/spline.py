"""The coupling of neural spline flows."""

import math

from keras import ops

from keras_gan.arguments import amount, whole
from keras_gan.bijections.bijection import register
from keras_gan.bijections.coupling import Coupling


@register
class RationalQuadraticCoupling(Coupling):
    """The coupling of neural spline flows: g is a monotone rational-quadratic spline of K bins.

    On each bin [x_k, x_{k+1}], with ξ = (x − x_k) / (x_{k+1} − x_k), slope s of its chord and
    derivatives δ at its knots,

        g = y_k + (y_{k+1} − y_k) (s ξ² + δ_k ξ (1 − ξ)) / (s + (δ_{k+1} + δ_k − 2 s) ξ (1 − ξ))

    and outside of [−B, B] it is the identity. ψ gives widths, heights and inner derivatives.

    Args:
        *args: As in `Coupling`.
        bins: K, at least 2. Defaults to 8.
        interval: B > 0. Defaults to 3.
        **options: As in `Coupling`.

    Raises:
        ValueError: For fewer than 2 bins, more than 200, or an interval that is not positive; and
            as `Coupling`.

    Example:

    >>> coupling = RationalQuadraticCoupling(bins=4, width=16)
    >>> tuple(coupling.forward([[0.5, 2.0]]).shape)
    (1, 2)

    Reference: Durkan, Bekasov, Murray and Papamakarios 2019, Neural Spline Flows, arXiv 1906.04032;
    their least width and height of a bin, 10⁻³ of the interval, and least derivative, 10⁻³, too.
    """

    least = 1e-3
    most_bins = 200

    def __init__(self, *args, bins: int = 8, interval: float = 3.0, **options):
        super().__init__(*args, **options)
        self.bins = whole("bins", bins, least=2)
        if self.bins > self.most_bins:
            raise ValueError(f"bins must be at most {self.most_bins}; received {bins}.")
        self.interval = amount("interval", interval, above=0)

    @property
    def parameters(self) -> int:
        """K widths, K heights, K − 1 derivatives."""
        return 3 * self.bins - 1

    def _knots(self, logits):
        """The K + 1 knots from −B to B whose distances are the softmax of logits, none tiny."""
        shares = self.least + (1.0 - self.least * self.bins) * ops.softmax(logits, axis=-1)
        ends = ops.cumsum(shares, axis=-1)[..., :-1]
        zeros, ones = ops.zeros_like(logits[..., :1]), ops.ones_like(logits[..., :1])
        return self.interval * (2.0 * ops.concatenate((zeros, ends, ones), axis=-1) - 1.0)

    def _spline(self, parameters) -> tuple:
        """Knots x, knots y, and the derivatives at them."""
        k = self.bins
        raw = parameters[..., 2 * k :] + math.log(math.expm1(1.0 - self.least))  # 1 at the start
        inner = self.least + ops.softplus(raw)
        one = ops.ones_like(inner[..., :1])
        slopes = ops.concatenate((one, inner, one), axis=-1)
        return self._knots(parameters[..., :k]), self._knots(parameters[..., k : 2 * k]), slopes

    def _bin(self, values, knots, spline) -> tuple:
        """x_k, width, y_k, height, δ_k and δ_{k+1} of the bin of each value."""
        inner = knots[..., 1:-1]
        index = ops.sum(ops.cast(values[..., None] >= inner, "int32"), axis=-1, keepdims=True)

        def at(table, index):
            return ops.take_along_axis(table, index, axis=-1)[..., 0]

        x, y, slopes = spline
        x0, y0 = at(x, index), at(y, index)
        width, height = at(x, index + 1) - x0, at(y, index + 1) - y0
        return x0, width, y0, height, at(slopes, index), at(slopes, index + 1)

    def transform_part(self, x, parameters):
        """g(x_B), and the logarithm of its derivative."""
        spline = self._spline(parameters)
        within = ops.abs(x) < self.interval
        clipped = ops.where(within, x, ops.zeros_like(x))
        x0, width, y0, height, d0, d1 = self._bin(clipped, spline[0], spline)
        xi = (clipped - x0) / width
        slope, both = height / width, xi * (1.0 - xi)
        below = slope + (d1 + d0 - 2.0 * slope) * both
        made = y0 + height * (slope * xi**2 + d0 * both) / below
        return ops.where(within, made, x), self._log_derivative(within, xi, slope, d0, d1, below)

    def invert_part(self, z, parameters):
        """g⁻¹(z_B), by the root of a quadratic, and the logarithm of its derivative."""
        spline = self._spline(parameters)
        within = ops.abs(z) < self.interval
        clipped = ops.where(within, z, ops.zeros_like(z))
        x0, width, y0, height, d0, d1 = self._bin(clipped, spline[1], spline)
        slope, rise = height / width, clipped - y0
        bend = d1 + d0 - 2.0 * slope
        a = height * (slope - d0) + rise * bend
        b = height * d0 - rise * bend
        c = -slope * rise
        root = ops.sqrt(ops.maximum(b**2 - 4.0 * a * c, 0.0))
        xi = 2.0 * c / (-b - root)
        below = slope + bend * xi * (1.0 - xi)
        logs = self._log_derivative(within, xi, slope, d0, d1, below)
        return ops.where(within, x0 + xi * width, z), -logs

    def _log_derivative(self, within, xi, slope, d0, d1, below):
        """log g′, 0 outside of the interval."""
        above = slope**2 * (d1 * xi**2 + 2.0 * slope * xi * (1.0 - xi) + d0 * (1.0 - xi) ** 2)
        return ops.where(within, ops.log(above) - 2.0 * ops.log(below), ops.zeros_like(xi))

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "bins": self.bins, "interval": self.interval}
