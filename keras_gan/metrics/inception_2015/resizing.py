"""What the programs that compute an FID do to images before the network sees them.

They differ, and so do their figures: by several units for images much larger than 299 × 299.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from keras_gan.metrics.inception_2015.network import SIZE


def original(levels: np.ndarray) -> np.ndarray:
    """TensorFlow 1's bilinear resizing, whose new pixel i lies at i times the ratio of the sizes.

    Args:
        levels: uint8 array `(n, height, width, 3)`.

    Returns:
        A float32 array `(n, 299, 299, 3)`, (x − 128) / 128 of the resized levels x.
    """
    ratio = [np.float32(side / SIZE) for side in levels.shape[1:3]]
    places = [np.arange(SIZE, dtype=np.float32) * each for each in ratio]
    return (_bilinear(levels, *places) - np.float32(128)) / np.float32(128)


def pytorch(levels: np.ndarray) -> np.ndarray:
    """PyTorch's bilinear resizing, between the centres of pixels, which does not antialias.

    Args:
        levels: As in `original`.

    Returns:
        A float32 array `(n, 299, 299, 3)`, 2 x / 255 − 1 of the resized levels x.
    """
    sides = levels.shape[1:3]
    places = [np.maximum((np.arange(SIZE) + 0.5) * (n / SIZE) - 0.5, 0) for n in sides]
    resized = _bilinear(levels, *(each.astype(np.float32) for each in places))
    return resized / np.float32(127.5) - np.float32(1)


def clean(levels: np.ndarray) -> np.ndarray:
    """Pillow's bicubic resizing of each channel as floats, antialiased and not rounded.

    Args:
        levels: As in `original`.

    Returns:
        A float32 array `(n, 299, 299, 3)`, (x − 128) / 128 of the resized levels x, which are
        clipped to [0, 255].
    """
    resized = np.empty((len(levels), SIZE, SIZE, 3), np.float32)
    for i, image in enumerate(levels.astype(np.float32)):
        for channel in range(3):
            plane = Image.fromarray(np.ascontiguousarray(image[..., channel]))
            resized[i, ..., channel] = plane.resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    return (resized.clip(0, 255) - np.float32(128)) / np.float32(128)


def _bilinear(levels: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Images at places between their pixels, first along rows."""
    x = levels.astype(np.float32)
    for axis, places in ((2, columns), (1, rows)):
        low = places.astype(int)
        high = np.minimum(low + 1, x.shape[axis] - 1)
        share = (places - low).reshape([-1 if i == axis else 1 for i in range(4)])
        below = x.take(low, axis)
        x = below + (x.take(high, axis) - below) * share
    return x


RULES = {  # what is done to images, and in words
    "original": (original, "bilinear as TensorFlow 1, not antialiased"),
    "clean": (clean, "bicubic of Pillow, antialiased, not rounded"),
    "pytorch": (pytorch, "bilinear of PyTorch, not antialiased"),
}
