"""The kernels of each layer class, as matrices from inputs to outputs."""

import math
from typing import Any

from keras import layers, ops

_PLAIN = (("kernel", (-1,)),)

_TRANSPOSED = (("kernel", (-2,)),)

_DEPTHWISE = (("kernel", (-2, -1)),)

_SEPARABLE = (("depthwise_kernel", (-2, -1)), ("pointwise_kernel", (-1,)))

# Layer class -> its kernels, each with the axes which together number the kernel's outputs.
KERNELS: dict[type[layers.Layer], tuple[tuple[str, tuple[int, ...]], ...]] = {
    **dict.fromkeys((layers.Dense, layers.Conv1D, layers.Conv2D, layers.Conv3D), _PLAIN),
    layers.Conv1DTranspose: _TRANSPOSED,
    layers.Conv2DTranspose: _TRANSPOSED,
    layers.Conv3DTranspose: _TRANSPOSED,
    **dict.fromkeys((layers.DepthwiseConv1D, layers.DepthwiseConv2D), _DEPTHWISE),
    **dict.fromkeys((layers.SeparableConv1D, layers.SeparableConv2D), _SEPARABLE),
    layers.Embedding: (("embeddings", (-1,)),),
}


def columns_are_outputs(kernel: Any, output_axes: tuple[int, ...]) -> Any:
    """Reshapes to Wᵀ: one column per output, all other axes as its rows."""
    rank = len(kernel.shape)
    outputs = [axis + rank for axis in output_axes]
    order = [axis for axis in range(rank) if axis not in outputs] + outputs
    if order != list(range(rank)):
        kernel = ops.transpose(kernel, order)
    return ops.reshape(kernel, (-1, math.prod(kernel.shape[-len(outputs) :])))
