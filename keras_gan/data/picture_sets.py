"""Data sets of pictures that have names: their splits, classes and pages."""

from __future__ import annotations

import dataclasses
import json
from pathlib import PurePosixPath

import numpy as np

from keras_gan.data.columns import Column
from keras_gan.data.lazy import tf
from keras_gan.data.picture_columns import column_of
from keras_gan.data.picture_files import BrokenPictureError, pages_of
from keras_gan.data.reading import Reading
from keras_gan.data.sides import Sides

AT_ONCE = 16  # pictures that are decoded together where memory does not hold all
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm"})
LISTING = "dataset.json"  # of StyleGAN, with the classes of all images, or null
SPLITS = {  # by the names of folders
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "validation"),
    **dict.fromkeys(("test", "testing"), "test"),
}


def is_picture(name: PurePosixPath) -> bool:
    """Whether a name is that of a picture that is neither hidden nor an operating system's."""
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in name.parts)
    return name.suffix.lower() in SUFFIXES and not hidden


@dataclasses.dataclass(frozen=True)
class PictureSet:
    """Pictures by their names within a folder or archive.

    Args:
        place: The folder or archive, for messages.
        pictures: `PictureFile`s, or others with the same methods, by relative paths, in order.
        listing: The bytes of its `dataset.json`. Defaults to `None`: it has none.
    """

    place: str
    pictures: dict[PurePosixPath, object]
    listing: bytes | None = None

    def dataset(
        self,
        split: str,
        image_size: Sides | None,
        labels: bool,
        crop: Sides | None,
        reading: Reading,
    ) -> tf.data.Dataset:
        """The data set of one split, decoded once and held as bytes where memory is large enough.

        Args:
            split: As in `kg.data.load`.
            image_size: Height and width in pixels that images are cropped and resized to; `None`
                keeps their size.
            labels: Whether to yield pairs with a class.
            crop: Height and width of what to cut out of the middle first; `None` does not crop.
            reading: The user's choices.

        Raises:
            ValueError: For a split that is not there, pictures that cannot be read, labels that are
                not there, or different sizes.
        """
        names = self._of_split(split)
        classes = self._classes(names) if labels else None
        pictures, rows = [], []
        for row, name in enumerate(names):
            for page in _pages(self.pictures[name], reading):
                pictures.append(page)
                rows.append(row)
        x, kept = column_of(pictures, image_size, crop, reading)
        columns = [x] if classes is None else [x, Column(classes[rows][kept])]
        dataset = _slices(columns) if isinstance(x, Column) else _decoded_again(columns)
        dataset.columns = columns
        return dataset

    def _of_split(self, split: str) -> dict[PurePosixPath, PurePosixPath]:
        """The names of a split's pictures, and what is left of them in the split's folder."""
        tops = {name.parts[0] for name in self.pictures if len(name.parts) > 1}
        flat = any(len(name.parts) == 1 for name in self.pictures)
        deep = all(len(name.parts) > 2 for name in self.pictures)
        there = {SPLITS.get(top.lower()): top for top in sorted(tops, reverse=True)}
        if flat or None in there or not (len(tops) > 1 or deep):
            if split != "train":
                raise ValueError(f"{self.place} has no split {split!r}; allowed: train.")
            return {name: name for name in self.pictures}
        top = there.get(SPLITS.get(split.lower()))
        if top is None:
            raise ValueError(
                f"{self.place} has no split {split!r}; its folders are {', '.join(sorted(tops))}."
            )
        return {name: name.relative_to(top) for name in self.pictures if name.parts[0] == top}

    def _classes(self, names: dict[PurePosixPath, PurePosixPath]) -> np.ndarray:
        if self.listing is not None:
            return _listed(self.listing, self.place, list(names))
        parts = [rest.parts for rest in names.values()]
        while all(len(each) > 2 for each in parts) and len({each[0] for each in parts}) == 1:
            parts = [each[1:] for each in parts]  # one folder around all classes
        for name, each in zip(names, parts, strict=True):
            if len(each) == 1:
                raise ValueError(
                    f"labels=True takes the class from the sub-folder, but {self.pictures[name]} "
                    f"is in no sub-folder."
                )
        classes = sorted({each[0] for each in parts})
        return np.array([classes.index(each[0]) for each in parts], np.int32)


def _pages(picture, reading: Reading) -> list:
    if reading.pages != "all":
        return [picture]
    try:
        return pages_of(picture)
    except BrokenPictureError:  # which is told of with all others
        return [picture]


def _listed(content: bytes, place: str, names: list[PurePosixPath]) -> np.ndarray:
    """The classes of pictures by StyleGAN's `dataset.json`."""
    try:
        pairs = json.loads(content)["labels"]
        found = None if pairs is None else {PurePosixPath(name): label for name, label in pairs}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValueError(
            f'{LISTING} of {place} is not {{"labels": [["name.png", class], …]}}, as StyleGAN has '
            f"it."
        ) from error
    if found is None:
        raise ValueError(
            f"{LISTING} of {place} says that it has no labels (null): leave out labels."
        )
    missing = [name for name in names if name not in found]
    if missing:
        raise ValueError(
            f"{LISTING} of {place} has no label of {len(missing):,} of {len(names):,} images, such "
            f"as {str(missing[0])!r}."
        )
    labels = [found[name] for name in names]
    wrong = [each for each in labels if type(each) is not int or not 0 <= each < 2**31]
    if wrong:
        raise ValueError(
            f"{LISTING} of {place} has the label {str(wrong[0])[:60]}; classes are whole numbers "
            f"from 0 on. Vectors of conditions are passed beside an array of images, as (x, y)."
        )
    return np.array(labels, np.int32)


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
