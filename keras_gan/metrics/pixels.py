"""Pixels as a feature space."""

import numpy as np

LARGEST = 1024


def pixel_features(samples) -> tuple[np.ndarray, str]:
    """Samples as vectors of their own numbers, and one sentence that says which.

    Images of more than 1,024 numbers are averaged over blocks of k × k pixels, with the smallest k
    that brings them below; what is left over at the right and lower edges is cut off.

    Args:
        samples: Array `(n, height, width, channels)` of images or `(n, d)` of points.

    Returns:
        The float64 array `(n, d)` and a description such as `"pixels, 64-d"`.

    Raises:
        ValueError: For an array of another rank.

    Example:

    >>> features, space = pixel_features(np.zeros((10, 32, 32, 3)))
    >>> features.shape, space
    ((10, 768), 'pixels averaged over 2 x 2 blocks, 768-d')
    """
    samples = np.asarray(samples)
    if samples.ndim == 2:
        return samples.astype("float64"), f"coordinates, {samples.shape[1]}-d"
    if samples.ndim != 4:
        raise ValueError(
            f"Pixel features take images (n, height, width, channels) or points (n, d); received "
            f"shape {samples.shape}."
        )
    height, width, channels = samples.shape[1:]
    block = 1
    while (height // block) * (width // block) * channels > LARGEST:
        block += 1
    rows, columns = height // block, width // block
    cut = samples[:, : rows * block, : columns * block].astype("float64")
    blocks = cut.reshape(len(samples), rows, block, columns, block, channels)
    features = blocks.mean(axis=(2, 4)).reshape(len(samples), -1)
    averaged = f" averaged over {block} x {block} blocks" if block > 1 else ""
    return features, f"pixels{averaged}, {features.shape[1]}-d"
