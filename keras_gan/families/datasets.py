"""The real samples that a run trains on and is scored against."""

import pathlib

from keras_gan.data.array_files import array_in, is_array_file
from keras_gan.metrics.reference import Reference, draw_reference


def located(name: str) -> str:
    """The name of a data set, as an absolute path where it is a file or a folder."""
    from keras_gan.data import DATASETS

    is_path = name not in DATASETS and pathlib.Path(name).exists()
    return str(pathlib.Path(name).resolve()) if is_path else name


def open_dataset(settings, labels: bool = False, crop: int | None = None):
    """The training split as a `tf.data.Dataset` of single samples.

    Args:
        settings: `dataset` and `image_size` count.
        labels: Whether the elements are pairs with a class.
        crop: As in `kg.data.load`.

    Raises:
        ValueError: As `kg.data.load`.
    """
    from keras_gan.data import load

    source = array_in(settings.dataset) if is_array_file(settings.dataset) else settings.dataset
    return load(source, image_size=settings.image_size, labels=labels, crop=crop)


def open_reference(settings) -> Reference:
    """The real samples that scores compare with; with labels where the data set has some.

    Args:
        settings: `dataset`, `image_size`, `score_samples` and `seed` count.

    Raises:
        ValueError: As `draw_reference`.
    """
    try:
        dataset, labelled = open_dataset(settings, labels=True), True
    except ValueError:  # a data set without labels
        dataset, labelled = open_dataset(settings), False
    return draw_reference(dataset, settings.score_samples, settings.seed, labelled)
