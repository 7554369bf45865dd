"""Keras's convolutions, in the forms that processors compute fast."""

import keras
from keras import layers, ops

from keras_gan.backend import convolution, grouped_convolution, patches
from keras_gan.backend.convolution import Window


class _Convolution:
    """The part of a convolution, of any rank, that differs from Keras's."""

    def convolution_op(self, inputs, kernel):
        """The convolution itself, without bias and activation."""
        if self.padding not in ("valid", "same") or not _is_plain(self, inputs):
            return super().convolution_op(inputs, kernel)
        given = self.kernel_size, self.strides, self.padding, self.dilation_rate
        if self.groups == 1:
            return convolved(inputs, kernel, *given)
        if not convolution.on_processor():
            return super().convolution_op(inputs, kernel)
        kernel = ops.convert_to_tensor(kernel)
        return grouped_convolution.convolved(
            inputs, kernel, self.groups, lambda x, k: convolved(x, k, *given)
        )


class _Transposed:
    """The part of a transposed convolution, of any rank, that differs from Keras's."""

    def call(self, inputs):
        """The transposed convolution with bias and activation."""
        if not _is_plain(self, inputs):
            return super().call(inputs)
        given = self.kernel_size, self.strides, self.padding, self.dilation_rate
        outputs = transposed(inputs, self.kernel, *given, self.output_padding)
        if self.use_bias:
            outputs = ops.add(outputs, self.bias)
        return outputs if self.activation is None else self.activation(outputs)


def convolved(x, kernel, size: tuple, strides: tuple, padding: str, dilation: tuple):
    """The convolution of a layer, `(batch, ..., filters)`.

    Args:
        x: Tensor `(batch, ..., channels)`, of sizes that are known.
        kernel: Tensor or variable `(..., channels, filters)`.
        size: Of the kernel.
        strides: Along each axis, like the next.
        padding: `"valid"` or `"same"`.
        dilation: As in `keras.layers.Conv2D`.
    """
    window = Window.of_convolution(x.shape[1:-1], size, strides, padding, dilation)
    means = _means(window, kernel)
    if means is None:
        return ops.conv(x, kernel, strides, padding, "channels_last", dilation)
    return means.convolved(x, ops.convert_to_tensor(kernel), window)


def transposed(
    y, kernel, size: tuple, strides: tuple, padding: str, dilation: tuple, output_padding=None
):
    """The transposed convolution of a layer, `(batch, ..., channels)`.

    Args:
        y: Tensor `(batch, ..., filters)`, of sizes that are known.
        kernel: Tensor or variable `(..., channels, filters)`.
        size: As in `convolved`, like the next three.
        strides: Likewise.
        padding: Likewise.
        dilation: Likewise.
        output_padding: As in `keras.layers.Conv2DTranspose`.
    """
    window = Window.of_transposed(y.shape[1:-1], size, strides, padding, dilation, output_padding)
    means = _means(window, kernel)
    if means is None:
        given = strides, padding, output_padding, "channels_last", dilation
        return ops.conv_transpose(y, kernel, *given)
    return means.transposed(y, ops.convert_to_tensor(kernel), window)


def _is_plain(layer, inputs) -> bool:
    """Whether a layer's window is known."""
    known = all(isinstance(size, int) for size in inputs.shape[1:-1])
    return layer.data_format == "channels_last" and known


def _means(window: Window, kernel):
    """The module that computes a convolution faster than Keras, or `None`."""
    if patches.pay(window, kernel.shape):
        return patches
    return convolution if convolution.are_slow() else None


@keras.saving.register_keras_serializable(package="keras_gan")
class Conv1D(_Convolution, layers.Conv1D):
    """A convolution of series: `keras.layers.Conv1D`, whose derivatives are fast on JAX, too.

    The same arguments, weights, values and, up to rounding, derivatives of any order. On JAX, on
    processors, the derivative of a derivative that gradient penalties take is up to 14 times as
    fast; on TensorFlow, too, large kernels on a few pixels are products of matrices, up to 8 times
    as fast; elsewhere it is Keras's own. There is no forward-mode derivative on JAX.

    Args:
        *args, **options: As in `keras.layers.Conv1D`.
    """

    def call(self, inputs):
        """The convolution with bias and activation."""
        if self.padding == "causal":
            return super().call(inputs)
        return super(layers.Conv1D, self).call(inputs)  # by `convolution_op`, as in other ranks


