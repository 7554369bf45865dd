"""The sources of samples for `keras-gan evaluate`, by name."""

import pathlib

from keras_gan.arguments import as_question
from keras_gan.cli.paths import hint
from keras_gan.data.array_files import is_array_file
from keras_gan.metrics.sources import Source, generated_source, stored_source


def open_source(
    name: str,
    image_size=None,
    like: tuple[int, ...] | None = None,
    of: str | None = None,
    **choices,
) -> Source:
    """Opens a run, model, array file, folder of images, preset or data set.

    Args:
        name: A path, or a name. Data sets of `kg.data` come before folders of the same name.
        image_size: To which images are cropped and resized, as in `kg.data.load`. Defaults to
            `None`: images stay as they are.
        like: The shape of one image, for stored images of another size or number of channels.
            Defaults to `None`.
        of: The data of which a model makes others. Defaults to `None`, for one that needs none.
        choices: What becomes of transparency, pages and broken files, as in `kg.data.load`.

    Raises:
        ValueError: If there is no such thing, or it cannot be read.
    """
    from keras_gan.cli.models import sampling_preset, trained, trained_game
    from keras_gan.data import DATASETS, load, tfds_images
    from keras_gan.data.names import is_own
    from keras_gan.zoo import CLASSES, presets

    path = pathlib.Path(name)

    def makes_samples(entry):
        return hasattr(CLASSES[presets.kind_of(entry)], "generate")

    def stored(kind, source, identity):
        if like is None:
            dataset = load(source, image_size=image_size, **choices)
        else:
            dataset, changed = loaded_like(source, name, like, **choices)
            kind += changed
        return stored_source(name, kind, dataset, str(identity))

    if of is not None:
        made = trained(name, of)
        return generated_source(name, f"of {of}", made, image_size, count=made.count)
    if is_own(name):
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


def is_stored(name: str) -> bool:
    """Whether a name is that of stored samples, not of a model that makes some.

    Args:
        name: As in `open_source`.
    """
    from keras_gan.data.names import is_own
    from keras_gan.zoo import presets

    path = pathlib.Path(name)
    makes = (path / "checksums").is_file() or path.suffix == ".keras" or _is_run(path)
    return is_own(name) or not (makes or (not path.exists() and name in presets.known()))


def loaded_like(source, name: str, shape: tuple[int, ...], **choices) -> tuple:
    """Stored images with the size and the channels of a model's, and what was changed, in words.

    Args:
        source: As in `kg.data.load`.
        name: What it is called.
        shape: The shape of one image of the model, `(height, width, channels)`.
        choices: What becomes of transparency, pages and broken files.

    Raises:
        ValueError: As `kg.data.load`, and for channels that cannot be made of theirs.
    """
    from keras_gan.data import load
    from keras_gan.data.channels import with_channels

    changed = ""
    try:
        dataset = load(source, **choices)
        found = tuple(dataset.element_spec.shape)
        is_fitting = found[:-1] == shape[:-1] if len(found) == 3 else None
    except ValueError:  # images of different sizes, perhaps
        is_fitting = False
    if is_fitting is None:  # no images: the comparison says so
        return dataset, changed
    if not is_fitting:
        dataset = load(source, image_size=shape[:2], **choices)
        changed += f", cropped and resized to {shape[0]} x {shape[1]}"
    if dataset.element_spec.shape[-1] not in (shape[-1], None):
        if dataset.element_spec.shape[-1] == 3 and shape[-1] == 1 and _is_grey(dataset):
            return dataset, changed
        dataset = with_channels(dataset, shape[-1], name)
        changed += ", as grey images" if shape[-1] == 1 else ", as colour images"
    return dataset, changed


def _is_grey(dataset) -> bool:
    """Whether the first image has equal channels; the scores see to the others."""
    image = next(iter(dataset.take(1).as_numpy_iterator()))
    return bool((image == image[..., :1]).all())


def _is_run(path: pathlib.Path) -> bool:
    """Whether a folder is a run folder, of a finished run or not."""
    return any((path / name).is_file() for name in ("model.keras", "config.json"))
