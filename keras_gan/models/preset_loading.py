"""How a model class finds the class of its presets, which stands above it in the house."""

import os

LOADERS: dict[type, type] = {}  # from a model to the class that loads its presets


def register_loader(model: type, loader: type) -> None:
    """Lets `model.from_preset` load by `loader.from_preset`.

    Args:
        model: A class of `PresetLoading`.
        loader: A class of `keras_gan.zoo.pretrained.Pretrained`.
    """
    LOADERS[model] = loader


class _Presets:
    """The presets of a class that have names, as a property of the class."""

    def __get__(self, instance, owner) -> dict[str, dict]:
        return _loader_of(owner).presets


class PresetLoading:
    """The ability of a model class to load what is published of it.

    `presets` has what is known of each, by name.
    """

    presets = _Presets()

    @classmethod
    def from_preset(
        cls,
        preset: str | os.PathLike,
        load_weights: bool = True,
        max_bytes: int | None = None,
        *,
        image_size: int | tuple[int, int] | None = None,
    ):
        """Loads a published preset, or one that `save_to_preset` wrote.

        Args:
            preset: A name of `presets`; a folder; or `"hf://user/repository"` of the Hugging Face
                Hub, which needs the package huggingface_hub.
            load_weights: `False` keeps new, random weights, to train from the start, and no card.
            max_bytes: What one sample may take in its networks. Defaults to 1 GiB.
            image_size: As in `kg.Generator.from_preset`.

        Returns:
            A model of this class with a `card`, ready for `compile` and `fit`.

        Raises:
            ValueError: For an unknown name, a preset of another kind, one that is not here and
                cannot be fetched, and (as `UntrustedPresetError`) files that are damaged or are not
                what they should be.
        """
        loader = _loader_of(cls)
        return loader.from_preset(preset, load_weights, max_bytes, image_size=image_size)


def _loader_of(cls: type) -> type:
    """The class that loads presets of a model class, or of the nearest one that it is made of."""
    return next(LOADERS[each] for each in cls.__mro__ if each in LOADERS)
