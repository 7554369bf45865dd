"""The two data sets of a translation."""

import functools

READ_AT_ONCE = 1000  # images


class Domains:
    """The data of a run: two sets of images.

    Args:
        settings: As in `Entry.open`.

    Raises:
        ValueError: For data that cannot be read.
    """

    def __init__(self, settings):
        self.settings = settings
        self.x = opened(settings, "x")
        self.shape = shape_of(self.x)

    @functools.cached_property
    def y(self):
        """The set of images of domain y."""
        return opened(self.settings, "y")

    @property
    def both(self) -> list:
        """x and y."""
        return [self.x, self.y]


def opened(settings, domain: str, labels: bool = False):
    """The training data of domain `"x"` or `"y"`, with or without labels."""
    from keras_gan.families.datasets import open_dataset

    if domain == "x":
        return open_dataset(settings, labels)
    target = settings.replaced(dataset=settings.target)
    return open_dataset(target, labels, crop=settings.target_crop)


def enlarged(dataset, settings, number: int):
    """The training images of a domain, with distorted copies if `--copies` asks for them.

    Args:
        dataset: What `opened` returned, of images.
        settings: The run's settings, of which `copies` and `seed` count.
        number: 0 for x, 1 for y, whose copies are distorted differently.
    """
    import numpy as np

    from keras_gan.data import with_copies

    if settings.copies is None:
        return dataset
    images = np.concatenate(list(dataset.batch(READ_AT_ONCE).as_numpy_iterator()))
    return with_copies(images, settings.copies, [settings.seed, number])


def shape_of(dataset) -> tuple[int, ...]:
    """The shape of one sample in a data set from `kg.data.load`."""
    return tuple(dataset.element_spec.shape)
