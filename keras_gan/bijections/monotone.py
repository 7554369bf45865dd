"""Monotone bijections of single components: the mixture's distribution function, the logit."""

import math

import keras
from keras import ops

from keras_gan.arguments import amount, whole
from keras_gan.bijections.bijection import Bijection, register, sum_of_components

BISECTIONS, NEWTON_STEPS = 60, 4  # of the inverse of MixtureCDF
REACH = 12.0  # standard deviations beyond which a normal tail is 0 in double precision


@register
class MixtureCDF(Bijection):
    """The distribution function of a mixture of K normals, for each component by itself.

        z = Σ_k π_k Φ((x − μ_k) / σ_k),   ∂z/∂x = Σ_k (π_k / σ_k) φ((x − μ_k) / σ_k)

    z lies in (0, 1): with a `Uniform(0, 1)` base the mixture is the model, and any density can be
    approached. With the base Beta(5, 5) or, behind a `Probit`, the normal one, it is the flow of
    the same data to that base. The inverse is found between two bounds by bisection, then by
    Newton's method; it has the right first and second derivatives, by those of its last steps. z is
    kept off 0 and 1 by the least that its precision can hold, which matters to a base whose density
    vanishes there, such as a Beta: far in a tail the log-density stops falling.

    Args:
        components: K, at least 1. Defaults to 8.
        spread: At the start, the μ_k lie at equal distances in [−spread, spread]. Defaults to 2.
        **options: As in `Bijection`.

    Raises:
        ValueError: For fewer components, or a spread that is not positive.

    Example:

    >>> flow = MixtureCDF(components=1, spread=1.0)
    >>> round(float(flow.forward([[0.0]])[0, 0]), 6)
    0.5
    """

    def __init__(self, components: int = 8, spread: float = 2.0, **options):
        super().__init__(**options)
        self.components = whole("components", components)
        self.spread = amount("spread", spread, above=0)

    def build(self, input_shape):
        """Makes the weights, means and standard deviations, a row for each component."""
        shape, k = (*input_shape[1:], self.components), self.components
        self.logits = self.add_weight(shape=shape, initializer="zeros", name="logits")
        self.log_stddev = self.add_weight(
            shape=shape, initializer=_constant(math.log(self.spread / k)), name="log_stddev"
        )
        means = [self.spread * (2 * i + 1 - k) / max(k - 1, 1) for i in range(k)]
        self.means = self.add_weight(
            shape=shape,
            initializer=lambda shape, dtype=None: ops.broadcast_to(
                ops.convert_to_tensor(means, dtype), shape
            ),
            name="means",
        )

    def _values(self, x) -> tuple:
        """The distribution function at x, and the logarithm of the density."""
        log_weights = ops.log_softmax(self.logits, axis=-1)
        scaled = (x[..., None] - self.means) * ops.exp(-self.log_stddev)
        below = ops.sum(ops.exp(log_weights) * _normal_cdf(scaled), axis=-1)
        below = ops.clip(below, *_INSIDE[keras.backend.standardize_dtype(x.dtype)])
        logs = log_weights - self.log_stddev - 0.5 * scaled**2 - 0.5 * math.log(2.0 * math.pi)
        return below, ops.logsumexp(logs, axis=-1)

    def transform(self, x, condition=None, training=False):
        """z and Σ log ∂z/∂x."""
        z, logs = self._values(x)
        return z, sum_of_components(logs)

    def invert(self, z, condition=None, training=False):
        """x and −Σ log ∂z/∂x."""
        reach = REACH * ops.exp(self.log_stddev)
        low = ops.min(self.means - reach, axis=-1) + ops.zeros_like(z)
        high = ops.max(self.means + reach, axis=-1) + ops.zeros_like(z)

        def halved(_, bounds):
            low, high = bounds
            middle = 0.5 * (low + high)
            is_below = self._values(middle)[0] < z
            return ops.where(is_below, middle, low), ops.where(is_below, high, middle)

        low, high = ops.fori_loop(0, BISECTIONS, halved, (low, high))
        x = ops.stop_gradient(0.5 * (low + high))
        for i in range(NEWTON_STEPS):
            if i < NEWTON_STEPS - 2:  # of two steps the second derivative is right
                x = ops.stop_gradient(x)
            reached, logs = self._values(x)
            step = (z - reached) * ops.exp(-logs)
            near = ops.abs(step) < ops.exp(ops.min(self.log_stddev, axis=-1))  # not from a tail
            x = x + ops.where(near, step, ops.zeros_like(step))
        return x, -sum_of_components(self._values(x)[1])

    def get_config(self) -> dict:
        """The constructor's arguments."""
        config = super().get_config()
        return {**config, "components": self.components, "spread": self.spread}


