"""Loads every data set: by name, from a folder, from a file, or from arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from keras_gan.arguments import as_question, height_and_width, near_path, whole
from keras_gan.data import array_files, arrays, digits, images, synthetic, tfds_images
from keras_gan.data.columns import Stored
from keras_gan.data.folder import in_folder
from keras_gan.data.lazy import tf
from keras_gan.data.lmdb_files import in_lmdb, is_lmdb
from keras_gan.data.names import DATASETS, PACKAGED, is_own
from keras_gan.data.packaged import known
from keras_gan.data.picture_sets import PictureSet
from keras_gan.data.reading import reading_of
from keras_gan.data.sides import Sides
from keras_gan.data.zip_files import in_zip
from keras_gan.files.limits import limited


def load(
    source: Any,
    split: str = "train",
    image_size: int | tuple[int, int] | None = None,
    labels: bool | str = False,
    seed: int = 0,
    crop: int | tuple[int, int] | None = None,
    value_range="auto",
    max_pixels: int | None = None,
    folder: str | Path | None = None,
    alpha: str | tuple[int, int, int] | None = None,
    pages: str | None = None,
    skip_broken: bool = False,
) -> tf.data.Dataset:
    """Loads a data set of single samples, scaled as the networks of this library expect them.

    Images are float32 `(height, width, channels)` in [-1, 1], a byte p becomes p / 127.5 - 1;
    points are float32 `(dim,)`. The order is fixed: `batches` shuffles.

    Float arrays of other ranks are used as they are, such as volumes `(n, depth, height, width,
    channels)`. `(n, height, width)` are grey images; for series pass `value_range=None`.

    Args:
        source: A name in `DATASETS`, or a part of one as in `collection`; the name of any image set
            of TensorFlow Datasets, such as `"cycle_gan/horse2zebra"`, read from `$TFDS_DATA_DIR`
            and downloaded if it is missing; a folder or zip archive of images, searched
            recursively, or an LMDB of them; a file of arrays, `.npy`, `.npz`, `.h5` or `.hdf5`; an
            array of images or points, uint8 or float; a pandas DataFrame of numbers, a point a row;
            or a pair of arrays `(x, y)`.
        split: `"train"`, `"test"` or, for TensorFlow Datasets, any split string, such as
            `"train[:1000]"`. Folders and archives have the splits that their folders are named
            after, such as `train`, `val` and `test`; otherwise they, `"digits"` and arrays have
            only `"train"`. Defaults to "train".
        image_size: (height, width) in pixels that images are cropped (in the middle, to this ratio)
            and resized (antialiased) to, or one number of both. Defaults to None, which keeps their
            size.
        labels: Whether to yield pairs `(x, label)` with an int32 class: a digit, the component of a
            mixture, what StyleGAN's `dataset.json` in a folder or archive says, the sub-folder on
            the first level with several, the array `labels` or `arr_1` of a file, 100 r + 10 g + b
            for `"stacked_digits"`, the first label of a `collection`. Of a collection also the name
            of any of its labels. Defaults to False.
        seed: Decides the samples of the sets of points and of `"stacked_digits"`; the other data
            sets do not depend on it. Defaults to 0.
        crop: (height, width) in pixels of what to cut out of the middle of images first, or one
            number of both; 20 of MNIST's 28 is the box into which its digits were fitted. Defaults
            to None, which does not crop.
        value_range: Where the values of a float array must lie: a pair (low, high); None for any
            values and any rank, such as series, standardised fields or latents; or "auto": any
            values for points, [-1, 1] for grey and colour images, the order of 1 for all others.
            Defaults to "auto".
        max_pixels: The most pixels, width times height, of one file in a folder of images, checked
            before it is decoded. Defaults to None, for 64 Mi (8,192 x 8,192).
        folder: Where the files of `"glyphs"`, `"emoji"` and `"clipart"` are, as in `collection`.
            Defaults to None.
        alpha: What becomes of transparency in files of images: `"keep"` makes it the fourth channel
            of all samples, and a colour such as `"white"`, `"#808080"` or (128, 128, 128) is laid
            below. Defaults to None, which refuses images that are transparent in part.
        pages: What becomes of TIFF, GIF and other files of several pages or frames: `"all"` makes a
            sample of each, `"first"` leaves out the others. Defaults to None, which refuses them.
        skip_broken: Whether files that cannot be read as images are left out, with a warning that
            says which. Defaults to False: they are an error that names all of them.

    Returns:
        A `tf.data.Dataset` of known cardinality. A folder's images are decoded once and held as
        bytes; where memory is too small for all, they are decoded again in every pass.

    Raises:
        ValueError: For an unknown name or split, unreadable or empty data, values outside the
            allowed range, images with too many pixels, or an option that does not apply to the
            source.

    Example:

    >>> from keras_gan import data
    >>> data.load("digits").element_spec.shape
    TensorShape([8, 8, 1])
    >>> len(data.load("ring", split="test", seed=1))
    50000
    """
    sides, cut = (
        None if size is None else height_and_width(name, size)
        for name, size in (("image_size", image_size), ("crop", crop))
    )
    if max_pixels is not None:
        whole("max_pixels", max_pixels)
    if _is_packaged(source):  # drawn in the size that is asked for, unless that is cut out first
        drawn = sides if cut is None else None
        label = None if labels is False else "" if labels is True else labels
        x, y = known.pairs(source, split, drawn, label, folder)
        dataset = arrays.from_arrays(x if y is None else (x, y), y is not None)
    else:
        _check_not_packaged(source, labels, folder)
        with limited(max_pixels=max_pixels):
            reading = reading_of(alpha, pages, skip_broken)
            dataset = _find(source, split, sides, cut, labels, seed, value_range, reading)
    spec = dataset.element_spec[0] if labels else dataset.element_spec
    for name, size in (("image_size", image_size), ("crop", crop)):
        if spec.shape.rank != 3 and size is not None:
            kind = "points" if spec.shape.rank == 1 else "samples"
            raise ValueError(
                f"{name}={size} is for images, but {_describe(source)} holds {kind} of shape "
                f"{tuple(spec.shape)}; leave {name} out."
            )
    is_fitted = _are_pictures(source) or (_is_packaged(source) and cut is None)
    if cut is not None and not is_fitted:
        _check_crop(source, cut, spec.shape)

    def prepare(x):
        if cut is not None and not is_fitted:
            x = images.cut_middle(x, *cut)
            x.set_shape((*cut, spec.shape[-1]))
        if sides is not None and not is_fitted:
            x = images.fit(x, sides)
        return images.to_signed(x) if x.dtype == tf.uint8 else x

    if image_size is None and crop is None and spec.dtype != tf.uint8:
        return dataset
    columns, resized = getattr(dataset, "columns", None), image_size is not None or crop is not None
    each = (lambda x, label: (prepare(x), label)) if labels else prepare
    dataset = dataset.map(each, tf.data.AUTOTUNE)
    if columns is not None and (is_fitted or not resized):
        dataset.held = Stored(dataset.element_spec, columns, len(columns[0]))
    return dataset


def _check_crop(source, cut: Sides, shape) -> None:
    """Refuses to cut out more than images have, as far as their size is known."""
    if any(side is not None and part > side for part, side in zip(cut, shape, strict=False)):
        raise ValueError(
            f"crop={cut[0] if cut[0] == cut[1] else cut} cuts the middle out of images, but those "
            f"of {_describe(source)} have the shape {tuple(shape)}: pass a smaller crop."
        )


def _find(source, split, image_size, crop, labels, seed, value_range, reading) -> tf.data.Dataset:
    if isinstance(source, str) and source in synthetic.PLANE:
        _check_split(source, split, synthetic.SPLITS)
        return synthetic.points(source, split, labels, seed)
    if isinstance(source, str) and source == "stacked_digits":
        _check_split(source, split, synthetic.SPLITS)
        return digits.stacked_digits(split, labels, seed)
    if isinstance(source, str) and source == "digits":
        _check_split(source, split, ("train",))
        return digits.digits(labels)
    if _are_pictures(source):
        return _pictures(Path(source), image_size).dataset(split, image_size, labels, crop, reading)
    if _is_path(source) and array_files.is_array_file(str(source)):
        _check_split(source, split, ("train",))
        source = array_files.array_in(source)
    elif _is_path(source) and Path(source).is_file():
        raise ValueError(
            f"{str(source)!r} is a file of another kind: pass a folder or zip archive of images, "
            f"an LMDB, or a .npy, .npz or .h5 file of arrays."
        )
    if isinstance(source, str) and source.startswith((".", "/", "~")):
        raise ValueError(
            f"There is no folder {source!r}{near_path(source)}: pass the path of a folder of "
            f"images, or of a file of them."
        )
    if isinstance(source, str):
        return _from_tfds(source, split, labels)
    _check_split(source, split, ("train",))
    return arrays.from_arrays(source, labels, value_range)


def _is_packaged(source: Any) -> bool:
    return isinstance(source, str) and is_own(source) and source.partition("/")[0] in PACKAGED


def _check_not_packaged(source: Any, labels, folder) -> None:
    """Refuses options of packaged sets for others."""
    if folder is not None:
        raise ValueError(
            f"folder={folder!r} is for {', '.join(PACKAGED)}; received {_describe(source)}: leave "
            f"folder out."
        )
    if not isinstance(labels, bool):
        raise ValueError(
            f"labels must be True or False for {_describe(source)}, or the name of a label for "
            f"{', '.join(PACKAGED)}; received {labels!r}."
        )


def _are_pictures(source: Any) -> bool:
    """Whether a source is a folder, an archive or a data base of pictures."""
    if not _is_path(source) or array_files.is_array_file(str(source)):
        return False
    path = Path(source)
    is_other_path = isinstance(source, Path) and not path.is_file()  # which need not exist
    return is_other_path or path.is_dir() or is_lmdb(path) or _is_zip(path)


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip" and path.is_file()


def _pictures(path: Path, image_size: Sides | None) -> PictureSet:
    if is_lmdb(path):
        return in_lmdb(path, image_size)
    return in_zip(path) if _is_zip(path) else in_folder(path)


def _is_path(source: Any) -> bool:
    return isinstance(source, Path) or (
        isinstance(source, str) and source != "" and not is_own(source)
    )


def _from_tfds(name: str, split: str, labels: bool) -> tf.data.Dataset:
    builder = tfds_images.find(name)
    if builder is not None:
        return tfds_images.from_builder(builder, name, split, labels)
    hint = as_question(near_path(name, [*DATASETS, *tfds_images.names()])) or "."
    raise ValueError(
        f"Unknown data set {name!r}{hint} Known: {', '.join(map(repr, DATASETS))}, any other "
        "image set of TensorFlow Datasets by its name there, and folders and files by their path."
    )


def _check_split(source: Any, split: str, allowed: tuple[str, ...]) -> None:
    if split not in allowed:
        raise ValueError(
            f"{_describe(source)} has no split {split!r}; allowed: {', '.join(allowed)}."
        )


def _describe(source: Any) -> str:
    return repr(str(source)) if isinstance(source, str | Path) else "An array"
