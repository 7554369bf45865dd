"""Layer, instance and group normalization whose second derivatives are right.

TensorFlow's moments treat the mean inside the variance as a constant. First derivatives are still
right, but second derivatives, and with them the gradient of every gradient penalty, are wrong. The
layers here take plain means of centred squares.
"""

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

from keras_gan.backend.precision import widest


@keras.saving.register_keras_serializable(package="keras_gan")
class LayerNormalization(layers.LayerNormalization):
    """Normalize each sample over some of its axes, right to second order.

    With the mean μ and the mean centred square σ² of a sample over `axis`,

        y = γ (x − μ) / √(σ² + ε) + β.

    It replaces `keras.layers.LayerNormalization`: the same arguments, weights, values and first
    derivatives. Statistics are computed in float32 at least.

    Args:
        axis: Integer or list of integers, the axes of the mean and of γ and β. Defaults to -1.
            WGAN-GP's critics use all axes but the batch axis, `[1, 2, 3]` for images.
        epsilon: ε. Defaults to 1e-3.
        center: Whether there is a β. Defaults to True.
        scale: Whether there is a γ. Defaults to True.
        **options: Initializers, regularizers and constraints of β and γ, `name`, `dtype`, as in
            `keras.layers.LayerNormalization`.

    Example:

    >>> y = LayerNormalization(epsilon=0.0)(keras.ops.convert_to_tensor([[1.0, 3.0]]))
    >>> keras.ops.convert_to_numpy(y).tolist()
    [[-1.0, 1.0]]

    Reference:
        Ba, Kiros and Hinton, Layer Normalization, 2016, arXiv 1607.06450.
    """

    def call(self, inputs: Any) -> Any:
        """Normalizes a tensor of any shape."""
        rank = len(inputs.shape)
        axes = sorted(axis % rank for axis in self.axis)
        x = _in_float32_at_least(inputs)
        centred, variance = _centred_and_variance(x, axes)
        scaled = (x if self.rms_scaling else centred) * ops.rsqrt(variance + self.epsilon)
        outputs = _scale_and_shift(scaled, self.gamma, self.beta, axes)
        return ops.cast(outputs, self.compute_dtype)


@keras.saving.register_keras_serializable(package="keras_gan")
class GroupNormalization(layers.GroupNormalization):
    """Normalize each group of channels of each sample, right to second order.

    With the mean μ and the mean centred square σ² of a channel's group,

        y = γ (x − μ) / √(σ² + ε) + β,   γ and β one per channel.

    It replaces `keras.layers.GroupNormalization`: the same arguments, weights, values and first
    derivatives. Statistics are computed in float32 at least.

    Args:
        groups: Number of groups, a divisor of the number of channels; -1 for one group per channel,
            which is instance normalization. Defaults to 32.
        axis: Integer, the axis of the channels. Defaults to -1.
        epsilon: ε. Defaults to 1e-3.
        center: Whether there is a β. Defaults to True.
        scale: Whether there is a γ. Defaults to True.
        **options: Initializers, regularizers and constraints of β and γ, `name`, `dtype`, as in
            `keras.layers.GroupNormalization`.

    Example:

    >>> x = keras.ops.convert_to_tensor([[1.0, 3.0, 10.0, 30.0]])
    >>> y = GroupNormalization(groups=2, epsilon=0.0)(x)
    >>> keras.ops.convert_to_numpy(y).tolist()
    [[-1.0, 1.0, -1.0, 1.0]]

    Reference:
        Wu and He, Group Normalization, 2018, arXiv 1803.08494.
    """

    def call(self, inputs: Any) -> Any:
        """Normalizes a tensor `(batch, ...)` with the channels on `axis`."""
        rank = len(inputs.shape)
        channels = self.axis % rank
        x = _in_float32_at_least(inputs)
        shape = (-1, *ops.shape(x)[1:])
        members = inputs.shape[channels] // self.groups
        grouped = ops.reshape(x, (*shape[:channels], self.groups, members, *shape[channels + 1 :]))
        axes = [axis for axis in range(1, rank + 1) if axis != channels]
        centred, variance = _centred_and_variance(grouped, axes)
        scaled = ops.reshape(centred * ops.rsqrt(variance + self.epsilon), shape)
        outputs = _scale_and_shift(scaled, self.gamma, self.beta, [channels])
        return ops.cast(outputs, self.compute_dtype)


@keras.saving.register_keras_serializable(package="keras_gan")
class InstanceNormalization(GroupNormalization):
    """Normalize each channel of each sample over its positions, right to second order.

    With the mean μ and the mean centred square σ² of one channel of one sample,

        y = γ (x − μ) / √(σ² + ε) + β,   γ and β one per channel.

    The same values, weights and derivatives as `GroupNormalization(groups=-1)`.

    Args:
        axis: Integer, the axis of the channels. Defaults to -1.
        epsilon: ε. Defaults to 1e-3.
        center: Whether there is a β. Defaults to True.
        scale: Whether there is a γ. Defaults to True.
        **options: Initializers, regularizers and constraints of β and γ, `name`, `dtype`, as in
            `keras.layers.GroupNormalization`.

    Example:

    >>> x = keras.ops.convert_to_tensor([[[1.0, 10.0], [3.0, 30.0]]])
    >>> y = InstanceNormalization(epsilon=0.0)(x)
    >>> keras.ops.convert_to_numpy(y).tolist()
    [[[-1.0, -1.0], [1.0, 1.0]]]

    Reference:
        Ulyanov, Vedaldi and Lempitsky, Instance Normalization: The Missing Ingredient for Fast
        Stylization, 2016, arXiv 1607.08022.
    """

    def __init__(
        self,
        axis: int = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        **options: Any,
    ):
        super().__init__(
            groups=-1, axis=axis, epsilon=epsilon, center=center, scale=scale, **options
        )

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments."""
        config = super().get_config()
        del config["groups"]
        return config


def _in_float32_at_least(x: Any) -> Any:
    """Casts half precision to float32, whose range the squares of large values need."""
    return ops.cast(x, widest(x.dtype))


def _centred_and_variance(x: Any, axes: Sequence[int]) -> tuple[Any, Any]:
    """Returns x − μ and the mean of its squares over the axes, which are kept."""
    centred = x - ops.mean(x, axis=axes, keepdims=True)
    return centred, ops.mean(ops.square(centred), axis=axes, keepdims=True)


def _scale_and_shift(x: Any, gamma: Any, beta: Any, axes: Sequence[int]) -> Any:
    """Returns γ x + β, with γ and β (where there are any) laid along the axes."""
    shape = [x.shape[axis] if axis in axes else 1 for axis in range(len(x.shape))]
    if gamma is not None:
        x = x * ops.reshape(ops.cast(gamma, x.dtype), shape)
    if beta is not None:
        x = x + ops.reshape(ops.cast(beta, x.dtype), shape)
    return x
