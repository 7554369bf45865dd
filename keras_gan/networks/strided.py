"""Stacks of strided convolutions, of any rank: from a coarse grid to a sample and back."""

import dataclasses
import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import keras
from keras import layers

from keras_gan.layers import convolutions
from keras_gan.networks._parts import ORDER, batch_normalized, drop, normalize, weighted

KEPT = 3  # size of a kernel along a side that it keeps
CONVOLUTIONS = {
    1: (convolutions.Conv1D, convolutions.Conv1DTranspose),
    2: (convolutions.Conv2D, convolutions.Conv2DTranspose),
    3: (convolutions.Conv3D, convolutions.Conv3DTranspose),
}
CROPPING = {2: layers.Cropping2D, 3: layers.Cropping3D}

Grid = tuple[int, ...]


@dataclasses.dataclass(frozen=True)
class Strided:
    """How the sides of a grid shrink from layer to layer, and grow again.

    A side is divided by the stride, rounding up, until it is `coarsest` or less. There are two
    layers at least: those that divide nothing have kernels of 3.

    Args:
        kernel: The size of the kernels.
        stride: By what a layer divides a side.
        coarsest: Sides of at most this length are not divided.
        initializer: Makes the initializer of a kernel. Defaults to Keras's own, Glorot's.
    """

    kernel: int
    stride: int
    coarsest: int
    initializer: Callable = keras.initializers.GlorotUniform

    def grids(self, sides: Sequence[int]) -> list[Grid]:
        """The sides of the sample and of all coarser grids, the coarsest last.

        >>> Strided(kernel=4, stride=2, coarsest=7).grids((28, 11))
        [(28, 11), (14, 6), (7, 6)]
        """
        grids = [tuple(sides)]
        while max(grids[-1]) > self.coarsest:
            grids.append(tuple(self._divided(n) for n in grids[-1]))
        return grids if len(grids) > 2 else grids + [grids[-1]] * (3 - len(grids))

    def _divided(self, n: int) -> int:
        return -(-n // self.stride) if n > self.coarsest else n

    def _sizes(self, fine: Grid, coarse: Grid) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The kernel and the strides between two grids."""
        pairs = list(zip(fine, coarse, strict=True))
        kernel = tuple(KEPT if n == m else self.kernel for n, m in pairs)
        return kernel, tuple(1 if n == m else self.stride for n, m in pairs)

    def shrinking(self, fine: Grid, coarse: Grid, filters: int) -> layers.Layer:
        """The convolution from one grid to the next coarser one."""
        kernel, strides = self._sizes(fine, coarse)
        return CONVOLUTIONS[len(fine)][0](
            filters,
            kernel,
            strides,
            padding="same",
            data_format=ORDER,
            kernel_initializer=self.initializer(),
        )

    def grown(self, h: keras.KerasTensor, fine: Grid, filters: int, use_bias: bool = True):
        """The values on the next finer grid, by a transposed convolution."""
        coarse = tuple(h.shape[1:-1])
        kernel, strides = self._sizes(fine, coarse)
        # Keras makes (m − 1) · stride + kernel % 2 + padding of m, or m · stride without a padding.
        padding = [
            n - (m - 1) * s - k % 2
            for n, m, k, s in zip(fine, coarse, kernel, strides, strict=True)
        ]
        surplus = [m * s - n for n, m, s in zip(fine, coarse, strides, strict=True)]
        allowed = any(surplus) and all(p < s for p, s in zip(padding, strides, strict=True))
        h = CONVOLUTIONS[len(fine)][1](
            filters,
            kernel,
            strides,
            padding="same",
            output_padding=tuple(padding) if allowed else None,
            data_format=ORDER,
            use_bias=use_bias,
            kernel_initializer=self.initializer(),
        )(h)
        if allowed or not any(surplus):
            return h
        cropping = tuple((0, cut) for cut in surplus)  # one side is odd, another is not
        return CROPPING[len(fine)](cropping, data_format=ORDER)(h)

    def generated(
        self,
        z: keras.KerasTensor,
        y: keras.KerasTensor | None,
        sample_shape: tuple[int, ...],
        width: int,
        normalized: bool = True,
    ) -> keras.KerasTensor:
        """A sample of z before its last activation: a dense layer, then growing grids.

        Args:
            z: (batch, d).
            y: Unit vectors of the classes, (batch, classes), or `None`.
            sample_shape: (..., channels).
            width: Channels of the finest hidden grid; each coarser one has twice as many.
            normalized: Whether batch normalization, with classes conditional, goes before each
                ReLU; without, classes stand beside z. Defaults to `True`.
        """
        *sides, channels = sample_shape
        sample, *grids = self.grids(sides)
        widths = [width * 2**level for level in range(len(grids))]
        if y is not None and not normalized:
            z = layers.Concatenate()([z, y])
        units = math.prod(grids[-1]) * widths[-1]
        initializer = self.initializer()
        h = layers.Dense(units, use_bias=not normalized, kernel_initializer=initializer)(z)
        h = layers.Reshape((*grids[-1], widths[-1]))(h)
        for grid, filters in zip(reversed(grids[:-1]), reversed(widths[:-1]), strict=True):
            h = layers.ReLU()(batch_normalized(h, y) if normalized else h)
            h = self.grown(h, grid, filters, use_bias=not normalized)
        h = layers.ReLU()(batch_normalized(h, y) if normalized else h)
        return self.grown(h, sample, channels)

    def seen(
        self,
        x: keras.KerasTensor,
        width: int,
        normalization: str | None,
        dropout: float,
        between: Callable = lambda h: h,
    ) -> keras.KerasTensor:
        """The coarsest grid of a sample, in one row: the input of a discriminator's last layer.

        Args:
            x: (batch, ..., channels).
            width: Channels of the finest hidden grid; each coarser one has twice as many.
            normalization: One of `NORMALIZATIONS`.
            dropout: Rate at which values after each LeakyReLU are dropped.
            between: What follows all layers but the last. Defaults to nothing.
        """
        grids = self.grids(x.shape[1:-1])
        h = x
        for level, (fine, coarse) in enumerate(pairwise(grids)):
            h = between(h) if level else h
            h = weighted(self.shrinking(fine, coarse, width * 2**level), normalization)(h)
            h = normalize(h, normalization if level > 0 else None)
            h = drop(layers.LeakyReLU(negative_slope=0.2)(h), dropout)
        return layers.Flatten(data_format=ORDER)(h)
