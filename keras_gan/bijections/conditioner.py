"""The network of a coupling: from one part of a sample to what is done to the other."""

import keras
from keras import layers, ops

from keras_gan.arguments import whole
from keras_gan.layers import Conv1D, Conv2D, Conv3D

KINDS = {2: layers.Dense, 3: Conv1D, 4: Conv2D, 5: Conv3D}  # by rank of inputs


@keras.saving.register_keras_serializable(package="keras_gan.bijections")
class Conditioner(layers.Layer):
    """A network whose output is 0 at the start, so that a coupling begins as the identity.

    For points it is fully connected, with `depth` hidden layers. For images, series and volumes it
    is convolutional: kernels of 3 at both ends, of 1 in between, as in Glow. A condition
    is added to what the first layer makes, by weights of its own: those of a convolution, where it
    lies over an image, a series or a volume.

    Args:
        outputs: Channels of the output.
        width: Units or channels of the hidden layers.
        depth: Number of hidden layers; 0 for one affine layer.
        activation: A Keras activation.
        **options: `name`, `dtype` of `keras.layers.Layer`; a mixed precision is used.
    """

    def __init__(self, outputs: int, width: int, depth: int, activation="relu", **options):
        super().__init__(**options)
        self.outputs = outputs
        self.width, self.depth = whole("width", width), whole("depth", depth, least=0)
        self.activation = keras.activations.get(activation)

    def build(self, x_shape, condition_shape=None):
        """Makes the layers."""
        rank = len(x_shape)
        kind = KINDS[rank]

        def layer(units, size, **options):
            if rank > 2:
                options |= {"kernel_size": size, "padding": "same", "data_format": "channels_last"}
            return kind(units, dtype=self.dtype_policy, **options)

        sizes = ([3] + [1] * (self.depth - 1))[: self.depth]
        last = layer(self.outputs, 3, kernel_initializer="zeros")
        self.stack = [*(layer(self.width, size) for size in sizes), last]
        shape = tuple(x_shape)
        for each in self.stack:
            each.build(shape)
            shape = (*shape[:-1], self.width)
        self.beside = None
        if condition_shape is not None:
            zero = {"kernel_initializer": "zeros"} if self.depth == 0 else {}
            units = self.stack[0].bias.shape[0]
            if rank > 2 and len(condition_shape) == rank:
                self.beside = layer(units, 3, use_bias=False, **zero)
            else:
                self.beside = layers.Dense(units, use_bias=False, dtype=self.dtype_policy, **zero)
            self.beside.build(tuple(condition_shape))

    def call(self, x, condition=None, training=False):
        """The output, `(batch, ..., outputs)`."""
        h = self.stack[0](x)
        if self.beside is not None:
            added = self.beside(condition)
            if len(added.shape) < len(h.shape):
                added = ops.reshape(added, (-1, *(1 for _ in h.shape[1:-1]), added.shape[-1]))
            h = h + added
        for each in self.stack[1:]:
            h = each(self.activation(h))
        return h

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {
            **super().get_config(),
            "outputs": self.outputs,
            "width": self.width,
            "depth": self.depth,
            "activation": keras.activations.serialize(self.activation),
        }
