"""The sources of samples for `keras-gan evaluate`, by name."""

import pathlib

from keras_gan.arguments import as_question
from keras_gan.cli.paths import hint
from keras_gan.data.array_files import is_array_file
from keras_gan.metrics.sources import Source, generated_source, stored_source


def open_source(name: str, image_size=None, **choices) -> Source:
    """Opens a run, model, array file, folder of images, preset or data set.

    Args:
        name: A path, or a name. Data sets of `kg.data` come before folders of the same name.
        image_size: To which images are cropped and resized, as in `kg.data.load`. Defaults to
            `None`: images stay as they are.
        choices: What becomes of transparency, pages and broken files, as in `kg.data.load`.

    Raises:
        ValueError: If there is no such thing, or it cannot be read.
    """
    from keras_gan.cli.generate import sampling_preset, trained_game
    from keras_gan.data import DATASETS, load, tfds_images
    from keras_gan.zoo import CLASSES, presets

    path = pathlib.Path(name)

    def makes_samples(entry):
        return hasattr(CLASSES[presets.kind_of(entry)], "generate")

    def stored(kind, source, identity):
        return stored_source(
            name, kind, load(source, image_size=image_size, **choices), str(identity)
        )

    if name in DATASETS:
        return stored("data set, training split", name, name)
    if (path / "checksums").is_file():
        return generated_source(name, "preset", sampling_preset(name), image_size)
    if path.suffix == ".keras" or _is_run(path):
        kind = "run" if path.is_dir() else "saved model"
        return generated_source(name, kind, trained_game(name), image_size)
    if is_array_file(name):
        return stored("array file", path, path.resolve())
    if path.is_dir() or path.suffix.lower() in (".zip", ".lmdb", ".mdb"):
        kind = "folder of images" if path.is_dir() else "file of images"
        return stored(kind, path, path.resolve())
    if name in presets.known():
        return generated_source(name, "preset", sampling_preset(name), image_size)
    if path.exists() or tfds_images.find(name) is None:
        known = [*DATASETS, *presets.known(), *tfds_images.names()]
        making = [n for n, e in presets.known().items() if makes_samples(e)]
        near = "" if path.exists() else as_question(hint(name, known))
        raise ValueError(
            f"{name!r} is neither a run folder, a .keras, .npz, .npy or .h5 file, a folder or "
            f".zip of images, a preset ({', '.join(making)}) nor a data set "
            f"({', '.join(DATASETS)}, image sets of TensorFlow Datasets){near or '.'}"
        )
    return stored("data set, training split", name, name)


def _is_run(path: pathlib.Path) -> bool:
    """Whether a folder is a run folder, of a finished run or not."""
    return any((path / name).is_file() for name in ("model.keras", "config.json"))
