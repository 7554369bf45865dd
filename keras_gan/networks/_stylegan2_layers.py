"""The layers of StyleGAN2 that only its networks use."""

import keras
from keras import layers, ops

from keras_gan.arguments import amount, whole
from keras_gan.backend.precision import at_least_float32

EPSILON = 1e-8


@keras.saving.register_keras_serializable(package="keras_gan")
class UnitSecondMoment(layers.Layer):
    """Vectors over the root of their mean square: y = x / √(mean x² + 10⁻⁸).

    Computed in float32 at least: in float16 10⁻⁸ is 0, and a vector of zeros would become NaN.

    Args:
        **options: As in any Keras layer.
    """

    def call(self, inputs):
        """y, `(batch, d)`."""
        x = at_least_float32(inputs)
        y = x * ops.rsqrt(ops.mean(ops.square(x), axis=-1, keepdims=True) + EPSILON)
        return ops.cast(y, inputs.dtype)

    def compute_output_shape(self, input_shape):
        """The shape of the inputs."""
        return input_shape


@keras.saving.register_keras_serializable(package="keras_gan")
class LearnedConstant(layers.Layer):
    """The same learned grid for each sample, which starts from N(0, 1).

    Args:
        shape: Of the grid, (height, width, channels).
        **options: As in any Keras layer.
    """

    def __init__(self, shape, **options):
        super().__init__(**options)
        self.shape = tuple(shape)

    def build(self, input_shape):
        """Makes the grid."""
        start = keras.initializers.RandomNormal(stddev=1.0)
        self.grid = self.add_weight(shape=self.shape, initializer=start, name="grid")
        self.built = True

    def call(self, inputs):
        """The grid, `(batch, height, width, channels)`."""
        grid = ops.convert_to_tensor(self.grid)
        return ops.broadcast_to(grid[None], (ops.shape(inputs)[0], *self.shape))

    def compute_output_shape(self, input_shape):
        """The shape of the grids."""
        return (input_shape[0], *self.shape)

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "shape": list(self.shape)}


@keras.saving.register_keras_serializable(package="keras_gan")
class RunningMean(layers.Layer):
    """Hands vectors on, and keeps their running mean w̄ ← β w̄ + (1 − β) mean w in training.

    A sample is truncated by w̄ + ψ (w − w̄), ψ < 1, in place of w.

    Args:
        momentum: β. Defaults to 0.995, as in the authors' code.
        **options: As in any Keras layer.
    """

    def __init__(self, momentum: float = 0.995, **options):
        super().__init__(**options)
        self.momentum = amount("momentum", momentum, least=0, below=1)

    def build(self, input_shape):
        """Makes w̄."""
        self.mean = self.add_weight(
            shape=(input_shape[-1],), initializer="zeros", trainable=False, name="mean"
        )
        self.built = True

    def call(self, inputs, training: bool = False):
        """The inputs, `(batch, d)`."""
        if training:
            now = ops.mean(ops.cast(ops.stop_gradient(inputs), self.mean.dtype), axis=0)
            mean = ops.convert_to_tensor(self.mean.value)
            self.mean.assign(mean + (1.0 - self.momentum) * (now - mean))
        return inputs

    def compute_output_shape(self, input_shape):
        """The shape of the inputs."""
        return input_shape

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "momentum": self.momentum}


@keras.saving.register_keras_serializable(package="keras_gan")
class GroupDeviation(layers.Layer):
    """Adds a channel: the standard deviation among samples of a group, averaged over the rest.

    n samples are ⌊n / size⌋ groups or, of fewer than `size`, one; sample i is in group i modulo
    their number. They are those of one replica, as in the authors' code: a
    `kg.layers.MinibatchStdDev` sees all replicas' samples, for which a lazy penalty cannot wait.
    Computed in float32 at least: in float16 nothing would be added to the variance under the root.

    Args:
        size: Samples of a group.
        **options: As in any Keras layer.
    """

    couples_samples = True  # an output depends on other samples, so that no sampler can ask for it

    def __init__(self, size: int = 4, **options):
        super().__init__(**options)
        self.size = whole("size", size)

    def call(self, inputs):
        """The inputs with one channel more, `(batch, height, width, channels + 1)`."""
        batch, *sizes, _ = ops.shape(inputs)
        groups = batch // self.size
        groups = max(groups, 1) if isinstance(batch, int) else ops.maximum(groups, 1)
        samples, x = ops.arange(batch), at_least_float32(inputs)
        member = ops.cast(samples[:, None] % groups == ops.arange(groups)[None], x.dtype)
        share = member / ops.sum(member, axis=0)
        rows = ops.reshape(x, (batch, -1))
        centred = rows - ops.matmul(member, ops.matmul(ops.transpose(share), rows))
        variance = ops.matmul(ops.transpose(share), ops.square(centred))
        deviation = ops.mean(ops.sqrt(variance + EPSILON), axis=1, keepdims=True)
        own = ops.cast(ops.matmul(member, deviation), inputs.dtype)
        own = ops.reshape(own, (batch, 1, 1, 1))
        return ops.concatenate([inputs, ops.broadcast_to(own, (batch, *sizes, 1))], axis=-1)

    def compute_output_shape(self, input_shape):
        """One channel more."""
        return (*input_shape[:-1], input_shape[-1] + 1)

    def get_config(self) -> dict:
        """The constructor's arguments."""
        return {**super().get_config(), "size": self.size}
