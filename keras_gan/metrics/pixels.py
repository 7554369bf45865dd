"""Pixels as a feature space."""

import math

import numpy as np

LARGEST = 1024


def pixel_features(samples) -> tuple[np.ndarray, str]:
    """Samples as vectors of their own numbers, and a description of these.

    Images of more than 1,024 numbers are averaged over blocks of k × k pixels, with the smallest k
    that leaves at most 1,024. Series are averaged over k steps, volumes over k × k × k voxels.
    Incomplete blocks at the ends are left out.

    Args:
        samples: Array `(n, height, width, channels)` of images, `(n, d)` of points, `(n, time,
            channels)` of series, or any other with the channels last.

    Returns:
        The float64 array `(n, d)` and a description such as `"pixels, 64-d"`.

    Raises:
        ValueError: For an array that is not a batch of samples.

    Example:

    >>> features, space = pixel_features(np.zeros((10, 32, 32, 3)))
    >>> features.shape, space
    ((10, 768), 'pixels averaged over 2 x 2 blocks, 768-d')
    >>> pixel_features(np.zeros((10, 500, 6)))[1]
    'values averaged over blocks of 3, 996-d'
    """
    samples = np.asarray(samples)
    if samples.ndim < 2:
        raise ValueError(
            f"Pixel features are computed from images (n, height, width, channels), points (n, d) "
            f"or other samples (n, …); received shape {samples.shape}."
        )
    if samples.ndim == 2:
        return samples.astype("float64"), f"coordinates, {samples.shape[1]}-d"
    *axes, channels = samples.shape[1:]
    block = 1
    while math.prod(axis // block or 1 for axis in axes) * channels > LARGEST and block < max(axes):
        block += 1
    counts = [axis // block or 1 for axis in axes]  # an axis shorter than a block is one block
    blocks = [min(block, axis) for axis in axes]
    cut = (slice(None), *(slice(c * b) for c, b in zip(counts, blocks, strict=True)))
    split = [size for pair in zip(counts, blocks, strict=True) for size in pair]
    grouped = samples[cut].astype("float64").reshape(len(samples), *split, channels)
    features = grouped.mean(axis=tuple(range(2, 2 + 2 * len(axes), 2))).reshape(len(samples), -1)
    name, averaged = "pixels" if len(axes) == 2 else "values", ""
    if block > 1 and len(axes) == 2:
        averaged = f" averaged over {block} x {block} blocks"
    elif block > 1:
        averaged = f" averaged over blocks of {' x '.join([str(block)] * len(axes))}"
    return features, f"{name}{averaged}, {features.shape[1]}-d"
