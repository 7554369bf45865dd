"""The real samples for training and scoring a run."""

import numpy as np

from keras_gan.data.array_files import is_array_file
from keras_gan.data.names import REFUSE
from keras_gan.metrics.reference import Reference, draw_reference


def open_dataset(settings, labels: bool = False, crop: int | None = None):
    """The training split as a `tf.data.Dataset` of single samples.

    Args:
        settings: The run's settings, of which `dataset` and `image_size` count.
        labels: Whether the elements are pairs of a sample and its class.
        crop: As in `kg.data.load`.

    Raises:
        ValueError: As `kg.data.load`.
    """
    from keras_gan.data import load

    name = settings.dataset
    of_series = getattr(settings, "network", None) == "conv1d"
    dataset = load(
        name,
        image_size=settings.image_size,
        labels=labels,
        crop=crop,
        value_range=None if of_series and is_array_file(name) else "auto",
        **choices(settings),
    )
    return with_wanted_channels(dataset, settings, name)


def choices(settings) -> dict:
    """What `kg.data.load` does with pictures of several pages, transparent or broken ones.

    Args:
        settings: The run's; those of earlier releases do not have all of them. Four channels mean
            that transparency is kept.
    """
    found = {name: getattr(settings, name, REFUSE) for name in ("alpha", "pages")}
    if getattr(settings, "channels", None) == 4 and found["alpha"] == REFUSE:
        found["alpha"] = "keep"
    chosen = {name: None if value == REFUSE else value for name, value in found.items()}
    return {**chosen, "skip_broken": getattr(settings, "skip_broken", False)}


def with_wanted_channels(dataset, settings, name: str):
    """The data set with as many channels as settings say.

    Args:
        dataset: Of `kg.data.load`.
        settings: The run's settings, of which `channels` counts.
        name: What it is called.

    Raises:
        ValueError: For channels that cannot be made of those of the data.
    """
    from keras_gan.data.channels import with_channels

    channels = getattr(settings, "channels", None)
    return dataset if channels is None else with_channels(dataset, channels, name)


def in_words(name: str, dataset, shape: tuple[int, ...]) -> str:
    """The name of a data set, the number of its samples where it is known, and what one is.

    Args:
        name: Its name, or its path.
        dataset: What `open_dataset` returned.
        shape: The shape of one sample.
    """
    from keras_gan.models.printed import shape_in_words

    count = int(dataset.cardinality())
    return f"{name}, {f'{count:,} ' if count >= 0 else ''}{shape_in_words(shape)}"


def open_test_split(settings, labels: bool = False):
    """Opens the test split, as single samples; returns `None` for data that have none.

    Args:
        settings: The run's settings, of which `dataset` and `image_size` count.
        labels: Whether the elements are pairs with a class.
    """
    from keras_gan.data import load

    try:
        dataset = load(
            settings.dataset, "test", settings.image_size, labels=labels, **choices(settings)
        )
    except ValueError:
        return None
    return with_wanted_channels(dataset, settings, settings.dataset)


def held_out(settings, count: int) -> tuple:
    """The first samples of the test split, or of the training split where there is none.

    Args:
        settings: The run's.
        count: How many.

    Returns:
        The samples, their labels or `None`, and the name of the split.
    """
    labelled = bool(settings.labels)
    dataset, split = open_test_split(settings, labelled), "test"
    if dataset is None:
        dataset, split = open_dataset(settings, labelled), "training"
    first = list(dataset.take(count).as_numpy_iterator())
    if not labelled:
        return np.stack(first), None, split
    samples, labels = zip(*first, strict=True)
    return np.stack(samples), np.stack(labels), split


def open_reference(settings) -> Reference:
    """The real samples for the scores, with labels if the data set has them.

    Args:
        settings: The run's settings, of which `dataset`, `image_size`, `score_samples` and `seed`
            count.

    Raises:
        ValueError: As `draw_reference`.
    """
    try:
        dataset, labelled = open_dataset(settings, labels=True), True
    except ValueError:  # a data set without labels
        dataset, labelled = open_dataset(settings), False
    return draw_reference(dataset, settings.score_samples, settings.seed, labelled)
