"""A family of models in one file: what a model owes the command line and the zoo, and no more.

Its model is one network from z to points, trained on the energy distance of Székely and Rizzo.
"""

from typing import ClassVar

import keras
from keras import ops

import keras_gan as kg
from keras_gan.distributions import priors
from keras_gan.families import likelihood
from keras_gan.families.memory import within_memory
from keras_gan.families.optimizers import adjusted, rate_of
from keras_gan.families.registry import register
from keras_gan.families.sampling.entry import Sampling
from keras_gan.families.sampling.texts import GeneratorTexts
from keras_gan.families.setting import Setting
from keras_gan.models.likelihood_model import LikelihoodModel
from keras_gan.models.sampling import Sampling as MakesSamples
from keras_gan.zoo.inference_copies import copies
from keras_gan.zoo.kind_registry import register_kind


@keras.saving.register_keras_serializable(package="toy")
class Sampler(MakesSamples, LikelihoodModel):
    """One network G, which minimises 2 E|x − G(z)|ᵖ − E|G(z) − G(z')|ᵖ, with p in (0, 2)."""

    network_names = ("generator",)

    def __init__(self, generator, power: float = 1.0, prior="normal", **options):
        super().__init__(**options)
        self.generator, self.power, self.prior = generator, power, priors.get(prior)
        self.begin()

    @property
    def sample_shape(self):
        """That of what the network makes."""
        return tuple(self.generator.output_shape[1:])

    @property
    def latent_dim(self):
        """The number of components of z."""
        return self.generator.input_shape[-1]

    def sample_network(self):
        """G."""
        return self.generator

    def term_names(self):
        """The one term."""
        return ["energy_distance"]

    def losses(self, x, draws, training):
        """The distance between data and samples, but for what samples cannot change."""
        shape = (ops.shape(x)[0], self.latent_dim)
        made = [self.generator(draws.draw(self.prior, shape), training=training) for _ in range(2)]
        return {"energy_distance": 2 * self.apart(x, made[0]) - self.apart(*made)}, {}

    def apart(self, a, b):
        """E|a − b|ᵖ."""
        squares = ops.sum((a - b) ** 2, axis=-1)
        return ops.mean((squares + 1e-8) ** (self.power / 2))

    def settings(self):
        """What makes this model, besides its network."""
        return {"power": self.power, "prior": "normal", **super().settings()}


@register_kind
@keras.saving.register_keras_serializable(package="toy")
class SamplerPreset(kg.Generator):
    """What is published of it: a generator that presets call a sampler."""

    kind, called, unnamed = "sampler", "toy_family.SamplerPreset", False
    roles = (("sampler",),)
    foreign: ClassVar = {"sampler": ("_discriminator", "_encoder")}
    texts = GeneratorTexts(called)

    def parts(self):
        """The one network."""
        return {"sampler": self}

    @classmethod
    def assembled(cls, networks, prior):
        """The one of this network."""
        return cls(networks["sampler"], prior)

    @classmethod
    def from_gan(cls, gan, average=True):
        """A copy of a model's network."""
        return cls(copies(gan, ("generator",), average)["generator"], gan.prior)


class SamplerEntry(Sampling):
    """How it is trained at the command line."""

    settings: ClassVar = {
        "learning_rate": likelihood.SETTINGS["learning_rate"],
        "power": Setting(float, None, "of the distances", above=0, below=2, decides="game"),
    }
    without = ("labels", "evaluate_epochs")
    preset = SamplerPreset

    def defaults(self, settings, sample_shape):
        """The class's own, beside those of the data set."""
        model = self.model(kg.networks.mlp_generator(width=1, depth=1))
        own = {"learning_rate": rate_of(model.model_optimizer()), "power": 1.0}
        return own | super().defaults(settings, sample_shape)

    def game(self, settings, sample_shape, classes=None):
        """The compiled model."""
        with within_memory():
            network = kg.networks.mlp_generator(
                data_dim=sample_shape[0], latent_dim=settings.latent_dim, width=settings.width
            )
        model = self.model(network, power=settings.power, seed=settings.seed)
        optimizer = adjusted(model.model_optimizer(), settings, settings.learning_rate)
        model.compile(optimizer, steps_per_execution=settings.steps_per_execution)
        return model


ENTRY = register(SamplerEntry("sampler", Sampler, "one network, an energy distance"))
