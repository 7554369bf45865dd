"""The inverse of a bijection, which is one, too."""

import keras

from keras_gan.bijections.bijection import Bijection, check_bijection, register


@register
class Inverse(Bijection):
    """Another bijection the other way round: z = g⁻¹(x), x = g(z).

    A g that would begin at statistics of data, such as an `ActNorm`, begins where it is: the data
    do not go through it forwards.

    Args:
        bijection: g, with its weights.
        **options: As in `Bijection`.

    Raises:
        ValueError: For anything that is not a bijection.

    Example:

    >>> import keras_gan as kg
    >>> round(float(Inverse(kg.bijections.Probit()).forward([[1.96]])[0, 0]), 3)
    0.975
    """

    def __init__(self, bijection: Bijection, **options):
        super().__init__(**options)
        check_bijection(bijection)
        self.bijection = bijection

    def build(self, input_shape):
        """Builds g."""
        self.bijection._build_for(self.bijection.data_shape(tuple(input_shape[1:])))

    def latent_shape(self, shape):
        """The shape of x for g."""
        return self.bijection.data_shape(shape)

    def data_shape(self, shape):
        """The shape of z for g."""
        return self.bijection.latent_shape(shape)

    def transform(self, x, condition=None, training=False):
        """g⁻¹ and its log-determinant."""
        return self.bijection.invert(x, condition, training=training)

    def invert(self, z, condition=None, training=False):
        """g and its log-determinant."""
        return self.bijection.transform(z, condition, training=training)

    def _later_states(self, x, condition, inverse, frames):
        """Those of g, the other way."""
        return self.bijection._later_states(x, condition, not inverse, frames)

    def get_config(self) -> dict:
        """The bijection, serialized."""
        config = super().get_config()
        return {**config, "bijection": keras.saving.serialize_keras_object(self.bijection)}

    @classmethod
    def from_config(cls, config):
        """The inverse of a config."""
        bijection = keras.saving.deserialize_keras_object(config["bijection"])
        return cls(**{**config, "bijection": bijection})
