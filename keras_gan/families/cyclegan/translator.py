"""Trained generators between two sets of data: the content of a translator's preset."""

import keras
import numpy as np

from keras_gan.backend.shapes import shapes_agree, shapes_of
from keras_gan.families.cyclegan.evidence import TranslatorEvidence
from keras_gan.families.cyclegan.kind import TranslatorKind
from keras_gan.models.translating import Translating
from keras_gan.networks import registry
from keras_gan.networks.checks import check_built
from keras_gan.texts import in_short
from keras_gan.zoo.inference_copies import copies
from keras_gan.zoo.kind_registry import register_kind
from keras_gan.zoo.pretrained import Pretrained

ROLES, _ = TranslatorKind.roles


@register_kind
@keras.saving.register_keras_serializable(package="keras_gan")
class Translator(TranslatorKind, Pretrained, Translating, keras.Model):
    """Generators between two sets of data X and Y: G(x) looks like Y, F(y) like X.

    `Translator.presets` lists the presets by name; `Translator.from_preset(name)` loads one. As a
    `keras.Model` it is G, from samples of X to samples of Y.

    Args:
        generator_xy: G, a built `keras.Model` from samples of X to samples of Y.
        generator_yx: F, a built `keras.Model` from samples of Y to samples of X. Defaults to
            `None`, for one way alone, as of a `kg.Pix2Pix`.
        card: How these weights were trained and scored, as plain values. Defaults to `None`.
        name: The model's name.

    Raises:
        ValueError: If a network is not built, or their shapes do not match.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> there = kg.networks.mlp_generator(latent_dim=2, data_dim=3)
    >>> back = kg.networks.mlp_generator(latent_dim=3, data_dim=2)
    >>> kg.Translator(there, back).translate(np.zeros((5, 2))).shape
    (5, 3)

    Reference: Zhu et al. 2017, Unpaired Image-to-Image Translation using Cycle-Consistent
    Adversarial Networks, arXiv 1703.10593; Isola et al. 2017, Image-to-Image Translation with
    Conditional Adversarial Networks, arXiv 1611.07004.
    """

    has_prior = False
    foreign = dict.fromkeys(ROLES, ("_discriminator", "_encoder"))
    evidence = TranslatorEvidence()

    def __init__(
        self,
        generator_xy: keras.Model,
        generator_yx: keras.Model | None = None,
        card: dict | None = None,
        name: str = "translator",
    ):
        check_pair(generator_xy, generator_yx)
        super().__init__(name=name)
        self.generator_xy = generator_xy
        self.generator_yx = generator_yx
        self.built = True
        self.describe(card)

    @property
    def translators(self) -> dict[str, str]:
        """The generators that are there, by the data that they make."""
        ways = Translating.translators.items()
        return {domain: role for domain, role in ways if getattr(self, role) is not None}

    def parts(self) -> dict[str, keras.Model]:
        """The generators."""
        return {role: getattr(self, role) for role in self.translators.values()}

    @property
    def data_shape(self) -> tuple[int, ...]:
        """The shape of one image of x."""
        return tuple(self.generator_xy.input_shape[1:])

    @classmethod
    def assembled(cls, networks: dict[str, keras.Model], prior: str | None) -> "Translator":
        """Builds a translator from its networks; it has no prior."""
        return cls(**networks)

    @classmethod
    def from_gan(cls, gan, average: bool = True) -> "Translator":
        """Copies the generators of a trained game.

        Args:
            gan: A `kg.CycleGAN`, or another game with a `generator_xy` and a `generator_yx`; or a
                `kg.Pix2Pix`, whose one generator becomes G.
            average: Whether to copy the averaged weights, if there are any. Defaults to `True`.

        Raises:
            ValueError: For anything else.
        """
        roles = getattr(gan, "translators", Translating.translators).values()
        if not all(hasattr(gan, role) for role in roles):
            raise ValueError(
                f"Translator.from_gan takes a game that translates, with two generators such as "
                f"kg.CycleGAN or with one such as kg.Pix2Pix; received {in_short(gan)}."
            )
        return cls(*copies(gan, tuple(roles), average).values())

    def translate(
        self,
        samples,
        to: str = "y",
        batch_size: int | None = None,
        *,
        noise: bool = False,
        seed: int | None = None,
    ) -> np.ndarray:
        """As `keras_gan.models.translating.Translating.translate`, without an average."""
        return super().translate(samples, to, batch_size=batch_size, noise=noise, seed=seed)

    def get_config(self) -> dict:
        """The networks by name and arguments, and layer by layer; the card."""
        networks = {role: registry.serialized_network(part) for role, part in self.parts().items()}
        return {**networks, "card": list(self._card), "name": self.name}

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "Translator":
        """The translator that `get_config` described."""
        networks = {
            role: registry.restored_object(config[role], custom_objects)
            for role in ROLES
            if role in config
        }
        translator = cls(**networks, name=config["name"])
        object.__setattr__(translator, "_card", tuple(config["card"]))
        return translator


def check_pair(generator_xy, generator_yx) -> None:
    """Refuses networks that do not map samples to samples, back and forth.

    Args:
        generator_xy: What was received as G.
        generator_yx: What was received as F; `None` for one way.

    Raises:
        ValueError: Says which shapes do not match.
    """
    received = [generator_xy] if generator_yx is None else [generator_xy, generator_yx]
    for role, network in zip(ROLES, received, strict=False):
        check_built(role, network)
        shapes = [*shapes_of(network.input_shape), *shapes_of(network.output_shape)]
        if len(shapes) != 2:
            raise ValueError(
                f"The {role} must have one input and one output; its shapes are {shapes}."
            )
    if generator_yx is None:
        return
    there = (generator_xy.input_shape, generator_xy.output_shape)
    back = (generator_yx.output_shape, generator_yx.input_shape)
    if not all(shapes_agree(*pair) for pair in zip(there, back, strict=True)):
        raise ValueError(
            f"The generators must map back and forth, but generator_xy maps {there[0]} to "
            f"{there[1]}, and generator_yx maps {back[1]} to {back[0]}."
        )
