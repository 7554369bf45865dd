"""The multi-scale architecture: half of the channels is done, the other half goes on."""

import math

import keras
from keras import ops

from keras_gan.bijections.bijection import (
    Bijection,
    check_bijection,
    register,
    sum_of_components,
)
from keras_gan.bijections.conditioner import Conditioner
from keras_gan.bijections.in_one_row import InOneRow


@register
class Split(InOneRow):
    """Sends half of the channels through a further bijection; the other half is done.

        x = (x_A, x_B),   z = (rest(x_A), (x_B − m(x_A)) ⊙ exp(−s(x_A))),   written in one row

    With a standard normal base that says x_B | x_A ~ N(m, e^{2s}), Glow's learned prior of the part
    that is split off. With `learned=False` it is x_B itself, as in Real NVP.

    Args:
        rest: The bijection of x_A, the first half of the channels, an odd one included.
        learned: Whether x_B is normalized by m and s, a 3×3 convolution of x_A. Defaults to `True`.
        **options: As in `Bijection`.

    Raises:
        ValueError: For a rest that is not a bijection, or samples of fewer than two channels.

    Example:

    >>> import keras_gan as kg
    >>> split = Split(kg.bijections.ActNorm())
    >>> tuple(split.forward(ops.ones((2, 4, 4, 6))).shape)
    (2, 96)

    Reference: Dinh, Sohl-Dickstein and Bengio 2017, arXiv 1605.08803, section 3.6; Kingma and
    Dhariwal 2018, Glow, arXiv 1807.03039.
    """

    def __init__(self, rest: Bijection, learned: bool = True, **options):
        super().__init__(**options)
        check_bijection(rest)
        self.rest, self.learned = rest, bool(learned)

    def build(self, input_shape):
        """Builds the rest, and the network of m and s."""
        *sides, channels = input_shape[1:]
        if channels < 2:
            raise ValueError(
                f"Split needs at least 2 channels; received samples of shape "
                f"{tuple(input_shape[1:])}. Put kg.bijections.Squeeze() before it."
            )
        self.cut = channels - channels // 2
        self.shapes = (*sides, self.cut), (*sides, channels - self.cut)
        self.rest._build_for(self.shapes[0])
        self.network = None
        if self.learned:
            self.network = Conditioner(2 * self.shapes[1][-1], width=1, depth=0, dtype=self.dtype)
            self.network.build((None, *self.shapes[0]))

    def moments(self, a) -> tuple:
        """m and s of x_B, by x_A."""
        made = self.network(a)
        mean, log_scale = ops.split(made, 2, axis=-1)
        return mean, log_scale

    def transform(self, x, condition=None, training=False):
        """z, and the rest's log-determinant less Σ s."""
        a, b = x[..., : self.cut], x[..., self.cut :]
        log_det = 0.0
        if self.network is not None:
            mean, log_scale = self.moments(a)
            b, log_det = (b - mean) * ops.exp(-log_scale), -sum_of_components(log_scale)
        z, of_rest = self.rest.transform(a, condition, training=training)
        z, b = (ops.reshape(part, (-1, math.prod(tuple(part.shape)[1:]))) for part in (z, b))
        return ops.concatenate((z, b), axis=-1), of_rest + log_det

    def invert(self, z, condition=None, training=False):
        """x, and its log-determinant."""
        done = math.prod(self.shapes[1])
        first, b = z[:, :-done], ops.reshape(z[:, -done:], (-1, *self.shapes[1]))
        shape = self.rest.latent_shape(self.shapes[0])
        a, log_det = self.rest.invert(
            ops.reshape(first, (-1, *shape)), condition, training=training
        )
        if self.network is not None:
            mean, log_scale = self.moments(a)
            b, log_det = b * ops.exp(log_scale) + mean, log_det + sum_of_components(log_scale)
        return ops.concatenate((a, b), axis=-1), log_det

    def needs_start(self):
        """Whether the rest does."""
        return self.rest.needs_start()

    def start(self, x, condition=None):
        """Starts the rest."""
        x = self._tensor(x)
        self._build_for(tuple(x.shape)[1:])
        self.rest.start(x[..., : self.cut], condition)
        return self.forward(x, condition)

    def get_config(self) -> dict:
        """The constructor's arguments."""
        rest = keras.saving.serialize_keras_object(self.rest)
        return {**super().get_config(), "rest": rest, "learned": self.learned}

    @classmethod
    def from_config(cls, config):
        """The one of a config."""
        rest = keras.saving.deserialize_keras_object(config["rest"])
        return cls(**{**config, "rest": rest})
