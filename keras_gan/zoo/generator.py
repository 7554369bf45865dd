"""A trained generator: what a preset holds, as a `keras.Model`."""

import os
import random
from typing import ClassVar

import keras
import numpy as np
from keras import ops

from keras_gan import priors, validation
from keras_gan.amounts import whole
from keras_gan.games.inference import in_batches
from keras_gan.hosts import digest
from keras_gan.networks import origin
from keras_gan.precision import float32_layers
from keras_gan.zoo import packing, presets
from keras_gan.zoo.interpolation import spherical


class PresetNames:
    """The presets that have names, as a property of the class: what is known of each, by name.

    They are the published ones and those in the folder that `KERAS_GAN_ZOO` names.
    """

    def __get__(self, instance, owner) -> dict[str, dict]:
        return {**presets.registry(), **presets.of_own_zoo()}


@keras.saving.register_keras_serializable(package="keras_gan")
class Generator(keras.Model):
    """A generator G with its prior: samples G(z) of latent vectors z, without a discriminator.

    `Generator.presets` has what is known of each, by name; `Generator.from_preset(name)` loads one.
    It is a `keras.Model` from z, `(batch, latent_dim)`, to samples: hand it to any recipe as the
    generator to train it on, which takes over its prior. `copy.deepcopy` makes another one;
    `keras.models.clone_model` gives a plain network of its layers.

    Args:
        network: A built `keras.Model` from z to samples; its layers are shared, not copied.
        prior: The distribution of z, as in `kg.GAN`. Defaults to `"normal"`.
        card: What is known of the training and the scores of these weights, as plain values.
        name: The model's name.

    Raises:
        ValueError: For a network that takes no latent vectors, or a prior that is not registered.

    Example:

    >>> import keras_gan as kg
    >>> generator = kg.Generator(kg.networks.mlp_generator(latent_dim=4))
    >>> generator.generate(3, seed=0).shape
    (3, 2)
    """

    presets: ClassVar[dict[str, dict]] = PresetNames()

    def __init__(
        self,
        network: keras.Model,
        prior="normal",
        card: dict | None = None,
        name: str = "generator",
    ):
        validation.check_generator(network)
        if len(network.outputs) != 1:
            raise ValueError(f"A generator has one output; this has {len(network.outputs)}.")
        super().__init__(inputs=network.inputs[0], outputs=network.outputs[0], name=name)
        self.prior = priors.get(prior)
        self.latent_dim = int(self.input_shape[-1])
        origin.remember(self, origin.origin_of(network))
        self.describe(card)

    @property
    def card(self) -> dict | None:
        """What is known of the training and the scores; `None` once the weights are others.

        A preset's card has the keys `preset`, `summary`, `objective`, `data`, `training`, `scores`,
        `samples`, `use`, `limits` and `versions`.
        """
        card, weights = self._card
        return card if card is not None and digest(self.weights) == weights else None

    def describe(self, card: dict | None) -> None:
        """Gives the weights, as they are now, a card.

        Args:
            card: Plain values, or `None` for no card.
        """
        weights = None if card is None else digest(self.weights)
        object.__setattr__(self, "_card", (card, weights))  # which Keras would wrap

    @classmethod
    def from_gan(cls, gan, average: bool = True) -> "Generator":
        """A copy of the generator of a game, such as one that was trained.

        Args:
            gan: A `kg.GAN` or a recipe.
            average: Whether it has the averaged weights, if there are any. Defaults to `True`.

        Raises:
            ValueError: For anything else than a game with a generator.

        Example:

        >>> import keras_gan as kg, numpy as np
        >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
        >>> generator = kg.Generator.from_gan(gan)
        >>> np.allclose(generator.generate(3, seed=0), gan.generate(3, seed=0), atol=1e-6)
        True
        """
        if not hasattr(gan, "generator"):
            raise ValueError(f"from_gan takes a game such as kg.GAN; received {gan!r}.")
        gan.settle()
        made_by = origin.origin_of(gan.generator)
        with float32_layers():
            if made_by is None:
                network = keras.models.clone_model(gan.generator)
            else:
                network = origin.build(made_by, zeros=True)
        generator = cls(network, gan.prior)
        use_average = average and gan.average is not None and int(gan.average.updates) > 0
        source = gan.average.averages if use_average else gan.generator.weights
        generator.set_weights([ops.convert_to_numpy(weight) for weight in source])
        return generator

    @classmethod
    def from_preset(cls, preset: str | os.PathLike, load_weights: bool = True) -> "Generator":
        """Loads a published generator, or one that `save_to_preset` wrote.

        Every file is checked before it is parsed: kinds, sizes and checksums of all; the checksums
        of published presets against those on record in this package; the network's name and
        arguments, which cannot hold code; the names, shapes and types of all weights.

        Args:
            preset: A name of `Generator.presets`; a folder; or `"hf://user/repository"` of the
                Hugging Face Hub, which needs the package huggingface_hub.
            load_weights: `False` keeps new, random weights, to train from the start, and no card.

        Raises:
            ValueError: For an unknown name, a preset that is not here and cannot be fetched, and
                (as `UntrustedPresetError`) files that are damaged or are not what they should be.

        Example:

        >>> import keras_gan as kg
        >>> generator = kg.Generator.from_preset("wgangp_ring")
        >>> generator.generate(5, seed=0).shape
        (5, 2)
        """
        with presets.opened(preset) as (folder, content):
            return packing.unpack(cls, folder, content, load_weights)

    def save_to_preset(self, folder: str | os.PathLike) -> None:
        """Writes what `from_preset(folder)` loads: no code, but names, arguments, float32 weights.

        The card goes with it where it still holds, as `card.json`.

        Args:
            folder: A new or empty folder, or one that holds a preset, all of which is replaced.

        Raises:
            ValueError: For a network that no registered function made, a prior of one's own, or
                anything else that could not be loaded again; for a folder with other files.

        Example:

        >>> import keras_gan as kg, tempfile
        >>> folder = tempfile.mkdtemp()
        >>> kg.Generator(kg.networks.mlp_generator(latent_dim=4)).save_to_preset(folder)
        >>> kg.Generator.from_preset(folder).latent_dim
        4
        """
        presets.write(folder, packing.pack(self))

    def latents(self, n: int, seed: int | None = None) -> np.ndarray:
        """Latent vectors z of the prior, those of which `generate(n, seed)` makes samples.

        Args:
            n: How many.
            seed: Integer that fixes them; `None` takes new ones at every call.

        Returns:
            float32 array `(n, latent_dim)`.
        """
        validation.check_counts(n=n)
        seed = random.randrange(2**31) if seed is None else validation.checked_seed(seed)
        return ops.convert_to_numpy(self.prior((n, self.latent_dim), seed=seed))

    def generate(
        self, n: int, seed: int | None = None, *, labels=None, batch_size: int = 256
    ) -> np.ndarray:
        """Samples G(z).

        Args:
            n: How many.
            seed: Integer that fixes the latent vectors; `None` takes new ones at every call.
            labels: Classes to make, for a generator that knows some; `None` for others.
            batch_size: How many are made at a time; it does not change which.

        Returns:
            float32 array `(n, ...)`; images lie in [-1, 1].

        Raises:
            ValueError: For a count or a seed that is none, or labels that the generator has not.
        """
        if labels is not None:
            raise ValueError(
                "This generator knows no labels: leave labels out, or load a preset that has some."
            )
        validation.check_counts(batch_size=batch_size)
        return self.samples_of(self.latents(n, seed), batch_size)

    def samples_of(self, z, batch_size: int = 256) -> np.ndarray:
        """Samples G(z) of given latent vectors.

        Args:
            z: Array `(n, latent_dim)`.
            batch_size: How many are made at a time.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: For z of another shape.
        """
        z = np.asarray(z, "float32")
        if z.ndim != 2 or z.shape[1] != self.latent_dim:
            raise ValueError(
                f"Latent vectors are an array (n, {self.latent_dim}); received shape {z.shape}."
            )
        if not np.isfinite(z).all():
            raise ValueError("Latent vectors must be finite numbers; received NaN or infinity.")
        return in_batches(lambda part: self(part, training=False), z, batch_size=batch_size)

    def interpolate(self, z0, z1, n: int = 8) -> np.ndarray:
        """Samples along the great circle from one latent vector to another.

            z(t) = (sin((1 − t) Ω) z₀ + sin(t Ω) z₁) / sin Ω,   cos Ω = ⟨z₀, z₁⟩ / (|z₀| |z₁|)

        for n equally spaced t from 0 to 1: the norms on the way are those that the prior has, which
        a straight line cuts short. Where z₀ and z₁ are parallel or opposite it is that line.

        Args:
            z0: Array `(latent_dim,)`, such as `latents(2, seed=0)[0]`.
            z1: Array `(latent_dim,)`.
            n: How many samples, both ends included. At least 2; defaults to 8.

        Returns:
            float32 array `(n, ...)`.

        Raises:
            ValueError: For other shapes or fewer than 2.

        Reference: White 2016, Sampling Generative Networks, arXiv 1609.04468.

        Example:

        >>> import keras_gan as kg
        >>> generator = kg.Generator(kg.networks.mlp_generator(latent_dim=4))
        >>> generator.interpolate(*generator.latents(2, seed=0), n=5).shape
        (5, 2)
        """
        z0, z1 = (np.asarray(z, "float64") for z in (z0, z1))
        if z0.shape != (self.latent_dim,) or z1.shape != (self.latent_dim,):
            raise ValueError(
                f"interpolate goes between two latent vectors of shape ({self.latent_dim},); "
                f"received shapes {z0.shape} and {z1.shape}."
            )
        n = whole("n", n, least=2)
        return self.samples_of(spherical(z0, z1, np.linspace(0.0, 1.0, n)))

    def get_config(self) -> dict:
        """The network by name and arguments, and layer by layer; the prior; the card."""
        network = keras.Model(self.inputs[0], self.outputs[0], name=self.name)
        origin.remember(network, origin.origin_of(self))
        return {
            "network": origin.serialized_network(network),
            "prior": keras.saving.serialize_keras_object(self.prior),
            "card": list(self._card),
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "Generator":
        """The generator that `get_config` described."""
        generator = cls(
            origin.restored_object(config["network"], custom_objects),
            keras.saving.deserialize_keras_object(config["prior"], custom_objects),
            name=config["name"],
        )
        object.__setattr__(generator, "_card", tuple(config["card"]))
        return generator
