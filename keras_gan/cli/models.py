"""The models of runs, files and presets that commands load."""

import pathlib

from keras_gan.cli.paths import hint
from keras_gan.families.registry import entry_of
from keras_gan.texts import one_line


def trained(name: str, of: str | None = None, to: str = "y"):
    """Loads the model of a run or file, or a preset.

    Args:
        name: A run folder, a `.keras` file, or the name or folder of a preset.
        of: The data of which it makes others; `None` for a model that makes samples by itself.
        to: The domain of what it makes of data.

    Raises:
        ValueError: If there is no such thing, it cannot be loaded, or it makes samples in the other
            way.
    """
    from keras_gan.zoo import presets

    path = pathlib.Path(name)
    is_preset = (path / "checksums").is_file() if path.exists() else name in presets.known()
    if of is None:
        return sampling_preset(name) if is_preset else trained_game(name)
    return given_to(preset_of(name) if is_preset else game_of(name), of, to)


def given_to(model, of: str, to: str):
    """A model that makes one sample of each in some data.

    Args:
        model: A model of two domains.
        of: The data's name or path.
        to: The domain of what is made.

    Raises:
        ValueError: For data that cannot be read, or that such a model does not take.
    """
    from keras_gan.cli.sources import loaded_like
    from keras_gan.data.array_files import array_in, is_array_file
    from keras_gan.families.given_samples import Given, way_to

    taken = way_to(model, to)
    source = array_in(of) if is_array_file(of) else of
    return Given(model, loaded_like(source, of, taken)[0], to)


def preset_of(name: str, check=lambda cls, folder, kind: None):
    """Loads a preset of any kind.

    Args:
        name: The name or folder of a preset.
        check: A function of its class, folder and kind that may refuse it before it is loaded.

    Raises:
        ValueError: If it cannot be loaded.
    """
    from keras_gan.zoo import description, kind_registry, packing, presets

    with presets.opened(name) as (folder, content):
        kind = description.parse(content["config.json"], folder).kind
        cls = kind_registry.CLASSES[kind]
        check(cls, folder, kind)
        return packing.unpack(cls, folder, content)


def sampling_preset(name: str):
    """Loads a preset that makes samples.

    Args:
        name: The name or folder of a preset.

    Raises:
        ValueError: If it is of another kind, or cannot be loaded.
    """

    def check(cls, folder, kind):
        if not hasattr(cls, "generate"):
            raise ValueError(
                f"The preset in {one_line(folder)} holds a {kind}, which does not make samples "
                f"from latent vectors: load it with {cls.called}.from_preset."
            )

    return preset_of(name, check)


def game_of(name: str):
    """Loads the model of a run or file, of any kind.

    Args:
        name: A run folder or a `.keras` file.

    Raises:
        ValueError: If there is no such thing, or it cannot be loaded.
    """
    from keras_gan.models.loading import load_model

    return load_model(model_file(name))


def trained_game(name: str):
    """Loads the model of a run or file.

    Args:
        name: A run folder or a `.keras` file.

    Raises:
        ValueError: As `trained`, and for a model that does not make samples from latent vectors.
    """
    gan = game_of(name)
    if hasattr(gan, "generate"):
        return gan
    entry = entry_of(gan)
    said = None if entry is None else entry.instead_of_samples(model_file(name))
    raise ValueError(f"{name} is a {type(gan).__name__}, which {said or 'does not make samples.'}")


def model_file(run_or_file: str) -> pathlib.Path:
    """The model file of a run folder, or the file itself.

    Args:
        run_or_file: A run folder or a `.keras` file.

    Raises:
        ValueError: If there is nothing at this path, or a folder without a model.
    """
    path = pathlib.Path(run_or_file)
    if not path.exists():
        from keras_gan.zoo import presets

        raise ValueError(
            f"There is no run folder, .keras file or preset {run_or_file!r}"
            f"{hint(run_or_file, presets.known())}: keras-gan train makes a run, and keras-gan zoo "
            f"list lists the presets."
        )
    if not path.is_dir():
        return path
    if not (path / "model.keras").exists():
        if (path / "config.json").is_file() and any(path.glob("checkpoints/step_*.checkpoint")):
            raise ValueError(
                f"The run in {path} is not finished and has no model.keras yet: "
                f"keras-gan train --resume {path} continues it."
            )
        raise ValueError(f"The folder {path} has no model.keras: is it a run of keras-gan train?")
    return path / "model.keras"
