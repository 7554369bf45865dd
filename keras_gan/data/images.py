"""The convention for pixels: float32 in [-1, 1], stored as bytes where that loses nothing.

A byte p stands for the value x = p / 127.5 - 1, so that 0 is -1 and 255 is 1.
"""

from __future__ import annotations

import numpy as np

from keras_gan.backend.finite import all_finite
from keras_gan.data.lazy import tf
from keras_gan.data.scale import FREE
from keras_gan.data.sides import Sides, largest_part
from keras_gan.data.value_ranges import scale_without_networks

IN_SIGNS = (-1.0, 1.0)
_VALUE_OF_BYTE = np.arange(256, dtype=np.float32) / np.float32(127.5) - np.float32(1)


def to_signed(pixels: tf.Tensor) -> tf.Tensor:
    """Turns bytes in 0..255 into float32 in [-1, 1]."""
    return tf.cast(pixels, tf.float32) / 127.5 - 1.0


def signed_values(levels: np.ndarray) -> np.ndarray:
    """Returns an array of bytes as float32 in [-1, 1], to the bit as `to_signed`."""
    return _VALUE_OF_BYTE[levels]


def signed_images(images: np.ndarray) -> np.ndarray:
    """Returns images of bytes, or of floats in [-1, 1], as float32 in [-1, 1].

    Raises:
        ValueError: For anything except such an array (n, height, width, channels).
    """
    images = np.asarray(images)
    if images.ndim != 4:
        raise ValueError(
            f"images must have shape (n, height, width, channels); received {images.shape}."
        )
    if images.dtype == np.uint8:
        return signed_values(images)
    images = images.astype(np.float32)
    if images.size:
        check_values(images, IN_SIGNS, remedy="")
    return images


def packed(x: np.ndarray) -> np.ndarray:
    """Returns float32 images as the bytes they came from, and all other arrays unchanged."""
    if x.dtype != np.float32 or x.ndim < 4:
        return x
    levels = np.clip(np.rint((x + 1) * 127.5), 0, 255).astype(np.uint8)
    return levels if np.array_equal(_VALUE_OF_BYTE[levels], x) else x


def cut_middle(image: tf.Tensor, height, width) -> tf.Tensor:
    """Crops the middle of an image to a height and a width that are at most its own."""
    rows, columns = tf.shape(image)[-3], tf.shape(image)[-2]
    top, left = (rows - height) // 2, (columns - width) // 2
    return tf.image.crop_to_bounding_box(image, top, left, height, width)


def fit(image: tf.Tensor, sides: Sides) -> tf.Tensor:
    """Crops the middle of an image, of the ratio of both sides, and resizes it, antialiased.

    Bytes stay bytes, rounded as an image file would round them; floats stay within [-1, 1].
    """
    rows, columns = (tf.cast(tf.shape(image)[axis], tf.int64) for axis in (-3, -2))
    part = largest_part(rows, columns, sides, least=tf.minimum)
    middle = cut_middle(image, *(tf.cast(side, tf.int32) for side in part))
    resized = tf.image.resize(tf.cast(middle, tf.float32), sides, antialias=True)
    if image.dtype == tf.uint8:
        return tf.cast(tf.round(resized), tf.uint8)
    return tf.clip_by_value(resized, -1.0, 1.0)  # the weights sum to 1 but for rounding


def check_values(x: np.ndarray, value_range="auto", remedy: str = FREE) -> None:
    """Refuses data that are not finite or on another scale.

    Args:
        x: Array `(n, ...)`.
        value_range: As in `kg.data.load`.
        remedy: How to allow other values, for the message, or `""`.

    Raises:
        ValueError: For such data.
    """
    check_finite(x)
    scale = scale_without_networks(value_range, x.shape[1:], remedy)
    if scale is not None:
        scale.check(x)


def check_finite(x: np.ndarray) -> None:
    """Refuses NaN and infinities."""
    if not all_finite(x):
        raise ValueError(
            f"The data hold {int((~np.isfinite(x)).sum())} values that are NaN or infinite: "
            "remove or repair those samples."
        )
