"""Pairs of images: two folders with equal file names, two data sets of one order, or one file."""

import dataclasses
import pathlib

import numpy as np

from keras_gan.data.array_files import is_array_file

READ_AT_ONCE = 1000  # images
HELD_OUT, MOST_HELD_OUT = 10, 1000  # one pair in ten, at most so many, trains nothing
SEED = 0  # of their choice, whatever that of the run


@dataclasses.dataclass(frozen=True)
class Pairs:
    """Pairs of images, float32 in [-1, 1]: those of training, and those held out for scores.

    Args:
        x: What is translated, array `(n, height, width, channels)`.
        y: What it should become, as many.
        given: x of the pairs that are held out.
        truth: Their y.
    """

    x: np.ndarray
    y: np.ndarray
    given: np.ndarray
    truth: np.ndarray

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one sample of x."""
        return self.x.shape[1:]


def opened(settings) -> Pairs:
    """The pairs of a run, a tenth of them held out.

    Args:
        settings: The run's settings, of which `dataset`, `target`, `image_size`, `target_crop` and
            `channels` count.

    Raises:
        ValueError: For data that cannot be read, or do not belong together.
    """
    x, y = _both(settings)
    if len(x) != len(y):
        raise ValueError(
            f"Each image of --dataset {settings.dataset} needs the one of --target that belongs to "
            f"it; received {len(x)} and {len(y)} of {settings.target}: leave out those without a "
            f"partner."
        )
    if len(x) < 2:
        raise ValueError(f"Pairs need at least two; {settings.dataset} has {len(x)}.")
    order = np.random.default_rng(SEED).permutation(len(x))
    held, rest = np.split(order, [max(1, min(MOST_HELD_OUT, len(x) // HELD_OUT))])
    rest = np.sort(rest)
    return Pairs(x[rest], y[rest], x[held], y[held])


def _both(settings) -> list[np.ndarray]:
    """All images of x and of y."""
    from keras_gan.families.datasets import open_dataset

    if settings.target is None:
        return _of_file(settings)
    folders = [pathlib.Path(name) for name in (settings.dataset, settings.target)]
    if all(map(pathlib.Path.is_dir, folders)):
        check_names(*folders)
    x = open_dataset(settings)
    y = open_dataset(settings.replaced(dataset=settings.target), crop=settings.target_crop)
    return [_array(each) for each in (x, y)]


def _of_file(settings) -> list[np.ndarray]:
    """The two arrays in a file.

    Raises:
        ValueError: For another file, or none.
    """
    from keras_gan.data import load
    from keras_gan.families.datasets import with_wanted_channels
    from keras_gan.files.arrays import pair_in_file

    name, size = settings.dataset, settings.image_size
    if not is_array_file(name) or not pathlib.Path(name).is_file():
        raise ValueError(
            f"--recipe {settings.recipe} learns from pairs: name the folder or data set of what "
            f"translations should look like with --target, or a .npz file with arrays x and y as "
            f"--dataset; received --dataset {name} alone."
        )
    try:
        pair = pair_in_file(name)
    except (ValueError, OSError) as error:
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise ValueError(f"{name} has no pairs: {reason}.") from error
    loaded = (load(array, image_size=size) for array in pair)
    return [_array(with_wanted_channels(each, settings, name)) for each in loaded]


def _array(dataset) -> np.ndarray:
    """All samples of a data set."""
    return np.concatenate(list(dataset.batch(READ_AT_ONCE).as_numpy_iterator()))


def check_names(x: pathlib.Path, y: pathlib.Path) -> None:
    """Refuses folders whose files are not called alike, but for their endings.

    Args:
        x: The folder of what is translated.
        y: That of what it should become.

    Raises:
        ValueError: Names the first file without a partner.
    """
    from keras_gan.data.picture_sets import SUFFIXES

    def names(folder):
        paths = (path.relative_to(folder) for path in folder.rglob("*"))
        seen = (p for p in paths if not any(part.startswith(".") for part in p.parts))
        return {str(p.with_suffix("")): p for p in seen if p.suffix.lower() in SUFFIXES}

    of_x, of_y = names(x), names(y)
    for here, there, own, other in ((x, y, of_x, of_y), (y, x, of_y, of_x)):
        alone = sorted(set(own) - set(other))
        if alone:
            raise ValueError(
                f"{str(here / own[alone[0]])!r} has no partner of that name in {str(there)!r}, as "
                f"{len(alone)} of {len(own)} have none: pairs are files of equal names."
            )
