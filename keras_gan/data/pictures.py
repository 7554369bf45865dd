"""The pictures of many files as bytes: decoded once into memory, or again whenever asked for."""

from __future__ import annotations

import concurrent.futures
import hashlib
import math
import os
import warnings
import weakref
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from keras_gan.data.columns import Column, empty
from keras_gan.data.decoding import A_PIXEL, OWN_BOUND, Room
from keras_gan.data.images import signed_values
from keras_gan.data.lazy import tf
from keras_gan.data.picture_files import opened, pixels_of
from keras_gan.data.sides import Sides, largest_part
from keras_gan.files.limits import WHILE_HELD, check_memory, free_memory, in_words

WORKERS = 4  # threads that decode
_KNOWN = weakref.WeakValueDictionary()  # columns in use, by what they were decoded from


def column_of(files: list[Path], image_size: Sides | None, crop: Sides | None, max_pixels: int):
    """Returns the pictures as a `Column` of bytes, or as `Pictures` where memory is too small.

    Either way every file is decoded here once, so that a broken one is found before training.
    While the result is in use, the same files are not decoded again.

    Args:
        files: Image files.
        image_size: As in `kg.data.load`, a pair.
        crop: Likewise.
        max_pixels: The most pixels of one file.

    Raises:
        ValueError: For a file that cannot be read or has too many pixels, or for different sizes.

    Warns:
        UserWarning: Where memory is too small for all pictures.
    """
    found = [(str(path.absolute()), *_state_of(path)) for path in files]
    key = hashlib.sha256(repr((found, image_size, crop, max_pixels)).encode()).digest()
    column = _KNOWN.get(key)
    if column is None or (isinstance(column, Pictures) and column.fit()):
        column = _KNOWN[key] = _decoded(Pictures(files, image_size, crop, max_pixels))
    return column


def _state_of(path: Path) -> tuple[int, ...]:
    """Returns what changes when a file is written."""
    found = os.stat(path)
    return found.st_ino, found.st_size, found.st_mtime_ns


def _decoded(pictures: Pictures):
    if pictures.fit():
        images = empty(pictures.shape, np.uint8)
        images[0] = pictures.first
        pictures.decode(range(1, len(pictures)), images[1:].__setitem__)
        return Column(images)
    warnings.warn(
        f"{len(pictures):,} images of {_size(pictures.first)} would take "
        f"{in_words(math.prod(pictures.shape))} of memory, and {in_words(free_memory() or 0)} are "
        f"free: they are decoded again in every pass. With a smaller image_size, or fewer images, "
        f"they would be kept.",
        stacklevel=2,
    )
    pictures.look()
    return pictures


class Pictures:
    """Pictures that are decoded when they are asked for; used like a `Column`.

    Args:
        files: Image files.
        image_size: As in `kg.data.load`, a pair.
        crop: Likewise.
        max_pixels: The most pixels of one file.

    Raises:
        ValueError: For a file whose header cannot be read, or with too many pixels.
    """

    dtype = np.dtype(np.uint8)

    def __init__(
        self, files: list[Path], image_size: Sides | None, crop: Sides | None, max_pixels: int
    ):
        self.files, self.image_size, self.crop = files, image_size, crop
        self.max_pixels, self.room, self.ends = max_pixels, Room(), (-1.0, 1.0)
        with OWN_BOUND:
            self.needed = [A_PIXEL * pixels_of(path, max_pixels) for path in files]
        largest = max(range(len(files)), key=self.needed.__getitem__)
        check_memory(f"The image {str(files[largest])!r}", self.needed[largest], "leave it out")
        with OWN_BOUND:
            self.first = _pixels(files[0], image_size, crop)
        self.shape = (len(files), *self.first.shape)

    def __len__(self):
        return len(self.files)

    def fit(self) -> bool:
        """Whether memory holds them all, with room for a training beside them."""
        free = free_memory()
        return free is None or WHILE_HELD * math.prod(self.shape) <= free

    def decode(self, rows, place: Callable[[int, np.ndarray], None]) -> None:
        """Decodes some pictures, several at a time, as many as the room for them allows.

        Args:
            rows: The numbers of the pictures.
            place: A function of the place of a number in `rows`, and its picture.

        Raises:
            ValueError: For a file that cannot be read, or of another size than the first.
        """

        def decode_one(each):
            index, row = each
            with self.room.of(self.needed[row]):
                pixels = _pixels(self.files[row], self.image_size, self.crop)
                if pixels.shape != self.first.shape:
                    raise ValueError(
                        f"Images of different sizes: {str(self.files[0])!r} is "
                        f"{_size(self.first)} and {str(self.files[row])!r} is {_size(pixels)}; "
                        f"pass image_size to crop and resize."
                    )
                place(index, pixels)

        with OWN_BOUND:
            # A thread keeps the memory that it has used: large pictures are decoded in this one.
            for each in (each for each in enumerate(rows) if self._is_large(each[1])):
                decode_one(each)
            small = [each for each in enumerate(rows) if not self._is_large(each[1])]
            with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
                list(pool.map(decode_one, small))

    def _is_large(self, row: int) -> bool:
        return self.needed[row] > self.room.size

    def look(self) -> None:
        """Decodes every picture once, to find broken files and the extremes, and keeps none."""
        ends = np.empty((len(self), 2), np.uint8)

        def look_at(index, pixels):
            ends[index] = pixels.min(), pixels.max()

        self.decode(range(len(self)), look_at)
        self.ends = tuple(map(float, signed_values(np.array([ends[:, 0].min(), ends[:, 1].max()]))))

    def taken(self, rows) -> np.ndarray:
        """Returns these pictures as an array of bytes."""
        with OWN_BOUND:
            for row in rows:  # a file may have changed
                pixels_of(self.files[row], self.max_pixels)
        images = np.empty((len(rows), *self.shape[1:]), np.uint8)
        self.decode(rows, images.__setitem__)
        return images

    def gathered(self, rows: tf.Tensor) -> tf.Tensor:
        """Returns these pictures as a tensor of bytes."""
        found = tf.numpy_function(self.taken, [rows], tf.uint8)
        return tf.ensure_shape(found, (*rows.shape, *self.shape[1:]))

    def extremes(self) -> tuple[float, float]:
        """Returns the lowest and the highest value, as they are in [-1, 1]."""
        return self.ends


def _size(pixels: np.ndarray) -> str:
    return f"{pixels.shape[1]} x {pixels.shape[0]}"


def _middle(image: Image.Image, height: int, width: int) -> Image.Image:
    if image.size == (width, height):
        return image
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def _pixels(path: Path, image_size: Sides | None, crop: Sides | None) -> np.ndarray:
    try:
        image = opened(path)
        if crop is not None and (crop[0] > image.height or crop[1] > image.width):
            raise ValueError(
                f"{str(path)!r} is {image.width} x {image.height}: too small for "
                f"crop={crop[0] if crop[0] == crop[1] else crop}."
            )
        if crop is not None:
            image = _middle(image, *crop)
        if image_size is not None:
            image = _middle(image, *largest_part(image.height, image.width, image_size))
            image = image.resize(image_size[::-1], Image.Resampling.BILINEAR)
        return np.asarray(image)
    except MemoryError as error:
        raise ValueError(
            f"There is not enough memory to decode the image {str(path)!r}: leave it out, or make "
            f"it smaller."
        ) from error
