"""Data sets from a folder of image files."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

from keras_gan.data.columns import Column
from keras_gan.data.lazy import tf
from keras_gan.data.pictures import column_of
from keras_gan.data.sides import Sides
from keras_gan.files.limits import limited

AT_ONCE = 16  # pictures that are decoded together where memory does not hold all
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm"})
SPLITS = frozenset({"train", "training", "val", "valid", "validation", "dev", "test", "testing"})


def from_folder(
    folder: str | Path,
    image_size: Sides | None,
    labels: bool,
    crop: Sides | None = None,
    max_pixels: int | None = None,
) -> tf.data.Dataset:
    """Builds a data set from all images under a folder, in the order of their paths.

    Every file is decoded at once, so that a broken one is found before training; the images are
    held in memory as bytes, `(height, width, 3)`, and where memory is too small for all of them
    they are decoded again in every pass. Hidden files are ignored, and so are, with a warning,
    files with other endings.

    Args:
        folder: The folder; its sub-folders are searched too.
        image_size: Height and width in pixels that images are cropped and resized to; None keeps
            their size.
        labels: Whether to yield pairs. The label is the number of the file's sub-folder, in
            alphabetical order, on the first level with several sub-folders.
        crop: Height and width of what to cut out of the middle first; None does not crop.
        max_pixels: The most pixels of one image, checked before it is decoded; None for the default
            of `kg.data.load`.

    Raises:
        ValueError: For a folder without images, a file that cannot be read, has too many pixels or
            holds anything but one opaque picture of 8 bits per channel, different sizes, or, with
            labels, images outside any sub-folder, or sub-folders that are splits.

    Warns:
        UserWarning: For files that are ignored, and where memory is too small for all images.
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
    with limited(max_pixels=max_pixels) as limits:
        x = column_of(files, image_size, crop, limits.max_pixels)
    columns = [x] if classes is None else [x, Column(classes)]
    dataset = _slices(columns) if isinstance(x, Column) else _decoded_again(columns)
    dataset.columns = columns
    return dataset


def _slices(columns: list[Column]) -> tf.data.Dataset:
    x, *labels = (column.tensor for column in columns)
    return tf.data.Dataset.from_tensor_slices((x, *labels) if labels else x)


def _decoded_again(columns: list) -> tf.data.Dataset:
    def samples(rows):
        x, *labels = (column.gathered(rows) for column in columns)
        return (x, *labels) if labels else x

    count = len(columns[0])
    dataset = tf.data.Dataset.range(count).batch(AT_ONCE).map(samples).unbatch()
    return dataset.apply(tf.data.experimental.assert_cardinality(count))


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
