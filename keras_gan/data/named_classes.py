"""What the classes of a data set are called."""

from __future__ import annotations

import pathlib

from keras_gan.data.names import DATASETS


def class_names(source) -> list[str] | None:
    """The names of the classes that `kg.data.load(source, labels=True)` numbers, in their order.

    Those of a folder are its sub-folders on the first level with several, in alphabetical order;
    those of TensorFlow Datasets are in its description of the set.

    Args:
        source: As in `kg.data.load`.

    Returns:
        The names, or `None` where classes are mere numbers, as of arrays and handwritten digits.

    Example:

    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> for name in ("tree/1.png", "flower/1.png"):
    ...     (folder / name).parent.mkdir()
    ...     (folder / name).touch()
    >>> class_names(folder)
    ['flower', 'tree']
    """
    if not isinstance(source, (str, pathlib.Path)):
        return None
    if source not in DATASETS and pathlib.Path(source).is_dir():
        found = _sub_folders(pathlib.Path(source))
    else:
        found = _of_tfds(str(source))
    is_numbered = found == [str(number) for number in range(len(found or ()))]
    return None if is_numbered or not found else found


def _sub_folders(folder: pathlib.Path) -> list[str]:
    """The sub-folders with images on the first level that has several."""
    inside = sorted(path for path in folder.iterdir() if path.is_dir() and _has_images(path))
    has_images = any(_is_image(path) for path in folder.iterdir())
    if len(inside) == 1 and not has_images:
        return _sub_folders(inside[0]) or [inside[0].name]
    return [path.name for path in inside]


def _has_images(folder: pathlib.Path) -> bool:
    """Whether a folder that is not hidden holds images at any depth."""
    return not folder.name.startswith(".") and any(map(_is_image, folder.rglob("*")))


def _is_image(path: pathlib.Path) -> bool:
    """Whether a path looks like an image that `kg.data.load` reads."""
    from keras_gan.data.picture_sets import SUFFIXES

    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def _of_tfds(name: str) -> list[str] | None:
    """The names in the description of an image set of TensorFlow Datasets."""
    from keras_gan.data import tfds_images

    builder = (
        None if name in ("", *set(DATASETS) - {"mnist", "cifar10"}) else tfds_images.find(name)
    )
    features = {} if builder is None else dict(builder.info.features)
    label = features.get("label")
    return list(label.names) if hasattr(label, "names") else None
