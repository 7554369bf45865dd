"""The noise that makes levels continuous, as a bijection of uniform noise."""

import keras
from keras import ops

from keras_gan.bijections.bijection import Bijection, check_bijection, register, sum_of_components

MARGIN = 1e-6  # how far noise stays away from 0 and 1 before its logit


@register
class Dequantize(Bijection):
    """The noise u of images x of 256 levels: from uniform noise v on [0, 1), given x.

        y = 2 (k + u) / 256 − 1,   k = 255 (x + 1) / 2, the level

        uniform:      u = v
        variational:  u = σ(g(logit v; x)),   log q(u|x) = −log |det ∂u/∂v|

        log P(x) ≥ E_v[log p(y) − log q(u|x)] + d log(2/256),   d components

    A density p(y) that is smooth across the edges of levels fits noise of its own better than noise
    that fills every level evenly: with g, which is trained with the flow, the bound is tighter.
    Couplings start as the identity, hence at the uniform noise.

    Args:
        bijection: g, of samples of the shape of x, whose condition is x: couplings with
            `condition_dim=(height, width, channels)`. `None`, the default, for uniform noise.
        **options: As in `Bijection`.

    As a bijection it takes v to u, and its condition is x. v is kept 10⁻⁶ away from 0 and 1, by a
    linear map whose log-determinant is counted.

    Raises:
        ValueError: For a g that is not a bijection.

    Example:

    >>> import keras_gan as kg
    >>> g = kg.bijections.AffineCoupling("checkerboard", width=8, condition_dim=(4, 4, 1))
    >>> noise = kg.bijections.Dequantize(g)
    >>> v = ops.full((2, 4, 4, 1), 0.25)
    >>> u = noise.forward(v, condition=-ops.ones((2, 4, 4, 1)))
    >>> round(float(u[0, 0, 0, 0]), 4)
    0.25

    Reference: Theis, van den Oord and Bethge 2016, A Note on the Evaluation of Generative Models,
    arXiv 1511.01844; Ho et al. 2019, Flow++: Improving Flow-Based Generative Models with
    Variational Dequantization and Architecture Design, arXiv 1902.00275.
    """

    def __init__(self, bijection: Bijection | None = None, **options):
        super().__init__(**options)
        if bijection is not None:
            check_bijection(bijection)
        self.bijection = bijection

    def build(self, input_shape):
        """Builds g for noise of the shape of x.

        Raises:
            ValueError: For a g that changes the shape.
        """
        if self.bijection is None:
            return
        shape = tuple(input_shape[1:])
        self.bijection._build_for(shape)
        made = tuple(self.bijection.latent_shape(shape))
        if made != shape:
            raise ValueError(
                f"Noise has the shape of the samples, {shape}; the bijection of Dequantize makes "
                f"{made} of it."
            )

    def transform(self, x, condition=None, training=False):
        """u, and −log q(u|x)."""
        if self.bijection is None:
            return x, 0.0
        within = MARGIN + (1.0 - 2.0 * MARGIN) * x
        a = ops.log(within) - ops.log1p(-within)
        inner = ops.log(1.0 - 2.0 * MARGIN + ops.zeros_like(x)) - _log_slope(a)
        z, log_det = self.bijection.transform(a, condition, training=training)
        return ops.sigmoid(z), sum_of_components(inner + _log_slope(z)) + log_det

    def invert(self, z, condition=None, training=False):
        """v, and log q(u|x)."""
        if self.bijection is None:
            return z, 0.0
        z = ops.clip(z, MARGIN / 10.0, 1.0 - MARGIN / 10.0)
        a = ops.log(z) - ops.log1p(-z)
        back, log_det = self.bijection.invert(a, condition, training=training)
        logs = _log_slope(back) - _log_slope(a)
        logs = logs - ops.log(1.0 - 2.0 * MARGIN + ops.zeros_like(z))
        within = ops.sigmoid(back)
        return (within - MARGIN) / (1.0 - 2.0 * MARGIN), sum_of_components(logs) + log_det

    def get_config(self) -> dict:
        """The constructor's arguments."""
        made = keras.saving.serialize_keras_object(self.bijection)
        return {**super().get_config(), "bijection": made}

    @classmethod
    def from_config(cls, config):
        """The noise of a config."""
        made = keras.saving.deserialize_keras_object(config["bijection"])
        return cls(**{**config, "bijection": made})


def _log_slope(a):
    """log σ'(a)."""
    return -ops.softplus(a) - ops.softplus(-a)
