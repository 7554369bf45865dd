"""Bijections that make one row of a sample of any shape."""

import math

from keras_gan.bijections.bijection import Bijection


class InOneRow(Bijection):
    """A bijection whose z is one row, so that only the x it was built for says the shape of x."""

    def latent_shape(self, shape):
        """The number of components."""
        return (math.prod(shape),)

    def data_shape(self, shape):
        """The shape of x, once it is known.

        Raises:
            ValueError: Before.
        """
        if not self.built:
            raise ValueError(
                f"{type(self).__name__} does not know the shape of x before it has seen one: call "
                f"forward(x), or build((None, …)) with that shape, first."
            )
        return self.built_for
