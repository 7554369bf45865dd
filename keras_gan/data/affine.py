"""Images at random angles, slants, sizes and places."""

from __future__ import annotations

import keras
import numpy as np

from keras_gan.arguments import amount, whole
from keras_gan.data.images import signed_images
from keras_gan.files.limits import check_memory

NUMBERS_AT_ONCE = 2**22  # of images in a call, so that memory does not grow with the data


def random_affine(
    images: np.ndarray,
    rotation: float = 0.2,
    shear: float = 0.3,
    stretch: tuple[float, float] = (0.8, 1.3),
    shift: float = 1 / 16,
    seed: int = 0,
) -> np.ndarray:
    """Returns a copy of every image under a random affine map of its own.

    The map moves the point u, measured from the middle of the image, to

        u' = R(φ) · [[1, s], [0, 1]] · diag(a, b) · u + t

    with a rotation φ ~ U[-rotation, rotation], a horizontal shear s ~ U[-shear, shear], a width a
    and a height b ~ U[stretch], and t ~ U[-shift, shift]² times the image's width and height.
    Values are interpolated bilinearly; points from outside the image are -1, that is black. The
    second component of u points down, so that a positive φ turns clockwise. Use it to make many
    images of a few, or to let two data sets differ in their style alone.

    Args:
        images: Array (n, height, width, channels) in [-1, 1], or of uint8.
        rotation: The greatest rotation in radians, in both directions. Defaults to 0.2.
        shear: The greatest horizontal shear, in both directions: 1 slants upright strokes by 45
            degrees. Defaults to 0.3.
        stretch: The range of the factors of width and height, which are drawn independently.
            Defaults to (0.8, 1.3).
        shift: The greatest shift along either axis, as a fraction of the image's width or
            height. Defaults to 1/16.
        seed: Integer of at least 0 that, with n, decides all maps. Defaults to 0.

    Returns:
        A float32 array of the shape of `images`.

    Raises:
        ValueError: For an array of another rank, images that are not finite or leave [-1, 1],
            negative amounts, or a stretch other than a range of positive numbers.

    Example:

    >>> from keras_gan import data
    >>> data.random_affine(np.zeros((2, 16, 16, 1)), seed=1).shape
    (2, 16, 16, 1)

    Reference:
        Simard, Steinkraus and Platt 2003, Best Practices for Convolutional Neural Networks Applied
        to Visual Document Analysis, doi 10.1109/ICDAR.2003.1227801, section 2.
    """
    images = signed_images(images)
    rotation, shear = amount("rotation", rotation, least=0), amount("shear", shear, least=0)
    shift, seed = amount("shift", shift, least=0), whole("seed", seed, least=0)
    low, high = _range(stretch)
    if not images.size:
        return images
    n, height, width, _ = images.shape
    rng = np.random.default_rng(seed)
    φ, s = rng.uniform(-rotation, rotation, n), rng.uniform(-shear, shear, n)
    a, b = rng.uniform(low, high, (2, n))
    t = rng.uniform(-shift, shift, (n, 2)) * (width, height)
    turned = np.array([[np.cos(φ), -np.sin(φ)], [np.sin(φ), np.cos(φ)]])
    slanted = np.array([[a, s * b], [0 * a, b]])
    inverse = np.linalg.inv(np.einsum("ijn,jkn->nik", turned, slanted))
    middle = np.array([width - 1, height - 1]) / 2
    origin = middle - np.einsum(
        "nij,nj->ni", inverse, middle + t
    )  # of pixel (0, 0) in the old image
    rows = np.concatenate([inverse, origin[:, :, None]], axis=2).reshape(n, 6)
    maps = np.pad(rows, ((0, 0), (0, 2))).astype("float32")
    at_once = max(1, NUMBERS_AT_ONCE // images[0].size)
    moved = [
        keras.ops.convert_to_numpy(
            keras.ops.image.affine_transform(
                images[i : i + at_once],
                maps[i : i + at_once],
                fill_value=-1.0,
                data_format="channels_last",
            )
        )
        for i in range(0, n, at_once)
    ]
    return np.clip(np.concatenate(moved), -1.0, 1.0)


def with_copies(images: np.ndarray, copies: int, seed: int | list[int] = 0) -> np.ndarray:
    """Returns images, followed by copies of all of them under random affine maps.

    Args:
        images: As in `random_affine`.
        copies: The number of copies of each image, at least 0; each copy has a map of its own.
        seed: Integer, or several, that decide all maps. Defaults to 0.

    Returns:
        A float32 array of `(1 + copies) * n` images.

    Raises:
        ValueError: As in `random_affine`.

    Example:

    >>> from keras_gan import data
    >>> data.with_copies(np.zeros((2, 16, 16, 1)), copies=3).shape
    (8, 16, 16, 1)
    """
    images, copies = signed_images(images), whole("copies", copies, least=0)
    needed = 2 * (1 + copies) * images.nbytes  # each copy, and then all in one array
    check_memory(f"{copies:,} copies of {len(images):,} images", needed, "make fewer")
    seeds = np.random.default_rng(seed).integers(2**31, size=copies)
    return np.concatenate([images, *(random_affine(images, seed=int(s)) for s in seeds)])


def _range(stretch) -> tuple[float, float]:
    try:
        low, high = stretch
    except (TypeError, ValueError):
        low = high = None
    if low is None or not amount("stretch", low, above=0) <= amount("stretch", high, above=0):
        raise ValueError(
            f"stretch must be two numbers, the least and the greatest; received {stretch!r}."
        )
    return float(low), float(high)
