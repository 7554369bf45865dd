"""Files of one picture each: opaque, of 8 bits per channel."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageOps

from keras_gan.files.limits import how_to_raise

# The formats of photographs and drawings. Pillow knows others by their first bytes, whatever the
# name of the file, and hands some of them to other programs.
_FORMATS = ("PNG", "JPEG", "MPO", "BMP", "DIB", "GIF", "WEBP", "TIFF", "PPM", "AVIF", "JPEG2000")
_REDUCED = 1  # bit of TIFF's NewSubfileType, tag 254: a smaller copy of another page


def pixels_of(path: Path, max_pixels: int) -> int:
    """Returns the number of pixels of the picture in a file, from its header alone.

    Args:
        path: An image file.
        max_pixels: The most pixels allowed.

    Raises:
        ValueError: If the file cannot be read or has more pixels.
    """
    try:
        with Image.open(path, formats=_formats()) as file:
            width, height = file.size
    except Exception as error:  # Pillow's parsers raise whatever they like
        raise ValueError(f"Cannot read the image {str(path)!r}: {error}.") from error
    if width * height > max_pixels:
        raise ValueError(
            f"{str(path)!r} is {width} x {height}, {width * height:,} pixels, and may have "
            f"{max_pixels:,}: leave it out, make it smaller, or "
            f"{how_to_raise('max_pixels', width * height)}."
        )
    return width * height


def opened(path: Path) -> Image.Image:
    """Returns the picture in a file, upright, as RGB.

    Args:
        path: An image file, of any mode.

    Raises:
        ValueError: If the file cannot be read, or if RGB would lose a part of it: several pages or
            frames, transparency, more than 8 bits per channel.
    """
    try:
        with Image.open(path, formats=_formats()) as file:
            pages, mode = _pages(file), file.mode
            ImageOps.exif_transpose(file, in_place=True)
            file.load()
            image = file.convert("RGBA") if file.has_transparency_data else file
            see_through = image.mode == "RGBA" and image.getchannel("A").getextrema()[0] < 255
            image = image if image.mode == "RGB" else image.convert("RGB")
    except MemoryError:
        raise
    except Exception as error:  # Pillow's decoders raise whatever they like
        raise ValueError(f"Cannot read the image {str(path)!r}: {error}.") from error
    if mode.startswith(("I", "F")):  # convert("RGB") would clip these at 255
        raise ValueError(f"{str(path)!r} has more than 8 bits per channel; convert it to 8 bits.")
    if pages > 1:
        raise ValueError(
            f"{str(path)!r} has {pages} pages or frames, of which only the first would be seen: "
            f"save those that you want as files of their own, for i, page in enumerate("
            f"PIL.ImageSequence.Iterator(PIL.Image.open(path))): page.convert('RGB').save("
            f"f'page_{{i}}.png')."
        )
    if see_through:
        raise ValueError(
            f"{str(path)!r} is transparent in part, and samples are red, green and blue alone: lay "
            f"it on a colour first, image = PIL.Image.open(path).convert('RGBA'); "
            f"PIL.Image.alpha_composite(PIL.Image.new('RGBA', image.size, 'white'), image)"
            f".convert('RGB').save(path)."
        )
    return image


def _formats() -> tuple[str, ...]:
    """Returns those of our formats that this Pillow can read."""
    Image.init()
    return tuple(name for name in _FORMATS if name in Image.OPEN)


def _pages(file: Image.Image) -> int:
    """Returns the number of pictures in a file, without smaller copies of them."""
    count = getattr(file, "n_frames", 1)
    if count == 1 or file.format == "MPO":  # whose first picture is the photograph, by its standard
        return 1
    if file.format != "TIFF":
        return count
    own = 0
    for page in range(count):
        file.seek(page)
        own += not file.tag_v2.get(254, 0) & _REDUCED
    file.seek(0)
    return own
