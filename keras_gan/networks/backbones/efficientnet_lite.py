"""EfficientNet-Lite, whose batch normalizations are part of its convolutions."""

import dataclasses

import keras
import numpy as np
from keras import layers

from keras_gan.layers import DepthwiseConv2D
from keras_gan.networks._parts import ORDER, output_dtype


@dataclasses.dataclass(frozen=True)
class Blocks:
    """Inverted residual blocks of one kind, one after the other.

    Args:
        count: How many. The first alone has the stride, and changes the channels.
        kernel: The side of the depthwise convolution.
        stride: That of the first block.
        expansion: By which each block multiplies its channels within.
        channels: Those that leave it.
    """

    count: int
    kernel: int
    stride: int
    expansion: int
    channels: int


# Tan and Le 2019, arXiv 1905.11946, table 1; without squeeze-and-excitation in the lite networks
LITE0 = (
    Blocks(1, 3, 1, 1, 16),
    Blocks(2, 3, 2, 6, 24),
    Blocks(2, 5, 2, 6, 40),
    Blocks(3, 3, 2, 6, 80),
    Blocks(3, 5, 1, 6, 112),
    Blocks(4, 5, 2, 6, 192),
    Blocks(1, 3, 1, 6, 320),
)
STEM, HEAD, CLASSES = 32, 1280, 1000
# the last kinds of blocks of the four stages, at 1/4, 1/8, 1/16 and 1/32 of the size
STAGES = (1, 2, 4, 6)


def efficientnet_lite0(image_shape: tuple, means: np.ndarray, stddevs: np.ndarray):
    """Builds EfficientNet-Lite0, with new weights.

        h = ReLU6(W * (x − mean) / stddev),   then blocks
        h + P * ReLU6(D ⋆ ReLU6(E * h)),      E, P: 1 × 1 convolutions, D: a depthwise one

    Each convolution has a bias, which holds what batch normalization did in training.

    Args:
        image_shape: `(height, width, 3)`; sides may be `None`.
        means: Of each channel of images in [-1, 1], `(3,)`.
        stddevs: Likewise.

    Returns:
        The network of the stages, from images `(batch, height, width, 3)` in [-1, 1] to a list of
        their maps of 24, 40, 112 and 320 channels, and the network that goes on from the last of
        them to a list of 1,280 features and the logits of 1,000 classes.
    """
    images = keras.Input(tuple(image_shape), name="images")
    scaling = layers.Rescaling((1.0 / stddevs).tolist(), (-means / stddevs).tolist(), name="scaled")
    h = _convolved(scaling(images), STEM, "stem", kernel=3, stride=2)
    stages = []
    for kind, blocks in enumerate(LITE0):
        for i in range(blocks.count):
            h = _block(h, blocks, blocks.stride if i == 0 else 1, f"block{kind}_{i}")
        if kind in STAGES:
            stages.append(h)
    trunk = keras.Model(images, stages, name="efficientnet_lite0")
    last = keras.Input(stages[-1].shape[1:])
    features = layers.GlobalAveragePooling2D(data_format=ORDER, name="features")(
        _convolved(last, HEAD, "head")
    )
    return trunk, keras.Model(last, [features, layers.Dense(CLASSES, name="logits")(features)])


def _block(x, blocks: Blocks, stride: int, name: str):
    """An inverted residual block."""
    h = x
    if blocks.expansion > 1:
        h = _convolved(h, blocks.expansion * x.shape[-1], f"{name}_expand")
    h = DepthwiseConv2D(
        blocks.kernel,
        stride,
        "same",
        data_format=ORDER,
        dtype=output_dtype(),  # processors have no fast derivative of it in bfloat16
        name=f"{name}_depthwise",
    )(h)
    h = layers.ReLU(6.0, name=f"{name}_depthwise_relu")(h)
    h = layers.Conv2D(blocks.channels, 1, data_format=ORDER, name=f"{name}_project")(h)
    if stride == 1 and x.shape[-1] == blocks.channels:
        h = layers.Add(name=f"{name}_sum")([x, h])
    return h


def _convolved(x, channels: int, name: str, kernel: int = 1, stride: int = 1):
    """ReLU6 of a convolution."""
    convolution = layers.Conv2D(channels, kernel, stride, "same", data_format=ORDER, name=name)
    return layers.ReLU(6.0, name=f"{name}_relu")(convolution(x))
