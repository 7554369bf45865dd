"""What all classes of presets share: loading, saving, the card."""

import os
from typing import ClassVar

import keras
import numpy as np

from keras_gan.backend.finite import refuse_broken_weights
from keras_gan.distributions.likelihoods import LIKELIHOODS
from keras_gan.distributions.priors import PRIORS
from keras_gan.files.limits import limited
from keras_gan.parallel.processes import digest
from keras_gan.texts import one_line
from keras_gan.zoo.evidence import Evidence
from keras_gan.zoo.kind_registry import Kind
from keras_gan.zoo.printed import Card, PresetList, model_in_words


class PresetNames:
    """A class property: the entries of the presets of the class's kind, by name.

    They include published presets and those in the folder that `KERAS_GAN_ZOO` names.
    """

    def __get__(self, instance, owner) -> dict[str, dict]:
        from keras_gan.zoo import presets

        return PresetList(presets.known(owner.kind))


class Pretrained(Kind):
    """The part of a model that loads and saves presets.

    A subclass is also a `keras.Model`. It inherits a `Kind` or sets its attributes, sets those
    below, defines `parts`, `assembled`, `from_gan` and `data_shape`, and is registered with
    `keras_gan.zoo.kind_registry.register_kind`.
    """

    foreign: ClassVar[dict[str, tuple[str, ...]]]  # how names of functions end that no role allows
    has_likelihood: ClassVar[bool] = False  # whether a preset describes p(x|z)
    likelihoods: ClassVar[dict[str, type]] = LIKELIHOODS  # that it may name
    has_prior: ClassVar[bool] = True  # whether a preset names the distribution of z
    priors: ClassVar[dict] = PRIORS  # that it may name
    evidence: ClassVar[Evidence]
    loads = True
    average = None  # a copy has the averaged weights themselves
    presets: ClassVar[dict[str, dict]] = PresetNames()
    transfer = None  # of a preset at another image size: which layers have its weights

    def settle(self) -> None:
        """Does nothing: no running training holds newer weights."""

    def given(self, samples) -> np.ndarray:
        """Samples in float32, after a check of their shape and values."""
        return _finite(super().given(samples))

    def given_of(self, samples, domain: str) -> np.ndarray:
        """Samples of a domain in float32, after the same check."""
        return _finite(super().given_of(samples, domain))

    @classmethod
    def from_gan(cls, gan, average: bool = True):
        """A copy of the networks of a trained model.

        Args:
            gan: The model.
            average: Whether to copy the averaged weights, if there are any. Defaults to `True`.

        Raises:
            ValueError: If this class cannot hold the model's networks.
        """
        raise NotImplementedError

    @property
    def data_shape(self) -> tuple[int, ...]:
        """The shape of one sample of the training data."""
        raise NotImplementedError

    def example(self) -> tuple[list, object]:
        """Input arrays and the resulting output, to compare with an exported copy.

        Raises:
            ValueError: For a kind that the command line does not export.
        """
        raise ValueError(
            f"keras-gan zoo export supports only presets that make samples; this one holds a "
            f"{self.kind}: load it with {self.called}.from_preset, and export it in Python."
        )

    def parts(self) -> dict[str, keras.Model]:
        """The networks, by their roles in a preset."""
        raise NotImplementedError

    def weighted(self) -> dict[str, keras.layers.Layer]:
        """All that has weights in a preset: the networks, and layers that belong to none."""
        return self.parts()

    @classmethod
    def assembled(cls, networks: dict[str, keras.Model], prior: str | None):
        """Builds a model from its networks.

        Args:
            networks: The networks by role.
            prior: The name of the distribution of z; `None` without z.

        One that `has_likelihood` takes a third argument, a `kg.likelihoods.Likelihood`.

        Raises:
            ValueError: If the networks do not fit each other.
        """
        raise NotImplementedError

    @property
    def card(self) -> dict | None:
        """How the weights were trained and scored; `None` once they have changed.

        A preset's card has the keys `preset`, `summary`, `objective`, `data`, `training`, `scores`,
        `samples`, `use`, `limits` and `versions`.
        """
        card, weights = self._card
        return Card(card) if card is not None and self.digest() == weights else None

    @property
    def class_names(self) -> list[str]:
        """The names of the classes that the card has, by number; none if it has none."""
        names = (self._card[0] or {}).get("classes")
        fits = isinstance(names, list) and all(isinstance(each, str) for each in names)
        return list(names) if fits else []

    def __repr__(self):
        try:
            return model_in_words(self)
        except Exception:  # half made, as a debugger may find it
            return f"<{type(self).__name__}, not made yet>"

    def describe(self, card: dict | None) -> None:
        """Attaches a card to the present weights.

        Args:
            card: Plain values, or `None` for no card.
        """
        weights = None if card is None else self.digest()
        object.__setattr__(self, "_card", (card, weights))  # Keras would wrap it

    def digest(self) -> str:
        """A digest of all weights."""
        return digest([weight for each in self.weighted().values() for weight in each.weights])

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

        All files are checked before they are parsed: their kinds, sizes and checksums, for
        published presets against the checksums in this package; the networks' names and arguments,
        which cannot contain code; and the names, shapes and types of all weights.

        Args:
            preset: A name in `presets` of this class; a folder; or `"hf://user/repository"` on the
                Hugging Face Hub, which needs the package huggingface_hub.
            load_weights: Whether to load weights and card. Defaults to `True`; `False` keeps new,
                random weights, to train from the start.
            max_bytes: The most bytes of memory that one sample may take in its network. Defaults to
                1 GiB.
            image_size: For images of another size, to train on: a side, or (height, width). Layers
                that fit keep their weights, all others are drawn anew; the attribute `transfer` of
                the model says which, and so does a warning. Defaults to `None`: its own size.

        Raises:
            ValueError: For an unknown name, a preset of another kind, a failed download, or a size
                that its networks cannot have; as `UntrustedPresetError` for damaged or invalid
                files.

        Warns:
            UserWarning: Names the layers that were drawn anew for another image size.

        Example:

        >>> import keras_gan as kg
        >>> generator = kg.Generator.from_preset("wgangp_ring")
        >>> generator.generate(5, seed=0).shape
        (5, 2)
        """
        from keras_gan.zoo import packing, presets, resizing

        with presets.opened(preset) as (folder, content), limited(max_bytes=max_bytes):
            model = packing.unpack(cls, folder, content, load_weights)
            if image_size is None:
                return model
            return resizing.resized(model, image_size, one_line(preset), load_weights)

    def export(self, filepath, *args, **kwargs) -> None:
        """Exports the model as `keras.Model.export` does, if all weights are finite.

        Args:
            filepath: The file or folder.
            *args: As in `keras.Model.export`.
            **kwargs: As in `keras.Model.export`.

        Raises:
            ValueError: As `keras.Model.export`, and for weights that are not finite.
        """
        refuse_broken_weights(self.weighted().values(), "nothing was exported")
        super().export(filepath, *args, **kwargs)

    def save_to_preset(self, folder: str | os.PathLike) -> None:
        """Writes what `from_preset(folder)` loads: names, arguments and float32 weights, no code.

        If the card is still valid, it is written as `card.json`.

        Args:
            folder: A new or empty folder, or one with a preset, which is replaced.

        Raises:
            ValueError: If no registered function built a network, if the prior is your own, or if
                anything else could not be loaded again; for weights that are not finite; for a
                folder with other files.

        Example:

        >>> import keras_gan as kg, tempfile
        >>> folder = tempfile.mkdtemp()
        >>> kg.Generator(kg.networks.mlp_generator(latent_dim=4)).save_to_preset(folder)
        >>> kg.Generator.from_preset(folder).latent_dim
        4
        """
        from keras_gan.zoo import packing, presets

        presets.write(folder, packing.pack(self))


def _finite(samples: np.ndarray) -> np.ndarray:
    """Returns samples if they are finite.

    Args:
        samples: An array.

    Raises:
        ValueError: For NaN or infinities.
    """
    if not np.isfinite(samples).all():
        raise ValueError("Samples must be finite numbers; received NaN or infinity.")
    return samples