@register
class Probit(Bijection):
    """The inverse of the standard normal distribution function: z = Φ⁻¹(x) of x in (0, 1).

        log ∂z/∂x = z² / 2 + ½ log 2π

    x is kept 10⁻⁷ away from 0 and 1; outside of them there is no z, and the logarithm is −∞.

    Args:
        **options: As in `Bijection`.

    Example:

    >>> round(float(Probit().forward([[0.975]])[0, 0]), 3)
    1.96
    """

    margin = 1e-7

    def transform(self, x, condition=None, training=False):
        """z and Σ log ∂z/∂x."""
        inner = ops.clip(x, self.margin, 1.0 - self.margin)
        z = math.sqrt(2.0) * ops.erfinv(2.0 * inner - 1.0)
        logs = 0.5 * z**2 + 0.5 * math.log(2.0 * math.pi)
        return z, sum_of_components(_within(logs, ops.logical_and(x >= 0.0, x <= 1.0)))

    def invert(self, z, condition=None, training=False):
        """x and Σ log ∂x/∂z."""
        return _normal_cdf(z), -sum_of_components(0.5 * z**2 + 0.5 * math.log(2.0 * math.pi))


@register
class Logit(Bijection):
    """Takes images from [low, high] to the whole line.

        u = α + (1 − 2 α) (x − low) / (high − low),   z = log u − log(1 − u)

    Where u would not lie in (0, 1) there is no z, and log |det| is −∞.

    Args:
        alpha: α in (0, ½), how far u stays away from 0 and 1. Defaults to 0.05.
        low: Least value of x. Defaults to −1, as of all images.
        high: Greatest value of x. Defaults to 1.
        **options: As in `Bijection`.

    Raises:
        ValueError: For an α out of range, or a high that is not above low.

    Example:

    >>> float(Logit().forward([[0.0]])[0, 0])
    0.0

    Reference: Dinh, Sohl-Dickstein and Bengio 2017, arXiv 1605.08803, section 4.1.
    """

    def __init__(self, alpha: float = 0.05, low: float = -1.0, high: float = 1.0, **options):
        super().__init__(**options)
        self.alpha = amount("alpha", alpha, above=0, below=0.5)
        self.low, self.high = amount("low", low), amount("high", high, above=low)
        self.slope = (1.0 - 2.0 * self.alpha) / (self.high - self.low)

    def transform(self, x, condition=None, training=False):
        """z and Σ log ∂z/∂x."""
        u = self.alpha + self.slope * (x - self.low)
        inside = ops.logical_and(u > 0.0, u < 1.0)
        u = ops.where(inside, u, ops.full_like(u, 0.5))
        z = ops.log(u) - ops.log1p(-u)
        logs = math.log(self.slope) - ops.log(u) - ops.log1p(-u)
        return z, sum_of_components(_within(logs, inside))

    def invert(self, z, condition=None, training=False):
        """x and Σ log ∂x/∂z."""
        u = ops.sigmoid(z)
        logs = -ops.softplus(z) - ops.softplus(-z) - math.log(self.slope)
        return (u - self.alpha) / self.slope + self.low, sum_of_components(logs)

    def get_config(self) -> dict:
        """The constructor's arguments."""
        config = super().get_config()
        return {**config, "alpha": self.alpha, "low": self.low, "high": self.high}


_INSIDE = {"float32": (1e-37, 1.0 - 2.0**-24), "float64": (1e-300, 1.0 - 2.0**-53)}  # (0, 1)


def _within(logs, inside):
    """The logarithms where a bijection is defined, −∞ elsewhere."""
    return ops.where(inside, logs, ops.full_like(logs, -math.inf))


def _normal_cdf(x):
    """Φ(x), exact in the lower tail, too."""
    return 0.5 * ops.erfc(x * (-1.0 / math.sqrt(2.0)))


def _constant(value: float):
    """An initializer of one number."""
    return lambda shape, dtype=None: ops.full(shape, value, dtype)
