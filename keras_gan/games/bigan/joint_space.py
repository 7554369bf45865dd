"""Pairs (x, z) as single tensors, and a discriminator of pairs as a function of these."""

import math
from collections.abc import Callable

import keras
from keras import layers, ops


class JointSpace:
    """The space of pairs of a sample x and a latent vector z, each pair one flat vector.

    A penalty is a function of one tensor of points. Over this space every penalty is one on pairs:
    a gradient norm is taken over all components of x and z together.

    Args:
        sample_shape: The shape of x, such as (height, width, channels).
        latent_dim: The number of components of z.

    Raises:
        ValueError: For a shape that is not known on every axis.

    Example:

    >>> space = JointSpace((2, 2, 1), latent_dim=3)
    >>> points = space.join(ops.ones((5, 2, 2, 1)), ops.zeros((5, 3)))
    >>> tuple(points.shape), [tuple(part.shape) for part in space.split(points)]
    ((5, 7), [(5, 2, 2, 1), (5, 3)])
    """

    def __init__(self, sample_shape: tuple[int, ...], latent_dim: int):
        if None in sample_shape:
            raise ValueError(
                f"Pairs of samples and latent vectors need samples of one size; received networks "
                f"of the shape {tuple(sample_shape)}: build them for one size."
            )
        self.sample_shape = tuple(sample_shape)
        self.size = math.prod(self.sample_shape)
        self.latent_dim = latent_dim

    def join(self, x, z):
        """Pairs as flat vectors.

        Args:
            x: Tensor `(batch, *sample_shape)`.
            z: Tensor `(batch, latent_dim)`.

        Returns:
            Tensor `(batch, components of x and z)`, of the dtype of x.
        """
        return ops.concatenate([ops.reshape(x, (-1, self.size)), ops.cast(z, x.dtype)], axis=1)

    def split(self, points) -> list:
        """The samples and the latent vectors of flat vectors.

        Args:
            points: What `join` returned.
        """
        x, z = points[:, : self.size], points[:, self.size :]
        return [ops.reshape(x, (-1, *self.sample_shape)), z]

    def on_samples(self, function: Callable) -> Callable:
        """A function of samples as one of flat vectors, which leaves latent vectors as they are.

        Args:
            function: From samples to samples of the same shape.
        """

        def on_points(points):
            x, z = self.split(points)
            return self.join(function(x), z)

        return on_points

    def over(self, discriminator: keras.Model) -> keras.Model:
        """A discriminator of pairs as a network of one input, with the same weights.

        Args:
            discriminator: A built `keras.Model` of [x, z].
        """
        points = keras.Input((self.size + self.latent_dim,), name="pair")
        x = layers.Reshape(self.sample_shape)(points[:, : self.size])
        return keras.Model(points, discriminator([x, points[:, self.size :]]))
