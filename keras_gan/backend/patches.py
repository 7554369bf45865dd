"""Convolutions of a few pixels by large kernels, as products of matrices.

All entries of x that a window meets are selected by a matrix S of zeros and ones,

    C(x, k) = (S x) k,   T(y, k) = Sᵀ (y kᵀ),

one row of S for each output and each entry of the kernel. S has a column for each of the P pixels
of x, so that it costs P / filters of the convolution; and products take a kernel as it lies, which
the convolutions of processors first put in an order of their own. With 64 images of 4 × 4 × 256 and
512 filters of 5 × 5, stride 2, the convolution and its two derivatives take 21 ms in place of 72,
and in bfloat16, on a processor with instructions for it, 6.5 in place of 55 (two cores with
AVX-512 and AMX, TensorFlow 2.21).
"""

import functools
import math

import numpy as np
from keras import ops

from keras_gan.backend.convolution import on_processor


def pay(window, kernel_shape: tuple) -> bool:
    """Whether products are the faster way, by measurements on two cores with AVX-512.

    They are for kernels of more than 512 P² entries, P the number of pixels; with stride 1, where
    windows overlap more, of more than 8192 P².

    Args:
        window: A `Window`.
        kernel_shape: Of the kernel, `(..., channels, filters)`.
    """
    least = (2**9 if max(window.strides) > 1 else 2**13) * math.prod(window.inputs) ** 2
    return math.prod(kernel_shape) >= least and min(window.outputs) > 0 and on_processor()


def convolved(x, kernel, window):
    """C(x, k), `(batch, ..., filters)`.

    Args:
        x: Tensor `(batch, ..., channels)`.
        kernel: Tensor `(..., channels, filters)`.
        window: A `Window`.
    """
    channels, filters = kernel.shape[-2:]
    pixels = ops.reshape(x, (-1, math.prod(window.inputs), channels))
    met = ops.matmul(_selection(window, x.dtype), pixels)
    rows = ops.reshape(met, (-1, math.prod(window.size) * channels))
    y = ops.matmul(rows, ops.reshape(kernel, (-1, filters)))
    return ops.reshape(y, (-1, *window.outputs, filters))


def transposed(y, kernel, window):
    """T(y, k), `(batch, ..., channels)`.

    Args:
        y: Tensor `(batch, ..., filters)`.
        kernel: Tensor `(..., channels, filters)`.
        window: A `Window`.
    """
    channels, filters = kernel.shape[-2:]
    columns = ops.transpose(ops.reshape(kernel, (-1, filters)))
    spread = ops.matmul(ops.reshape(y, (-1, filters)), columns)
    selection = _selection(window, y.dtype)
    spread = ops.reshape(spread, (-1, selection.shape[0], channels))
    x = ops.matmul(ops.transpose(selection), spread)
    return ops.reshape(x, (-1, *window.inputs, channels))


def _selection(window, dtype):
    """S as a tensor."""
    return ops.cast(ops.convert_to_tensor(_zeros_and_ones(window)), dtype)


@functools.lru_cache(maxsize=64)
def _zeros_and_ones(window) -> np.ndarray:
    """S, `(outputs · size, inputs)`: the outer product of those of the axes."""
    made = np.ones((1, 1, 1), "float32")
    for size, stride, dilation, before, inputs, outputs in window.axes:
        o, i, n = np.ogrid[:outputs, :size, :inputs]
        axis = (o * stride + i * dilation - before == n).astype("float32")
        made = np.einsum("abc,oin->aobicn", made, axis)
        made = made.reshape(made.shape[0] * outputs, -1, made.shape[4] * inputs)
    return made.reshape(-1, made.shape[-1])
