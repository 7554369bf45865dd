"""What trained networks share that presets hold: loading, storing, the card."""

import os
from typing import ClassVar

import keras
import numpy as np

from keras_gan.backend.finite import refuse_broken_weights
from keras_gan.files.limits import limited
from keras_gan.parallel.processes import digest
from keras_gan.zoo.card_texts import CardTexts
from keras_gan.zoo.evidence import Evidence


class PresetNames:
    """The presets of its kind that have names, as a property of a class: what is known of each.

    They are the published ones and those in the folder that `KERAS_GAN_ZOO` names.
    """

    def __get__(self, instance, owner) -> dict[str, dict]:
        from keras_gan.zoo import presets

        return presets.known(owner.kind)


class Pretrained:
    """The part of a model that presets and cards are about.

    A subclass is a `keras.Model` besides, says what its presets hold in the attributes below,
    defines `parts`, `assembled`, `from_gan` and `data_shape`, and registers itself by
    `keras_gan.zoo.kinds.register_kind`.
    """

    kind: ClassVar[str]  # what a preset is called that holds one
    unnamed: ClassVar[bool] = False  # whether its presets need not name their kind
    called: ClassVar[str]  # the class as a user writes it, such as "kg.Generator"
    roles: ClassVar[tuple[tuple[str, ...], ...]]  # of the networks, in their order: each a choice
    foreign: ClassVar[dict[str, tuple[str, ...]]]  # how names of functions end that no role allows
    has_prior: ClassVar[bool] = True  # whether a preset names the distribution of z
    texts: ClassVar[CardTexts]
    evidence: ClassVar[Evidence]
    average = None  # a copy has the averaged weights themselves
    presets: ClassVar[dict[str, dict]] = PresetNames()

    def settle(self) -> None:
        """Does nothing: no training is under way that holds newer weights."""

    def given(self, samples) -> np.ndarray:
        """Samples in float32, once their shape and their numbers are known to be right."""
        return finite(super().given(samples))

    def given_of(self, samples, domain: str) -> np.ndarray:
        """Samples of a domain likewise."""
        return finite(super().given_of(samples, domain))

    @classmethod
    def from_gan(cls, gan, average: bool = True):
        """A copy of the networks of a trained model.

        Args:
            gan: The model.
            average: Whether they have the averaged weights, if there are any. Defaults to `True`.

        Raises:
            ValueError: For a model of which this class can hold nothing.
        """
        raise NotImplementedError

    @property
    def data_shape(self) -> tuple[int, ...]:
        """The shape of one sample of the data that it was trained on."""
        raise NotImplementedError

    def example(self) -> tuple[list, object]:
        """The inputs and outputs, arrays, by which an exported copy is compared with it.

        Raises:
            ValueError: For a kind that the command line exports nothing of.
        """
        raise ValueError(
            f"keras-gan zoo export writes presets that make samples; this one holds a {self.kind}: "
            f"load it with {self.called}.from_preset, and export it in Python."
        )

    def parts(self) -> dict[str, keras.Model]:
        """The networks by the roles that they have in a preset."""
        raise NotImplementedError

    @classmethod
    def assembled(cls, networks: dict[str, keras.Model], prior: str | None):
        """The one of these networks.

        Args:
            networks: By role.
            prior: The name of the distribution of z, where there is z.

        Raises:
            ValueError: For networks that do not fit each other.
        """
        raise NotImplementedError

    @property
    def card(self) -> dict | None:
        """What is known of the training and the scores; `None` once the weights are others.

        A preset's card has the keys `preset`, `summary`, `objective`, `data`, `training`, `scores`,
        `samples`, `use`, `limits` and `versions`.
        """
        card, weights = self._card
        return card if card is not None and self.digest() == weights else None

    def describe(self, card: dict | None) -> None:
        """Gives the weights, as they are now, a card.

        Args:
            card: Plain values, or `None` for no card.
        """
        weights = None if card is None else self.digest()
        object.__setattr__(self, "_card", (card, weights))  # which Keras would wrap

    def digest(self) -> str:
        """What changes with any weight of any of the networks."""
        return digest([weight for network in self.parts().values() for weight in network.weights])

    @classmethod
    def from_preset(
        cls,
        preset: str | os.PathLike,
        load_weights: bool = True,
        max_bytes: int | None = None,
    ):
        """Loads a published preset, or one that `save_to_preset` wrote.

        Every file is checked before it is parsed: kinds, sizes and checksums of all; the checksums
        of published presets against those on record in this package; the networks' names and
        arguments, which cannot hold code; the names, shapes and types of all weights.

        Args:
            preset: A name of `presets` of this class; a folder; or `"hf://user/repository"` of the
                Hugging Face Hub, which needs the package huggingface_hub.
            load_weights: `False` keeps new, random weights, to train from the start, and no card.
            max_bytes: What one sample may take in its network. Defaults to 1 GiB.

        Raises:
            ValueError: For an unknown name, a preset of another kind, one that is not here and
                cannot be fetched, and (as `UntrustedPresetError`) files that are damaged or are not
                what they should be.

        Example:

        >>> import keras_gan as kg
        >>> generator = kg.Generator.from_preset("wgangp_ring")
        >>> generator.generate(5, seed=0).shape
        (5, 2)
        """
        from keras_gan.zoo import packing, presets

        with presets.opened(preset) as (folder, content), limited(max_bytes=max_bytes):
            return packing.unpack(cls, folder, content, load_weights)

    def export(self, filepath, *args, **kwargs) -> None:
        """As `keras.Model.export`, once all weights are known to be finite.

        Args:
            filepath: Where to.
            *args: As there.
            **kwargs: As there.

        Raises:
            ValueError: For weights that are not finite, and as there.
        """
        refuse_broken_weights(self.parts().values(), "nothing was exported")
        super().export(filepath, *args, **kwargs)

    def save_to_preset(self, folder: str | os.PathLike) -> None:
        """Writes what `from_preset(folder)` loads: no code, but names, arguments, float32 weights.

        The card goes with it where it still holds, as `card.json`.

        Args:
            folder: A new or empty folder, or one that holds a preset, all of which is replaced.

        Raises:
            ValueError: For a network that no registered function made, a prior of one's own, or
                anything else that could not be loaded again; for weights that are not finite; for a
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


def finite(samples: np.ndarray) -> np.ndarray:
    """The samples, once they are known to be finite numbers.

    Raises:
        ValueError: For NaN or infinities.
    """
    if not np.isfinite(samples).all():
        raise ValueError("Samples must be finite numbers; received NaN or infinity.")
    return samples
