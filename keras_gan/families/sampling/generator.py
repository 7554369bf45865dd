"""A trained generator: what most presets hold, as a `keras.Model`."""

from typing import ClassVar

import keras
import numpy as np

from keras_gan.backend.shapes import merged, single_shape
from keras_gan.distributions import priors
from keras_gan.families.sampling.evidence import GeneratorEvidence
from keras_gan.families.sampling.texts import GeneratorTexts
from keras_gan.models.encoding import Encoding
from keras_gan.networks import registry
from keras_gan.networks.checks import check_generator
from keras_gan.networks.class_labels import classes_of, common_limit, takes_labels
from keras_gan.zoo.encoding import misfit
from keras_gan.zoo.inference_copies import copies
from keras_gan.zoo.kinds import register_kind
from keras_gan.zoo.pretrained import Pretrained

EXAMPLES = 4  # samples by which an export is compared


@register_kind
@keras.saving.register_keras_serializable(package="keras_gan")
class Generator(Pretrained, Encoding, keras.Model):
    """A generator G with its prior: samples G(z) of latent vectors z, without a discriminator.

    `Generator.presets` has what is known of each, by name; `Generator.from_preset(name)` loads one.
    It is a `keras.Model` from z, `(batch, latent_dim)`, to samples: hand it to any recipe as the
    generator to train it on, which takes over its prior. Of a network with class labels it is one
    from [z, labels], labels `(batch,)`, and `classes` says how many it knows. `copy.deepcopy` makes
    another one; `keras.models.clone_model` gives a plain network of its layers.

    An `encoder` E, such as that of a `kg.BiGAN`, lies beside it: `encode` and `reconstruct` ask it,
    presets and `.keras` files hold it, but its weights are not among those of the generator, and
    no game trains them that is handed the generator alone.

    Args:
        network: A built `keras.Model` from z, or [z, labels], to samples; its layers are shared,
            not copied.
        prior: The distribution of z, as in `kg.GAN`. Defaults to `"normal"`.
        card: What is known of the training and the scores of these weights, as plain values.
        name: The model's name.
        encoder: A built `keras.Model` from samples to z, or `None`, the default.

    Raises:
        ValueError: For a network that takes no latent vectors, a prior that is not registered, or
            an encoder of other shapes.

    Example:

    >>> import keras_gan as kg
    >>> generator = kg.Generator(kg.networks.mlp_generator(latent_dim=4))
    >>> generator.generate(3, seed=0).shape
    (3, 2)
    """

    kind, called, unnamed = "generator", "kg.Generator", True
    roles = (("generator",), ("generator", "encoder"))
    foreign: ClassVar = {
        "generator": ("_discriminator", "_encoder"),
        "encoder": ("_discriminator",),
    }
    texts, evidence = GeneratorTexts(), GeneratorEvidence()
    without_labels = (
        "This generator knows no labels: leave labels out, or load a preset that has some."
    )
    without_encoder = (
        "This generator has no encoder: load a preset that has one, such as that of a kg.BiGAN."
    )

    def __init__(
        self,
        network: keras.Model,
        prior="normal",
        card: dict | None = None,
        name: str = "generator",
        *,
        encoder: keras.Model | None = None,
    ):
        check_generator(network)
        if len(network.outputs) != 1:
            raise ValueError(f"A generator has one output; this has {len(network.outputs)}.")
        super().__init__(inputs=inputs_of(network), outputs=network.outputs[0], name=name)
        self.prior = priors.get(prior)
        self.latent_dim = int(single_shape(self.input_shape)[-1])
        self.conditional = takes_labels(network)
        self.classes = classes_of(network) if self.conditional else None
        self.label_limit = common_limit(network) if self.conditional else None
        reason = None if encoder is None else misfit(encoder, self)
        if reason is not None:
            raise ValueError(f"This encoder does not fit its generator: {reason}.")
        object.__setattr__(self, "encoder", encoder)  # which Keras would take for a layer
        registry.remember(self, registry.origin_of(network))
        self.describe(card)

    def sample_network(self) -> keras.Model:
        """The generator itself."""
        return self

    @property
    def sample_shape(self) -> tuple:
        """The shape of one sample, such as (height, width, channels)."""
        made = self.output_shape[1:]
        return made if self.encoder is None else merged(self.encoder.input_shape[1:], made)

    def encode(self, x, batch_size: int = 256) -> np.ndarray:
        """As `keras_gan.models.encoding.Encoding.encode`; a preset has no average beside it."""
        return super().encode(x, batch_size=batch_size)

    def reconstruct(self, x, batch_size: int = 256) -> np.ndarray:
        """As `keras_gan.models.encoding.Encoding.reconstruct`, without an average."""
        return super().reconstruct(x, batch_size=batch_size)

    def parts(self) -> dict[str, keras.Model]:
        """The generator and, where there is one, its encoder."""
        return {"generator": self} | ({} if self.encoder is None else {"encoder": self.encoder})

    @property
    def data_shape(self) -> tuple[int, ...]:
        """The shape of one sample."""
        return tuple(self.output_shape[1:])

    def example(self) -> tuple[list, object]:
        """A few latent vectors, with labels where it takes some, and their samples."""
        z = self.latents(EXAMPLES, seed=0)
        labels = 0 if self.conditional and self.classes is None else None
        return [z, *self.chosen(labels, EXAMPLES)], self.samples_of(z, labels=labels)

    @classmethod
    def assembled(cls, networks: dict[str, keras.Model], prior: str | None) -> "Generator":
        """The generator of these networks."""
        return cls(networks["generator"], prior, encoder=networks.get("encoder"))

    @classmethod
    def from_gan(cls, gan, average: bool = True) -> "Generator":
        """A copy of the generator of a game, such as one that was trained.

        A game's `encoder` goes with it where it maps samples, and nothing else, to latent vectors.

        Args:
            gan: A `kg.GAN`, a recipe, or another game with a `generator`.
            average: Whether it has the averaged weights, if there are any. Defaults to `True`.

        Raises:
            ValueError: For anything else than a game with a generator that makes samples.

        Example:

        >>> import keras_gan as kg, numpy as np
        >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
        >>> generator = kg.Generator.from_gan(gan)
        >>> np.allclose(generator.generate(3, seed=0), gan.generate(3, seed=0), atol=1e-6)
        True
        """
        if hasattr(gan, "generator_xy"):
            raise ValueError(
                f"{type(gan).__name__} translates samples and has no latent vectors: take "
                f"kg.Translator.from_gan."
            )
        if not hasattr(gan, "generator"):
            raise ValueError(f"from_gan takes a game such as kg.GAN; received {gan!r}.")
        if getattr(getattr(gan, "likelihood", None), "takes_logits", False):
            raise ValueError(
                f"The decoder of this {type(gan).__name__} makes logits, of which its likelihood "
                f"{gan.likelihood!r} makes samples, and a generator has none: keep the game, "
                f"gan.save(…), or export it, gan.export(…)."
            )
        encoder = getattr(gan, "encoder", None)
        goes_back = encoder is not None and misfit(encoder, gan.generator) is None
        roles = ("generator", "encoder") if goes_back else ("generator",)
        networks = copies(gan, roles, average)
        return cls(networks["generator"], gan.prior, encoder=networks.get("encoder"))

    def get_config(self) -> dict:
        """The networks by name and arguments, and layer by layer; the prior; the card."""
        network = keras.Model(inputs_of(self), self.outputs[0], name=self.name)
        registry.remember(network, registry.origin_of(self))
        encoder = None if self.encoder is None else registry.serialized_network(self.encoder)
        return {
            "network": registry.serialized_network(network),
            "encoder": encoder,
            "prior": keras.saving.serialize_keras_object(self.prior),
            "card": list(self._card),
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "Generator":
        """The generator that `get_config` described."""
        encoder = config.get("encoder")  # files of earlier versions have none
        generator = cls(
            registry.restored_object(config["network"], custom_objects),
            keras.saving.deserialize_keras_object(config["prior"], custom_objects),
            name=config["name"],
            encoder=None if encoder is None else registry.restored_object(encoder, custom_objects),
        )
        object.__setattr__(generator, "_card", tuple(config["card"]))
        return generator


def inputs_of(network: keras.Model):
    """The input z of a network, or its list of z and labels."""
    return network.inputs if len(network.inputs) > 1 else network.inputs[0]
