"""Images of 256 levels as continuous data, and what their density says of the levels."""

import math
import zlib

import numpy as np
from keras import ops

from keras_gan.arguments import in_short
from keras_gan.bijections import AffineCoupling, Chain, Dequantize
from keras_gan.parallel import random_numbers

LEVELS = 256  # of a pixel
COUPLINGS = {"width": 32, "depth": 2}  # of variational noise, by default
COUNT = 4  # of them
SLACK = 1e-3  # by which a value may be out of [-1, 1]
MIDDLE = 0.5  # of a level


def chosen_noise(dequantize, sample_shape) -> Dequantize | None:
    """The noise that an argument `dequantize` asks for; `None` for samples without levels.

    Args:
        dequantize: `True`, `False`, `"uniform"`, `"variational"` or a `Dequantize`.
        sample_shape: The shape of one sample.

    Raises:
        ValueError: For anything else, or noise that was built for another shape.
    """
    if isinstance(dequantize, Dequantize):
        noise = dequantize
    elif dequantize is True or dequantize == "uniform":
        noise = Dequantize()
    elif dequantize is False:
        return None
    elif dequantize == "variational":
        mask = "checkerboard" if len(sample_shape) > 1 else "halves"
        options = {**COUPLINGS, "condition_dim": tuple(sample_shape)}
        noise = Dequantize(
            Chain([AffineCoupling(mask, swap=i % 2 == 1, **options) for i in range(COUNT)])
        )
    else:
        raise ValueError(
            f"dequantize must be True or 'uniform', 'variational', False, or a "
            f"kg.bijections.Dequantize; received {in_short(dequantize)}."
        )
    noise._build_for(tuple(sample_shape))
    return noise


def dequantized(x, noise):
    """Images in [-1, 1] of 256 levels, with noise of a level's width, in [-1, 1) again.

        y = 2 (k + u) / 256 − 1,   k = 255 (x + 1) / 2 rounded,   u uniform on [0, 1)

    Args:
        x: Array or tensor `(batch, ...)`.
        noise: u, of the same shape.
    """
    k = ops.round((x + 1.0) * (0.5 * (LEVELS - 1)))
    return (k + noise) * (2.0 / LEVELS) - 1.0


def check_levels(x) -> None:
    """Refuses images that are not in [-1, 1], where 256 levels are expected.

    Args:
        x: Array `(n, ...)`.

    Raises:
        ValueError: With the interval that was received.
    """
    low, high = (float(x.min()), float(x.max())) if x.size else (0.0, 0.0)
    if low < -1.0 - SLACK or high > 1.0 + SLACK:
        raise ValueError(
            f"This flow is of images of {LEVELS} levels in [-1, 1]; received values from {low:g} "
            f"to {high:g}: x / 127.5 - 1 takes those of [0, 255] there."
        )


def noise_by(purpose: str, seed: int, shape) -> np.ndarray:
    """Uniform noise on [0, 1) of a seed.

    Args:
        purpose: A word that sets streams of the same seed apart.
        seed: Integer.
        shape: Its shape.
    """
    return random_numbers.uniform(shape, zlib.crc32(f"{purpose}/{seed}".encode()))


def bits(nats, components: int):
    """Bits per component of images, −(nats + d log(2/256)) / (d log 2), by log densities in nats.

    Args:
        nats: Numbers or tensors.
        components: d.
    """
    return -(nats / components + math.log(2.0 / LEVELS)) / math.log(2.0)
