"""Dropout whose masks belong to the global batch."""

import keras
from keras import ops

from keras_gan.draws import draw_globally
from keras_gan.replicas import replica_count


@keras.saving.register_keras_serializable(package="keras_gan")
class Dropout(keras.layers.Dropout):
    """Keras's dropout, with other masks on every replica of a distribution strategy.

        y = m ⊙ x / (1 − rate),   m ~ Bernoulli(1 − rate), in training only

    On one device it is `keras.layers.Dropout` to the bit. Of that one, all replicas of a
    `MirroredStrategy` draw the same mask for their slices of the batch; here the mask is drawn for
    the global batch and every replica takes its slice, so that any number of replicas takes the
    steps of one.

    Args:
        rate: The share of components that is dropped, in [0, 1].
        noise_shape: The mask's shape, `(None, …)`, with 1 along axes that share it; `None`, the
            default, is the inputs' shape.
        seed: Integer from which the masks follow; `None` takes one at random.
        **options: `name`, `dtype` of `keras.layers.Layer`.

    Raises:
        ValueError: For a rate outside [0, 1].

    Reference: Srivastava et al. 2014, Dropout: A Simple Way to Prevent Neural Networks from
    Overfitting, Journal of Machine Learning Research 15.

    Example:

    >>> y = Dropout(0.5, seed=0)(keras.ops.ones((2, 100)), training=True)
    >>> sorted(set(keras.ops.convert_to_numpy(y).flatten().tolist()))
    [0.0, 2.0]
    """

    def call(self, inputs, training: bool = False):
        """The inputs, `(batch, ...)`, thinned in training."""
        if not training or not self.rate or replica_count() == 1:
            return super().call(inputs, training=training)

        def mask(shape):
            ones = ops.ones(shape, inputs.dtype)
            return keras.random.dropout(ones, self.rate, self.noise_shape, self.seed_generator)

        return inputs * draw_globally(mask, ops.shape(inputs))
