"""Uploaded pictures, whose sizes are looked at before they are decoded."""

import pathlib

import numpy as np
from PIL import Image

MOST_PIXELS = 2**24  # of a picture, as of 4096 × 4096
WHITE = (255, 255, 255)  # laid below what is transparent
ANY_SIDE = 64  # pixels, of models that take images of any size


def picture(path: str, shape: tuple[int, ...], invert: bool = False) -> np.ndarray:
    """An uploaded picture as a batch of one sample: its middle, resized.

    Args:
        path: The file.
        shape: The sample's, (height, width, channels).
        invert: Whether to exchange black and white, for data with light strokes on black.

    Returns:
        float32 array `(1, height, width, channels)` in [-1, 1].

    Raises:
        ValueError: For a file that is no picture, or has too many pixels.
    """
    from keras_gan.data.images import signed_values
    from keras_gan.data.picture_files import PictureFile, opened, pixels_of
    from keras_gan.data.reading import Reading
    from keras_gan.data.sides import largest_part

    try:
        file = PictureFile(pathlib.Path(path))
        pixels_of(file, MOST_PIXELS)
        image = opened(file, Reading(alpha=WHITE, pages="first"))
    except ValueError as error:
        raise ValueError(str(error).replace(str(path), pathlib.Path(path).name)) from error
    height, width, channels = (ANY_SIDE if side is None else side for side in shape)
    rows, columns = largest_part(image.height, image.width, (height, width))
    left, top = (image.width - columns) // 2, (image.height - rows) // 2
    box = (left, top, left + columns, top + rows)
    small = image.crop(box).resize((width, height), Image.Resampling.BILINEAR)
    levels = np.asarray(small.convert("L" if channels == 1 else "RGB")).reshape(height, width, -1)
    return signed_values(255 - levels if invert else levels)[None]
