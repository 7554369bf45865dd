"""Dropout whose masks belong to the global batch."""

from functools import partial

import keras
from keras import ops

from keras_gan.parallel.random_numbers import draw_globally, uniform


@keras.saving.register_keras_serializable(package="keras_gan")
class Dropout(keras.layers.Dropout):
    """Keras's dropout, with another mask for every replica and the same masks under `jit_compile`.

        y = m ⊙ x / (1 − rate),   m ~ Bernoulli(1 − rate), in training only

    With `keras.layers.Dropout`, all replicas of a `MirroredStrategy` draw the same mask for their
    slices of the batch, and `jit_compile=True` changes the masks. This layer draws the mask of the
    global batch and gives every replica its slice, so that any number of replicas takes the same
    steps as one, compiled by XLA or not.

    Args:
        rate: The fraction of components to drop, in [0, 1].
        noise_shape: The mask's shape, `(None, …)`, with 1 along the axes that have one mask for all
            places. Defaults to `None`, the inputs' shape.
        seed: Integer that decides the masks. Defaults to `None`, a random one.
        **options: `name`, `dtype` of `keras.layers.Layer`.

    Raises:
        ValueError: For a rate outside [0, 1].

    Example:

    >>> y = Dropout(0.5, seed=0)(keras.ops.ones((2, 100)), training=True)
    >>> sorted(set(keras.ops.convert_to_numpy(y).flatten().tolist()))
    [0.0, 2.0]

    Reference:
        Srivastava et al. 2014, Dropout: A Simple Way to Prevent Neural Networks from Overfitting,
        Journal of Machine Learning Research 15.
    """

    def call(self, inputs, training: bool = False):
        """Returns the inputs, `(batch, ...)`, in training with dropped components."""
        if not training or not self.rate:
            return inputs
        if self.rate == 1:
            return ops.zeros_like(inputs)
        shape = tuple(ops.shape(inputs))
        if self.noise_shape is not None:
            shape = tuple(own or size for own, size in zip(self.noise_shape, shape, strict=True))
        one_for_all = self.noise_shape is not None and self.noise_shape[0] == 1
        draw = uniform if one_for_all else partial(draw_globally, uniform)
        keep = draw(shape, seed=self.seed_generator) >= self.rate
        return inputs * ops.cast(keep, inputs.dtype) / (1.0 - self.rate)
