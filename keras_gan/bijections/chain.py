"""Bijections one after the other."""

from collections.abc import Sequence

import keras

from keras_gan.bijections.bijection import Bijection, check_bijection, register


@register
class Chain(Bijection):
    """The composition f = f_k ∘ … ∘ f₁, of which data go through f₁ first.

        log |det ∂f/∂x| = Σᵢ log |det ∂fᵢ/∂xᵢ₋₁|,   x₀ = x,  xᵢ = fᵢ(xᵢ₋₁)

    Args:
        bijections: f₁, …, f_k, in the order in which data go through them.
        **options: As in `Bijection`.

    Raises:
        ValueError: For an empty list, or one that holds anything else.

    Example:

    >>> import keras_gan as kg
    >>> chain = kg.bijections.Chain([kg.bijections.Squeeze(), kg.bijections.Flatten()])
    >>> tuple(chain.forward(keras.ops.ones((2, 4, 4, 1))).shape)
    (2, 16)
    """

    def __init__(self, bijections: Sequence[Bijection], **options):
        super().__init__(**options)
        bijections = list(bijections)
        if not bijections:
            raise ValueError("A Chain needs at least one bijection; received an empty list.")
        for each in bijections:
            check_bijection(each)
        self.bijections = bijections

    def build(self, input_shape):
        """Builds each for what the one before it makes."""
        shape = tuple(input_shape[1:])
        for each in self.bijections:
            each._build_for(shape)
            shape = each.latent_shape(shape)

    def latent_shape(self, shape):
        """The shape that the last one makes."""
        for each in self.bijections:
            shape = each.latent_shape(shape)
        return shape

    def data_shape(self, shape):
        """The shape that the first one takes."""
        for each in reversed(self.bijections):
            shape = each.data_shape(shape)
        return shape

    def transform(self, x, condition=None, training=False):
        """Goes through all, and sums their log-determinants."""
        total = 0.0
        for each in self.bijections:
            x, log_det = each.transform(x, condition, training=training)
            total = total + log_det
        return x, total

    def invert(self, z, condition=None, training=False):
        """Goes back through all, from the last one."""
        total = 0.0
        for each in reversed(self.bijections):
            z, log_det = each.invert(z, condition, training=training)
            total = total + log_det
        return z, total

    def _later_states(self, x, condition, inverse, frames):
        """Those of each, from the last one where the way is back."""
        states = [x]
        for each in reversed(self.bijections) if inverse else self.bijections:
            states += each._later_states(states[-1], condition, inverse, frames)
        return states[1:]

    def needs_start(self):
        """Whether one of them does."""
        return any(each.needs_start() for each in self.bijections)

    def start(self, x, condition=None):
        """Starts each at what the one before it makes of the data."""
        for each in self.bijections:
            x = each.start(x, condition)
        return x

    def get_config(self) -> dict:
        """The bijections, serialized."""
        serialize = keras.saving.serialize_keras_object
        return {**super().get_config(), "bijections": [serialize(b) for b in self.bijections]}

    @classmethod
    def from_config(cls, config):
        """The chain of a config."""
        deserialize = keras.saving.deserialize_keras_object
        return cls(**{**config, "bijections": [deserialize(b) for b in config["bijections"]]})
