"""A trained generator: the content of most presets, as a `keras.Model`."""

from typing import ClassVar

import keras
import numpy as np

from keras_gan.backend.shapes import merged, single_shape
from keras_gan.distributions import priors
from keras_gan.families.sampling.evidence import GeneratorEvidence
from keras_gan.families.sampling.kind import GeneratorKind
from keras_gan.models.encoding import Encoding
from keras_gan.networks import registry
from keras_gan.networks.checks import check_generator
from keras_gan.networks.class_labels import classes_of, common_limit
from keras_gan.texts import in_short
from keras_gan.zoo.encoding import misfit
from keras_gan.zoo.inference_copies import copies
from keras_gan.zoo.judging import judge_misfit
from keras_gan.zoo.kind_registry import register_kind
from keras_gan.zoo.pretrained import Pretrained

EXAMPLES = 4  # samples for the comparison with an export
BESIDE = ("encoder", "discriminator")  # networks that do not belong to the generator's weights


@register_kind
@keras.saving.register_keras_serializable(package="keras_gan")
class Generator(GeneratorKind, Pretrained, Encoding, keras.Model):
    """A generator G with its prior: samples G(z) of latent vectors z, without a discriminator.

    `Generator.presets` lists the presets by name; `Generator.from_preset(name)` loads one. It is a
    `keras.Model` from z, `(batch, latent_dim)`, to samples. With class labels it maps [z, labels],
    labels `(batch,)`, and `classes` is their number. To train it further, pass it to any recipe as
    the generator, which takes over its prior. `copy.deepcopy` copies it;
    `keras.models.clone_model` returns a plain network of its layers.

    It may have an `encoder` E, such as that of a `kg.BiGAN`, for `encode` and `reconstruct`.
    Presets and `.keras` files include the encoder, but its weights do not belong to the generator,
    and a game that gets the generator does not train them.

    It may also have the `discriminator` that it was trained with, to go on from both:
    `kg.SNGAN(generator, generator.discriminator)`. It lies beside the generator as the encoder
    does.

    Args:
        network: A built `keras.Model` from z, or [z, labels], to samples; its layers are shared,
            not copied.
        prior: The distribution of z, as in `kg.GAN`. Defaults to `"normal"`.
        card: How these weights were trained and scored, as plain values. Defaults to `None`.
        name: The model's name.
        encoder: A built `keras.Model` from samples to z. Defaults to `None`.
        discriminator: A built `keras.Model` from samples to scores, for further training. Defaults
            to `None`.

    Raises:
        ValueError: If the network does not take latent vectors, the prior is not registered, or the
            shapes of encoder or discriminator do not match.

    Example:

    >>> import keras_gan as kg
    >>> generator = kg.Generator(kg.networks.mlp_generator(latent_dim=4))
    >>> generator.generate(3, seed=0).shape
    (3, 2)
    """

    foreign: ClassVar = {
        "generator": ("_discriminator", "_encoder"),
        "encoder": ("_discriminator",),
        "discriminator": ("_generator", "_encoder", "_decoder"),
    }
    evidence = GeneratorEvidence()
    without_labels = (
        "This generator does not take labels: leave labels out, or load a preset with labels."
    )
    without_encoder = (
        "This generator has no encoder: load a preset with one, such as that of a kg.BiGAN."
    )

    def __init__(
        self,
        network: keras.Model,
        prior="normal",
        card: dict | None = None,
        name: str = "generator",
        *,
        encoder: keras.Model | None = None,
        discriminator: keras.Model | None = None,
    ):
        check_generator(network)
        if len(network.outputs) != 1:
            raise ValueError(f"A generator must have one output, not {len(network.outputs)}.")
        super().__init__(inputs=_inputs_of(network), outputs=network.outputs[0], name=name)
        self.prior = priors.get(prior)
        self.latent_dim = int(single_shape(self.input_shape)[-1])
        self.take_conditions(network)
        self.classes = classes_of(network) if self.conditional else None
        self.label_limit = common_limit(network) if self.conditional else None
        reason = None if encoder is None else misfit(encoder, self)
        if reason is not None:
            raise ValueError(f"This encoder does not fit its generator: {reason}.")
        reason = None if discriminator is None else judge_misfit(discriminator, self)
        if reason is not None:
            raise ValueError(f"This discriminator does not fit its generator: {reason}.")
        object.__setattr__(self, "encoder", encoder)  # Keras would track it as a layer
        object.__setattr__(self, "discriminator", discriminator)
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
        """As `keras_gan.models.encoding.Encoding.encode`; a preset has no separate average."""
        return super().encode(x, batch_size=batch_size)

    def reconstruct(self, x, batch_size: int = 256) -> np.ndarray:
        """As `keras_gan.models.encoding.Encoding.reconstruct`, without an average."""
        return super().reconstruct(x, batch_size=batch_size)

    def parts(self) -> dict[str, keras.Model]:
        """The generator and, if it has them, its encoder and discriminator."""
        beside = {role: getattr(self, role) for role in BESIDE}
        return {"generator": self} | {role: each for role, each in beside.items() if each}

    @property
    def data_shape(self) -> tuple[int, ...]:
        """The shape of one sample."""
        return tuple(self.output_shape[1:])

    def example(self) -> tuple[list, object]:
        """A few latent vectors, with labels if it takes them, and their samples."""
        z = self.latents(EXAMPLES, seed=0)
        labels = 0 if self.conditional and self.classes is None else None
        if self.condition_dim is not None:
            labels = np.zeros(self.condition_dim, "int32")
        return [z, *self.chosen(labels, EXAMPLES)], self.samples_of(z, labels=labels)

    @classmethod
    def assembled(cls, networks: dict[str, keras.Model], prior: str | None) -> "Generator":
        """Builds a generator from its networks."""
        return cls(prior=prior, **named(networks))

    @classmethod
    def from_gan(cls, gan, average: bool = True, *, discriminator: bool = False) -> "Generator":
        """Copies the generator of a trained game.

        It also copies the game's `encoder`, if that maps only samples to latent vectors.

        Args:
            gan: A `kg.GAN`, a recipe, or another game with a `generator`.
            average: Whether to copy the averaged weights, if there are any. Defaults to `True`.
            discriminator: Whether to copy the discriminator, too, for training on. Its weights are
                those as trained. Defaults to `False`.

        Raises:
            ValueError: For anything but a game whose generator makes samples, or a discriminator
                that does not judge single samples.

        Example:

        >>> import keras_gan as kg, numpy as np
        >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
        >>> generator = kg.Generator.from_gan(gan)
        >>> np.allclose(generator.generate(3, seed=0), gan.generate(3, seed=0), atol=1e-6)
        True
        """
        if hasattr(gan, "generator_xy") or hasattr(gan, "translate"):
            raise ValueError(
                f"{type(gan).__name__} translates samples and has no latent vectors: use "
                f"kg.Translator.from_gan."
            )
        if not hasattr(gan, "generator"):
            raise ValueError(f"from_gan takes a game such as kg.GAN; received {in_short(gan)}.")
        if getattr(getattr(gan, "likelihood", None), "takes_logits", False):
            raise ValueError(
                f"The decoder of this {type(gan).__name__} makes logits, from which its likelihood "
                f"{gan.likelihood!r} makes samples, but a generator has no likelihood: save the "
                f"game with gan.save(…), or export it with gan.export(…)."
            )
        encoder = getattr(gan, "encoder", None)
        goes_back = encoder is not None and misfit(encoder, gan.generator) is None
        roles = ("generator", *(("encoder",) if goes_back else ()))
        if discriminator:
            if getattr(gan, "discriminator", None) is None:
                raise ValueError(f"{type(gan).__name__} has no discriminator: leave it out.")
            roles = (*roles, "discriminator")
        return cls(prior=gan.prior, **named(copies(gan, roles, average)))

    def get_config(self) -> dict:
        """The networks by name and arguments, and layer by layer; the prior; the card."""
        network = keras.Model(_inputs_of(self), self.outputs[0], name=self.name)
        registry.remember(network, registry.origin_of(self))
        beside = {role: getattr(self, role) for role in BESIDE}
        return {
            "network": registry.serialized_network(network),
            **{role: each and registry.serialized_network(each) for role, each in beside.items()},
            "prior": keras.saving.serialize_keras_object(self.prior),
            "card": list(self._card),
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "Generator":
        """The generator that `get_config` described."""
        found = {role: config.get(role) for role in BESIDE}  # earlier versions have none
        generator = cls(
            registry.restored_object(config["network"], custom_objects),
            keras.saving.deserialize_keras_object(config["prior"], custom_objects),
            name=config["name"],
            **{
                role: each and registry.restored_object(each, custom_objects)
                for role, each in found.items()
            },
        )
        object.__setattr__(generator, "_card", tuple(config["card"]))
        return generator


def named(networks: dict[str, keras.Model]) -> dict[str, keras.Model]:
    """The networks by the names of the arguments that take them."""
    return {"network" if role == "generator" else role: each for role, each in networks.items()}


def _inputs_of(network: keras.Model):
    """The input z of a network, or its list of z and labels."""
    return network.inputs if len(network.inputs) > 1 else network.inputs[0]
