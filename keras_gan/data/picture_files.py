"""Pictures in files, archives and data bases, as red, green and blue of 8 bits each."""

from __future__ import annotations

import dataclasses
import io
import os
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from keras_gan.data.reading import Reading
from keras_gan.files.limits import how_to_raise

# The formats of photographs and drawings. Pillow knows others by their first bytes, whatever the
# name of the file, and hands some of them to other programs.
_FORMATS = ("PNG", "JPEG", "MPO", "BMP", "DIB", "GIF", "WEBP", "TIFF", "PPM", "AVIF", "JPEG2000")
_REDUCED = 1  # bit of TIFF's NewSubfileType, tag 254: a smaller copy of another page


class BrokenPictureError(ValueError):
    """A file that cannot be read as a picture."""


@dataclasses.dataclass(frozen=True)
class PictureFile:
    """A file of one picture, or one page of a file.

    Args:
        path: The file.
        page: The number of the page in the file. Defaults to `None`: the file has one.
    """

    path: Path
    page: int | None = None

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    def __str__(self):
        return repr(str(self.path)) + ("" if self.page is None else f", page {self.page + 1}")

    def opened(self) -> Image.Image:
        """The picture, of which the header is read."""
        return Image.open(self.path, formats=formats())

    def state(self) -> tuple:
        """What changes when the file is written."""
        found = os.stat(self.path)
        return str(self.path.absolute()), self.page, found.st_ino, found.st_size, found.st_mtime_ns


@dataclasses.dataclass(frozen=True)
class HeldPicture:
    """A picture in an archive or a data base, or one page of it; used like a `PictureFile`.

    Args:
        holder: What it is in: has its `path`, a `state` that changes when it is written, and
            `content(key)`, `text_of(key)`.
        key: Which of its entries.
        page: As of `PictureFile`.
    """

    holder: Any
    key: str | bytes
    page: int | None = None

    @property
    def name(self) -> str:
        """The last part of the key as text."""
        return PurePosixPath(self.holder.text_of(self.key)).name

    def __str__(self):
        page = "" if self.page is None else f", page {self.page + 1}"
        return f"{self.holder.text_of(self.key)!r} in {str(self.holder.path)!r}{page}"

    def opened(self) -> Image.Image:
        """The picture, of which the header is read."""
        return Image.open(io.BytesIO(self.holder.content(self.key)), formats=formats())

    def state(self) -> tuple:
        """What changes when the archive or the data base is written."""
        return str(self.holder.path.absolute()), self.key, self.page, self.holder.state


def pixels_of(picture, max_pixels: int) -> int:
    """Returns the number of pixels of a picture, from its header alone.

    Args:
        picture: A `PictureFile`, or another object with the same methods.
        max_pixels: The most pixels allowed.

    Raises:
        BrokenPictureError: If it cannot be read.
        ValueError: If it has more pixels.
    """
    try:
        with picture.opened() as file:
            if picture.page is not None:
                file.seek(picture.page)
            width, height = file.size
    except Exception as error:  # Pillow's parsers raise whatever they like
        raise BrokenPictureError(f"Cannot read the image {picture}: {error}.") from error
    if width * height > max_pixels:
        raise ValueError(
            f"{picture} is {width} x {height}, {width * height:,} pixels, and may have "
            f"{max_pixels:,}: leave it out, make it smaller, or "
            f"{how_to_raise('max_pixels', width * height)}."
        )
    return width * height


def opened(picture, reading: Reading) -> Image.Image:
    """Returns a picture, upright, as RGB, or with transparency as RGBA.

    The palette, grey, CMYK and others become RGB. Of 16 bits per channel the upper 8 are taken, and
    the picture's `info["deep"]` is `True`.

    Args:
        picture: A `PictureFile`, or another object with the same methods, of any mode.
        reading: The user's choices.

    Raises:
        BrokenPictureError: If it cannot be read.
        ValueError: If RGB would lose a part of it, and no choice says how: several pages or frames,
            transparency, 32 bits per channel.
    """
    try:
        with picture.opened() as file:
            pages = len(page_numbers(file)) if picture.page is None and not reading.pages else 1
            if picture.page is not None:
                file.seek(picture.page)
            mode, is_deep = file.mode, ";16" in _raw_mode(file)
            ImageOps.exif_transpose(file, in_place=True)
            file.load()
            if mode.startswith("I;16") or (mode == "I" and file.format == "PNG"):
                image = Image.fromarray((np.asarray(file) >> 8).astype(np.uint8))
                mode, is_deep = "L", True
            else:
                image = file.convert("RGBA") if file.has_transparency_data else file
            see_through = image.mode == "RGBA" and image.getchannel("A").getextrema()[0] < 255
            if see_through and isinstance(reading.alpha, tuple):
                image = Image.alpha_composite(Image.new("RGBA", image.size, reading.alpha), image)
            image = image if image.mode == reading.mode else image.convert(reading.mode)
            image.info["deep"] = is_deep
    except MemoryError:
        raise
    except Exception as error:  # Pillow's decoders raise whatever they like
        raise BrokenPictureError(f"Cannot read the image {picture}: {error}.") from error
    if mode.startswith(("I", "F")):  # no file says from where to where they reach
        raise ValueError(
            f"{picture} has 32 bits per channel, whose range no file says: convert it to 8 or 16 "
            f"bits, or pass an array of floats in [-1, 1]."
        )
    if pages > 1:
        raise ValueError(
            f"{picture} has {pages} pages or frames: pass pages='all' to make each a sample, or "
            f"pages='first' to leave out the others (at the command line --pages all, or first)."
        )
    if see_through and reading.alpha is None:
        raise ValueError(
            f"{picture} is transparent in part: pass alpha='keep', which makes it a fourth channel "
            f"of all samples, or a colour to lay below, such as alpha='white' (at the command line "
            f"--alpha keep, or white)."
        )
    return image


def pages_of(picture) -> list:
    """The pages of a picture, each like a picture, without smaller copies of others.

    Args:
        picture: A `PictureFile`, or another data class with the same methods.

    Raises:
        BrokenPictureError: If it cannot be read.
    """
    try:
        with picture.opened() as file:
            numbers = page_numbers(file)
    except Exception as error:  # Pillow's parsers raise whatever they like
        raise BrokenPictureError(f"Cannot read the image {picture}: {error}.") from error
    if len(numbers) == 1:
        return [picture]
    return [dataclasses.replace(picture, page=number) for number in numbers]


def page_numbers(file: Image.Image) -> list[int]:
    """The numbers of the pictures in an open file, without smaller copies of them."""
    count = getattr(file, "n_frames", 1)
    if count == 1 or file.format == "MPO":  # whose first picture is the photograph, by its standard
        return [0]
    if file.format != "TIFF":
        return list(range(count))
    own = []
    for page in range(count):
        file.seek(page)
        if not file.tag_v2.get(254, 0) & _REDUCED:
            own.append(page)
    file.seek(0)
    return own


def _raw_mode(file: Image.Image) -> str:
    """What Pillow's decoder reads, such as "RGB;16B", of which it keeps the upper bytes."""
    tiles = getattr(file, "tile", None) or []
    arguments = tiles[0][3] if tiles and len(tiles[0]) > 3 else ""
    arguments = arguments if isinstance(arguments, tuple) else (arguments,)
    return " ".join(map(str, arguments))


def formats() -> tuple[str, ...]:
    """Returns those of our formats that this Pillow can read."""
    Image.init()
    return tuple(name for name in _FORMATS if name in Image.OPEN)
