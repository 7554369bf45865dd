"""The logistic distribution on equally spaced levels of [-1, 1], such as those of an image."""

from keras import ops

from keras_gan.arguments import whole
from keras_gan.distributions.distribution import (
    Distribution,
    as_parameter,
    common_dtype,
    common_shape,
    plain,
    register,
)
from keras_gan.parallel import random_numbers
from keras_gan.texts import in_short

MOST_LEVELS = 2**24


@register
class DiscretizedLogistic(Distribution):
    """The logistic distribution rounded to the nearest of L equally spaced levels of [-1, 1].

        P(x) = σ(a) − σ(b),   a = (x + 1/(L − 1) − m) / s,   b = (x − 1/(L − 1) − m) / s
        log P(x) = log σ(a) + log σ(−b) + log(1 − exp(b − a)),   σ(a) = 1 / (1 + exp −a)

    The bin of the level −1 reaches down to −∞, with P = σ(a), and that of 1 up to ∞, with
    P = σ(−b), so that the probabilities of the L levels add up to 1. The second line has no
    difference of nearly equal numbers; it is computed in units of bins, whose edges are exact, and
    in float32 where the parameters have less. An x between two levels counts as the nearer one.

    Args:
        mean: Mean m of the logistic distribution: a number, or a tensor that broadcasts against
            samples. Defaults to 0.
        scale: Scale s > 0, a number or such a tensor; the standard deviation is s π / √3. Defaults
            to 0.1.
        levels: Number L of levels, at least 2. Defaults to 256: images of 8 bits.

    Raises:
        ValueError: If s is a number that is not positive, or for fewer than two levels or more
            than float32 counts, 2²⁴.

    Example:

    >>> import numpy as np
    >>> logistic = DiscretizedLogistic(mean=0.3, scale=0.05)
    >>> p = ops.exp(logistic.log_prob(logistic.grid()[:, None]))
    >>> p.shape[0], round(float(ops.sum(p)), 5)
    (256, 1.0)

    Reference: Salimans et al. 2017, PixelCNN++, arXiv 1701.05517; Kingma et al. 2016, arXiv
    1606.04934.
    """

    def __init__(self, mean=0.0, scale=0.1, levels: int = 256):
        self.mean = as_parameter("mean", mean)
        self.scale = as_parameter("scale", scale, above=0)
        self.levels = whole("levels", levels, least=2)
        if self.levels > MOST_LEVELS:
            raise ValueError(
                f"levels must be at most {MOST_LEVELS:,}, up to which float32 counts; received "
                f"{in_short(levels)}."
            )

    def parameter_shape(self) -> tuple:
        """The shape to which mean and scale broadcast."""
        return common_shape(self.mean, self.scale)

    def grid(self):
        """The levels −1, …, 1, float32 `(levels,)`."""
        return self._value(ops.arange(self.levels, dtype="float32"))

    def sample(self, shape, seed):
        """The level nearest to m + s log(u / (1 − u)), with u uniform on [0, 1)."""
        u = random_numbers.uniform(shape, seed)
        mean, scale = self._in_bins()
        number = ops.round(mean + scale * (ops.log(u) - ops.log1p(-u)))
        return self._value(ops.clip(number, 0, self.levels - 1))

    def component_log_prob(self, x):
        """Returns log P of the level nearest to x."""
        x = ops.cast(x, self._dtype(x))
        number = ops.round(self._number(x))
        return self._log_prob_of_level(ops.clip(number, 0, self.levels - 1))

    def log_probabilities(self):
        """Returns the log probabilities of all levels, `(..., levels)`, float32 at least."""
        numbers = ops.arange(self.levels, dtype=self._dtype())
        shape = (*(1 for _ in self.parameter_shape()), self.levels)
        mean, scale = (
            p if isinstance(p, (int, float)) else ops.expand_dims(p, -1)
            for p in (self.mean, self.scale)
        )
        apart = DiscretizedLogistic(mean, scale, self.levels)
        return apart._log_prob_of_level(ops.reshape(numbers, shape))

    def _log_prob_of_level(self, number):
        """Returns log P of levels that are counted from 0, a floating tensor."""
        mean, scale = self._in_bins(number.dtype)
        below_upper = ops.log_sigmoid((number + 0.5 - mean) / scale)
        above_lower = ops.log_sigmoid((mean - number + 0.5) / scale)
        between = below_upper + above_lower + ops.log(-ops.expm1(-1.0 / scale))
        inner = ops.where(number < self.levels - 1, between, above_lower)
        return ops.where(number > 0, inner, below_upper)

    def level_mean(self):
        """The mean E(x) of the levels, of the parameters' shape.

            E(x) = −1 + 2/(L − 1) Σⱼ P(x > level j),   j = 0, …, L − 2

        It lies in [-1, 1], and so not beyond the levels, as m may.
        """
        mean, scale = self._in_bins()

        def add(j, total):
            return total + ops.sigmoid((mean - (ops.cast(j, mean.dtype) + 0.5)) / scale)

        zeros = ops.zeros_like(mean + scale)
        return self._value(ops.fori_loop(0, self.levels - 1, add, zeros))

    def _number(self, x):
        """Which level a value is, counted from 0; a fraction between two."""
        return (x + 1.0) * (0.5 * (self.levels - 1))

    def _value(self, number):
        """The value of a level that is counted from 0."""
        return number / (0.5 * (self.levels - 1)) - 1.0

    def _in_bins(self, dtype=None) -> tuple:
        """Mean and scale in units of bins, counted from the lowest level; float32 at least."""
        mean, scale = (ops.cast(p, dtype or self._dtype()) for p in (self.mean, self.scale))
        return self._number(mean), scale * (0.5 * (self.levels - 1))

    def _dtype(self, *others) -> str:
        """The widest of the precisions of the parameters and other tensors, float32 at least."""
        return common_dtype(self.mean, self.scale, *others)

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {"mean": plain(self.mean), "scale": plain(self.scale), "levels": self.levels}
