"""Distributions of a standard variable that is scaled and shifted."""

import math

from keras import ops

from keras_gan.distributions.distribution import (
    Distribution,
    as_parameter,
    common_shape,
    plain,
    together,
)


class LocationScale(Distribution):
    """The distribution of m + s u, of independent components with a standard variable u.

    A subclass defines `standard`, which draws u, and `component_log_prob`.

    Args:
        mean: m: a number, or a list, array or tensor that broadcasts against samples.
        scale: s > 0, likewise.

    Raises:
        ValueError: For a number or an array that is not finite, or a scale that is not positive.
    """

    def __init__(self, mean=0.0, scale=1.0):
        self.mean = as_parameter("mean", mean)
        self.scale = as_parameter("scale", scale, above=0)

    def parameter_shape(self) -> tuple:
        """The shape to which mean and scale broadcast."""
        return common_shape(self.mean, self.scale)

    def standard(self, shape, seed):
        """Draws u."""
        raise NotImplementedError

    def sample(self, shape, seed):
        """Draws m + s u."""
        u = self.standard(shape, seed)
        is_standard = isinstance(self.mean, float) and (self.mean, self.scale) == (0.0, 1.0)
        return u if is_standard else self.at(u)

    def at(self, u):
        """Returns m + s u."""
        mean, scale, u = together(self.mean, self.scale, u)
        return mean + scale * u

    def standardized(self, x) -> tuple:
        """Returns u = (x − m) / s, and log s."""
        x, mean, scale = together(x, self.mean, self.scale)
        log_scale = math.log(scale) if isinstance(scale, float) else ops.log(scale)
        return (x - mean) / scale, log_scale

    def get_config(self) -> dict:
        """Returns the constructor's arguments."""
        return {"mean": plain(self.mean), "scale": plain(self.scale)}
