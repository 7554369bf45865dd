"""Images of 256 levels as continuous data, and what their density says of the levels."""

import math
import zlib

import numpy as np
from keras import ops

from keras_gan.parallel import random_numbers

LEVELS = 256  # of a pixel


def dequantized(x, noise):
    """Images in [-1, 1] of 256 levels, with noise of a level's width, in [-1, 1) again.

        y = 2 (k + u) / 256 − 1,   k = 255 (x + 1) / 2 rounded,   u uniform on [0, 1)

    Args:
        x: Array or tensor `(batch, ...)`.
        noise: u, of the same shape.
    """
    k = ops.round((x + 1.0) * (0.5 * (LEVELS - 1)))
    return (k + noise) * (2.0 / LEVELS) - 1.0


def dequantized_by(purpose: str, seed: int, x) -> np.ndarray:
    """`dequantized` images of an array, with the noise of a seed.

    Args:
        purpose: A word that sets streams of the same seed apart.
        seed: Integer.
        x: Array `(n, ...)`.
    """
    noise = random_numbers.uniform(x.shape, zlib.crc32(f"{purpose}/{seed}".encode()))
    return ops.convert_to_numpy(dequantized(x, noise))


def bits(nats, components: int):
    """Bits per component of images, −(nats + d log(2/256)) / (d log 2), by log densities in nats.

    Args:
        nats: Numbers or tensors.
        components: d.
    """
    return -(nats / components + math.log(2.0 / LEVELS)) / math.log(2.0)