@keras.saving.register_keras_serializable(package="keras_gan")
class Conv1DTranspose(_Transposed, layers.Conv1DTranspose):
    """A transposed convolution of series, whose derivatives are fast on JAX, too.

    As `keras.layers.Conv1DTranspose`: the same arguments, weights, values and, up to rounding,
    derivatives of any order. On JAX, on processors, the derivative by its kernel is up to 14 times
    as fast; on TensorFlow, too, large kernels on a few pixels are products of matrices, up to 8
    times as fast; elsewhere it is Keras's own. There is no forward-mode derivative on JAX.

    Args:
        *args, **options: As in `keras.layers.Conv1DTranspose`.
    """


@keras.saving.register_keras_serializable(package="keras_gan")
class Conv2D(_Convolution, layers.Conv2D):
    """A convolution of images: `keras.layers.Conv2D`, whose derivatives are fast on JAX, too.

    The same arguments, weights, values and, up to rounding, derivatives of any order. On JAX, on
    processors, the derivative of a derivative that gradient penalties take is up to 14 times as
    fast; on TensorFlow, too, large kernels on a few pixels are products of matrices, up to 8 times
    as fast; elsewhere it is Keras's own. There is no forward-mode derivative on JAX.

    With `groups=` each group of channels is convolved by itself (ResNeXt, Xie et al. 2017, arXiv
    1611.05431). On processors, where TensorFlow has no derivative of that and XLA a slow one, some
    groups at a time are one convolution, whose kernel has zeros between groups.

    Args:
        *args, **options: As in `keras.layers.Conv2D`.
    """


@keras.saving.register_keras_serializable(package="keras_gan")
class Conv2DTranspose(_Transposed, layers.Conv2DTranspose):
    """A transposed convolution of images, whose derivatives are fast on JAX, too.

    As `keras.layers.Conv2DTranspose`: the same arguments, weights, values and, up to rounding,
    derivatives of any order. On JAX, on processors, the derivative by its kernel is up to 14 times
    as fast; on TensorFlow, too, large kernels on a few pixels are products of matrices, up to 8
    times as fast; elsewhere it is Keras's own. There is no forward-mode derivative on JAX.

    Args:
        *args, **options: As in `keras.layers.Conv2DTranspose`.
    """


@keras.saving.register_keras_serializable(package="keras_gan")
class Conv3D(_Convolution, layers.Conv3D):
    """A convolution of volumes: `keras.layers.Conv3D`, whose derivatives are fast on JAX, too.

    The same arguments, weights, values and, up to rounding, derivatives of any order. On JAX, on
    processors, the derivative of a derivative that gradient penalties take is up to 14 times as
    fast; on TensorFlow, too, large kernels on a few pixels are products of matrices, up to 8 times
    as fast; elsewhere it is Keras's own. There is no forward-mode derivative on JAX.

    Args:
        *args, **options: As in `keras.layers.Conv3D`.
    """


@keras.saving.register_keras_serializable(package="keras_gan")
class Conv3DTranspose(_Transposed, layers.Conv3DTranspose):
    """A transposed convolution of volumes, whose derivatives are fast on JAX, too.

    As `keras.layers.Conv3DTranspose`: the same arguments, weights, values and, up to rounding,
    derivatives of any order. On JAX, on processors, the derivative by its kernel is up to 14 times
    as fast; on TensorFlow, too, large kernels on a few pixels are products of matrices, up to 8
    times as fast; elsewhere it is Keras's own. There is no forward-mode derivative on JAX.

    Args:
        *args, **options: As in `keras.layers.Conv3DTranspose`.
    """
