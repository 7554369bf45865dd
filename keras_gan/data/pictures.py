"""The pictures of many files as bytes, decoded when they are asked for."""

from __future__ import annotations

import concurrent.futures
import math
import warnings
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

from keras_gan.data.columns import Column, empty
from keras_gan.data.decoding import A_PIXEL, OWN_BOUND, Room
from keras_gan.data.images import signed_values
from keras_gan.data.lazy import tf
from keras_gan.data.picture_files import BrokenPictureError, opened, pixels_of
from keras_gan.data.reading import Reading
from keras_gan.data.sides import Sides, largest_part
from keras_gan.files.limits import WHILE_HELD, check_memory, free_memory, in_words

WORKERS = 4  # threads that decode


class Pictures:
    """Pictures that are decoded when they are asked for; used like a `Column`.

    Args:
        files: `PictureFile`s, or others with the same methods.
        image_size: As in `kg.data.load`, a pair.
        crop: Likewise.
        reading: The user's choices.

    Attributes:
        broken: Why pictures cannot be read, by their numbers, as far as they were looked at.

    Raises:
        ValueError: For too many pixels.
    """

    dtype = np.dtype(np.uint8)

    def __init__(self, files: list, image_size: Sides | None, crop: Sides | None, reading: Reading):
        self.files, self.image_size, self.crop, self.reading = files, image_size, crop, reading
        self.room, self.ends = Room(), (-1.0, 1.0)
        self.deep, self.brightest, self.broken, self.row_of_first = set(), 0, {}, 0
        self.first, self.needed = None, [A_PIXEL] * len(files)
        with OWN_BOUND:
            for row, file in enumerate(files):
                try:
                    self.needed[row] = A_PIXEL * pixels_of(file, reading.max_pixels)
                except BrokenPictureError as error:
                    self.broken[row] = str(error)
        if files:
            largest = max(range(len(files)), key=self.needed.__getitem__)
            check_memory(f"The image {files[largest]}", self.needed[largest], "leave it out")

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of all pictures together."""
        return len(self.files), *self.first.shape

    def column(self):
        """All of them as a `Column`, or these themselves; `None` if none can be read.

        Broken ones are noted in `broken`, and have no place in what is returned.
        """
        self.first = next(self._readable(), None)
        if self.first is None:
            return None
        if self.fit():
            images = empty(self.shape, np.uint8)
            images[self.row_of_first] = self.first
            others = [row for row in range(len(self)) if row != self.row_of_first]
            self.decode(others, lambda i, x: images.__setitem__(others[i], x), note=True)
            return Column(images)
        needed, free = in_words(math.prod(self.shape)), in_words(free_memory() or 0)
        warnings.warn(
            f"{len(self):,} images of {_size(self.first)} would take {needed} of memory, and "
            f"{free} are free: they are decoded again in every pass. With a smaller image_size, or "
            f"fewer images, they would be kept.",
            stacklevel=4,
        )
        self.look()
        return self

    def _readable(self) -> Iterator[np.ndarray]:
        """The pictures that can be read, in order, each decoded when it is asked for."""
        for row in range(len(self.files)):
            if row in self.broken:
                continue
            try:
                with OWN_BOUND:
                    pixels = self._pixels(row)
                self.row_of_first = row
                yield pixels
            except BrokenPictureError as error:
                self.broken[row] = str(error)

    def tell(self) -> None:
        """Warns if pictures have 16 bits per channel."""
        if self.deep:
            warnings.warn(
                f"{len(self.deep):,} of {len(self):,} images have 16 bits per channel, of "
                f"which the upper 8 are taken: the brightest value in them becomes "
                f"{self.brightest} of 255. For all 16, pass an array of floats in [-1, 1].",
                stacklevel=4,
            )

    def __len__(self):
        return len(self.files)

    def fit(self) -> bool:
        """Whether memory holds them all, with room for a training beside them."""
        free = free_memory()
        return free is None or WHILE_HELD * math.prod(self.shape) <= free

    def decode(self, rows, place: Callable[[int, np.ndarray], None], note: bool = False) -> None:
        """Decodes some pictures, several at a time, as many as the room for them allows.

        Args:
            rows: The numbers of the pictures.
            place: A function of the place of a number in `rows`, and its picture.
            note: Whether files that cannot be read are noted in `broken`. Defaults to `False`: each
                is an error.

        Raises:
            ValueError: For a file that cannot be read, or of another size than the first.
        """

        def decode_one(each):
            index, row = each
            if row in self.broken:
                return
            with self.room.of(self.needed[row]):
                try:
                    pixels = self._pixels(row)
                except BrokenPictureError as error:
                    if not note:
                        raise
                    self.broken[row] = str(error)
                    return
                if pixels.shape != self.first.shape:
                    raise ValueError(
                        f"Images of different sizes: {self.files[self.row_of_first]} is "
                        f"{_size(self.first)} and {self.files[row]} is {_size(pixels)}; pass "
                        f"image_size to crop and resize."
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

    def _pixels(self, row: int) -> np.ndarray:
        """A picture, cropped and resized, as bytes."""
        file = self.files[row]
        try:
            image = opened(file, self.reading)
            if image.info["deep"]:
                self.deep.add(row)
                self.brightest = max(self.brightest, *(end for _, end in _extrema(image)))
            return _fitted(image, file, self.image_size, self.crop)
        except MemoryError as error:
            raise ValueError(
                f"There is not enough memory to decode the image {file}: leave it out, or make it "
                f"smaller."
            ) from error

    def look(self) -> None:
        """Decodes every picture once, to find broken files and the extremes, and keeps none."""
        ends = np.empty((len(self), 2), np.uint8)

        def look_at(index, pixels):
            ends[index] = pixels.min(), pixels.max()

        self.decode(range(len(self)), look_at, note=True)
        if self.broken:
            return
        self.ends = tuple(map(float, signed_values(np.array([ends[:, 0].min(), ends[:, 1].max()]))))

    def taken(self, rows) -> np.ndarray:
        """Returns these pictures as an array of bytes."""
        with OWN_BOUND:
            for row in rows:  # a file may have changed
                pixels_of(self.files[row], self.reading.max_pixels)
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


def _extrema(image: Image.Image) -> list[tuple[int, int]]:
    """The lowest and highest value of each channel."""
    found = image.getextrema()
    return list(found) if isinstance(found[0], tuple) else [found]


def _fitted(image: Image.Image, file, image_size: Sides | None, crop: Sides | None) -> np.ndarray:
    if crop is not None and (crop[0] > image.height or crop[1] > image.width):
        raise ValueError(
            f"{file} is {image.width} x {image.height}: too small for "
            f"crop={crop[0] if crop[0] == crop[1] else crop}."
        )
    if crop is not None:
        image = _middle(image, *crop)
    if image_size is not None:
        image = _middle(image, *largest_part(image.height, image.width, image_size))
        image = image.resize(image_size[::-1], Image.Resampling.BILINEAR)
    return np.asarray(image)
