"""Resizes images for a network, by one rule on every machine."""

import functools

import numpy as np


def rule(shape: tuple) -> str:
    """Says what `fitted` does to images for a network of this input shape.

    Args:
        shape: `(height, width, channels)`, with `None` for a side of any length.

    Example:

    >>> rule((28, 28, 1))
    'images resized to 28 x 28 (bilinear, antialiased, not rounded to bytes)'
    """
    height, width, channels = shape
    if height is None or width is None:
        size = "images not resized"
    else:
        size = f"images resized to {height} x {width} (bilinear, antialiased, not rounded to bytes)"
    return size + ("; grey repeated over 3 channels" if channels == 3 else "")


def fitted(images: np.ndarray, shape: tuple) -> np.ndarray:
    """The images in the network's channels and size, float32.

    Args:
        images: Float array `(n, height, width, channels)`.
        shape: As in `rule`.

    Raises:
        ValueError: For another number of channels; only grey images become three equal channels.
    """
    height, width, channels = shape
    if channels == 3 and images.shape[-1] == 1:
        images = np.repeat(images, 3, axis=-1)
    if channels is not None and images.shape[-1] != channels:
        allowed = "1 or 3" if channels == 3 else str(channels)
        raise ValueError(
            f"This extractor takes images with {allowed} channel(s); received shape "
            f"{images.shape}: convert them, or use another extractor."
        )
    if height is None or width is None:
        return images.astype("float32")
    return resized(images.astype("float32"), height, width)


def resized(images: np.ndarray, height: int, width: int) -> np.ndarray:
    """The images at another size: bilinear, and antialiased if they shrink.

    Each new pixel is a weighted mean of old pixels. The weights fall linearly from the centre of
    the new pixel to 0 at a distance of one pixel, old or new, whichever is larger. Height and width
    are scaled separately. Values keep their range and are not rounded.

    Args:
        images: Array `(n, rows, columns, channels)`.
        height: The number of rows of the result.
        width: The number of columns of the result.

    Example:

    >>> resized(np.array([0.0, 0.0, 1.0, 1.0]).reshape(1, 1, 4, 1), 1, 2).ravel().round(3).tolist()
    [0.143, 0.857]
    """
    n, rows, columns, channels = images.shape
    if rows != height:
        weights = _triangle_weights(rows, height).astype(images.dtype)
        images = weights @ images.reshape(n, rows, columns * channels)
    if columns != width:
        weights = _triangle_weights(columns, width).astype(images.dtype)
        images = weights @ images.reshape(n * height, columns, channels)
    return images.reshape(n, height, width, channels)


@functools.lru_cache(maxsize=16)
def _triangle_weights(old: int, new: int) -> np.ndarray:
    """The weight of each old pixel in each new pixel, `(new, old)`; rows sum to 1."""
    scale = old / new
    centres = (np.arange(new) + 0.5) * scale - 0.5
    distances = np.abs(np.arange(old) - centres[:, None])
    weights = np.maximum(1.0 - distances / max(scale, 1.0), 0.0)
    return weights / weights.sum(axis=1, keepdims=True)
