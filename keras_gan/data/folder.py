"""Data sets from a folder of image files."""

from __future__ import annotations

import concurrent.futures
import warnings
from pathlib import Path

import numpy as np
from PIL import Image

from keras_gan.data.decoding import A_PIXEL, OWN_BOUND, Room
from keras_gan.data.lazy import tf
from keras_gan.data.picture_files import opened, pixels_of
from keras_gan.files.limits import WHILE_HELD, check_memory, limited

WORKERS = 4  # threads that decode
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm"})
SPLITS = frozenset({"train", "training", "val", "valid", "validation", "dev", "test", "testing"})


def from_folder(
    folder: str | Path,
    image_size: int | None,
    labels: bool,
    crop: int | None = None,
    max_pixels: int | None = None,
) -> tf.data.Dataset:
    """Builds a data set from all images under a folder, in the order of their paths.

    Every file is decoded at once, so that a broken one is found before training; the images are
    held in memory as bytes, `(height, width, 3)`. Hidden files are ignored, and so are, with a
    warning, files with other endings.

    Args:
        folder: The folder; its sub-folders are searched too.
        image_size: Side in pixels of the squares that images are cropped and resized to; None
            keeps their size.
        labels: Whether to yield pairs. The label is the number of the file's sub-folder, in
            alphabetical order, on the first level with several sub-folders.
        crop: Side in pixels of the square to cut out of the middle first; None does not crop.
        max_pixels: The most pixels of one image, checked before it is decoded; None for the default
            of `kg.data.load`.

    Raises:
        ValueError: For a folder without images, more images than memory holds, a file that cannot
            be read, has too many pixels or holds anything but one opaque picture of 8 bits per
            channel, different sizes, or, with labels, images outside any sub-folder, or sub-folders
            that are splits.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"{str(folder)!r} is not a folder.")
    files = sorted(path for path in folder.rglob("*") if _is_image(path.relative_to(folder)))
    files = [path for path in files if path.is_file()]
    if not files:
        raise ValueError(
            f"The folder {str(folder)!r} holds no images; looked, in its sub-folders too, for "
            f"{' '.join(sorted(SUFFIXES))}."
        )
    _tell_of_others(folder)
    classes = _classes(folder, files) if labels else None
    with limited(max_pixels=max_pixels) as limits, OWN_BOUND:
        x = _decode(files, image_size, crop, limits.max_pixels)
    return tf.data.Dataset.from_tensor_slices((x, classes) if labels else x)


def _is_image(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return path.suffix.lower() in SUFFIXES and not hidden


def _tell_of_others(folder: Path) -> None:
    """Warns of files that are ignored because of their names."""
    visible = [path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file()]
    others = [
        path
        for path in visible
        if not _is_image(path) and not any(part.startswith(".") for part in path.parts)
    ]
    if others:
        names = ", ".join(map(str, others[:3])) + (", …" if len(others) > 3 else "")
        warnings.warn(
            f"In the folder {str(folder)!r}, {len(others)} files are ignored, because their names "
            f"do not end like those of images ({' '.join(sorted(SUFFIXES))}): {names}",
            stacklevel=2,
        )


def _classes(folder: Path, files: list[Path]) -> np.ndarray:
    parts = [path.relative_to(folder).parts for path in files]
    while all(len(names) > 2 for names in parts) and len({names[0] for names in parts}) == 1:
        parts = [names[1:] for names in parts]  # one folder around all classes, such as `train`
    for path, names in zip(files, parts, strict=True):
        if len(names) == 1:
            raise ValueError(
                f"labels=True takes the class from the sub-folder, but {str(path)!r} is in "
                f"no sub-folder."
            )
    _check_no_splits(folder, parts)
    names = sorted({names[0] for names in parts})
    return np.array([names.index(path_parts[0]) for path_parts in parts], np.int32)


def _check_no_splits(folder: Path, parts: list[tuple[str, ...]]) -> None:
    """Refuses `train` and `test` as classes, where each has the classes in it."""
    below = {}
    for names in parts:
        below.setdefault(names[0], set()).add(names[1] if len(names) > 2 else None)
    splits = [name for name in below if name.lower() in SPLITS and None not in below[name]]
    if len(splits) == len(below):
        classes = ", ".join(sorted(set.union(*below.values())))
        raise ValueError(
            f"The sub-folders {', '.join(sorted(below))} of {str(folder)!r} look like splits, each "
            f"with the classes {classes} in it: load one of them, such as "
            f"{str(folder / sorted(splits)[-1])!r}."
        )


def _decode(
    files: list[Path], image_size: int | None, crop: int | None, max_pixels: int
) -> np.ndarray:
    needed = [A_PIXEL * pixels_of(path, max_pixels) for path in files]
    largest = max(range(len(files)), key=needed.__getitem__)
    check_memory(f"The image {str(files[largest])!r}", needed[largest], "leave it out")
    first = _pixels(files[0], image_size, crop)
    check_memory(
        f"{len(files):,} images of {_size(first)}",
        WHILE_HELD * len(files) * first.nbytes,
        "pass a smaller image_size, or load fewer",
    )
    images, room = np.empty((len(files), *first.shape), np.uint8), Room()

    def place(index):
        with room.of(needed[index]):
            pixels = _pixels(files[index], image_size, crop)
            if pixels.shape != first.shape:
                raise ValueError(
                    f"Images of different sizes: {str(files[0])!r} is {_size(first)} and "
                    f"{str(files[index])!r} is {_size(pixels)}; pass image_size to crop and resize."
                )
            images[index] = pixels

    # A thread keeps the memory that it has used, so large pictures are decoded in this one.
    for index in (i for i, each in enumerate(needed) if each > room.size):
        place(index)
    small = [i for i, each in enumerate(needed) if each <= room.size]
    with concurrent.futures.ThreadPoolExecutor(min(WORKERS, len(files))) as pool:
        list(pool.map(place, small))
    return images


def _size(pixels: np.ndarray) -> str:
    return f"{pixels.shape[1]} x {pixels.shape[0]}"


def _middle(image: Image.Image, side: int) -> Image.Image:
    if image.size == (side, side):
        return image
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def _pixels(path: Path, image_size: int | None, crop: int | None) -> np.ndarray:
    try:
        image = opened(path)
        if crop is not None and crop > min(image.size):
            raise ValueError(
                f"{str(path)!r} is {image.width} x {image.height}: too small for crop={crop}."
            )
        if crop is not None:
            image = _middle(image, crop)
        if image_size is not None:
            image = _middle(image, min(image.size))
            image = image.resize((image_size, image_size), Image.Resampling.BILINEAR)
        return np.asarray(image)
    except MemoryError as error:
        raise ValueError(
            f"There is not enough memory to decode the image {str(path)!r}: leave it out, or make "
            f"it smaller."
        ) from error
