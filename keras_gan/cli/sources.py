"""What `keras-gan evaluate` can draw samples from, found by its name."""

import dataclasses
import pathlib
from collections.abc import Callable

import numpy as np

from keras_gan.arguments import as_question
from keras_gan.cli.paths import hint
from keras_gan.files.arrays import array_in_file


@dataclasses.dataclass(frozen=True)
class Source:
    """Something to draw samples from.

    Args:
        name: What it was called.
        kind: What it turned out to be, in a few words.
        draw: Function `(n, seed)` to n samples, no stored one twice.
        count: How many samples are stored; `None` for a generator, which makes any number.
        identity: What stored samples have in common with themselves under another name.
    """

    name: str
    kind: str
    draw: Callable[[int, int], np.ndarray]
    count: int | None = None
    identity: str | None = None


def open_source(name: str, image_size: int | None = None) -> Source:
    """The run, model, array file, folder of images, preset or data set of a name.

    Args:
        name: A path, or a name. Data sets of `kg.data` come before folders of the same name.
        image_size: Side of the squares that images are cropped and resized to; `None` leaves them.

    Raises:
        ValueError: For nothing of that name, or something that cannot be read.
    """
    from keras_gan.cli.generate import trained_game
    from keras_gan.data import DATASETS, load, tfds_images
    from keras_gan.zoo import Generator, presets

    path = pathlib.Path(name)

    def stored(kind, source, identity):
        return stored_source(name, kind, load(source, image_size=image_size), str(identity))

    if name in DATASETS:
        return stored("data set, training split", name, name)
    if (path / "checksums").is_file():
        return generated_source(name, "preset", Generator.from_preset(name), image_size)
    if path.suffix == ".keras" or is_run(path):
        kind = "run" if path.is_dir() else "saved model"
        return generated_source(name, kind, trained_game(name), image_size)
    if is_array_file(name):
        return stored("array file", array_in(path), path.resolve())
    if path.is_dir():
        return stored("folder of images", path, path.resolve())
    if name in presets.known():
        return generated_source(name, "preset", Generator.from_preset(name), image_size)
    if path.exists() or tfds_images.find(name) is None:
        known = [*DATASETS, *presets.known(), *tfds_images.names()]
        near = "" if path.exists() else as_question(hint(name, known))
        raise ValueError(
            f"{name!r} is neither a run folder, a .keras, .npz or .npy file, a folder of images, a "
            f"preset ({', '.join(Generator.presets)}) nor a data set "
            f"({', '.join(DATASETS)}, image sets of TensorFlow Datasets){near or '.'}"
        )
    return stored("data set, training split", name, name)


def is_run(path: pathlib.Path) -> bool:
    """Whether a folder is that of a run, finished or not."""
    return any((path / name).is_file() for name in ("model.keras", "config.json"))


def is_array_file(name: str) -> bool:
    """Whether a name is that of a file of arrays, there or not."""
    return name.endswith((".npz", ".npy")) and not pathlib.Path(name).is_dir()


def array_in(path: str | pathlib.Path) -> np.ndarray:
    """The array of samples in a `.npy` or `.npz` file: there the only one, or that named `samples`.

    Raises:
        ValueError: For a file that is missing, none of these, or of several arrays.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        raise ValueError(f"There is no file {path}{hint(str(path))}.")
    try:
        return array_in_file(path)
    except (ValueError, OSError) as error:
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise ValueError(f"{path} has no array of samples: {reason}.") from error


def stored_source(name: str, kind: str, dataset, identity: str) -> Source:
    """A source of the samples of what `kg.data.load` returned."""
    from keras_gan.metrics.reference import count_of, draw

    count = count_of(dataset)
    kind = f"{kind}, {count} samples"
    return Source(name, kind, lambda n, seed: draw(dataset, n, seed)[0], count, identity)


def generated_source(name: str, kind: str, generator, image_size: int | None) -> Source:
    """A source of a generator's samples, held to the same rules as stored ones."""
    from keras_gan.backend.finite import refuse_broken_samples
    from keras_gan.data import load
    from keras_gan.metrics.reference import draw

    def made(n, seed):
        samples = generator.generate(n, seed=seed)
        undone = f"{name} makes NaN or infinite samples: its training diverged"
        refuse_broken_samples(samples, undone, generator)
        # the order of a draw is of no interest here
        return (
            samples if image_size is None else draw(load(samples, image_size=image_size), n, 0)[0]
        )

    averaged = getattr(generator, "average", None) is not None
    return Source(name, f"{kind}{', averaged generator' if averaged else ''}", made)
