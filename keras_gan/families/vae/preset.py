"""A trained variational autoencoder, as presets hold it."""

from typing import ClassVar

import keras

from keras_gan.autoencoders import VAE
from keras_gan.families.sampling.evidence import GeneratorEvidence
from keras_gan.families.vae.kind import VAEKind
from keras_gan.models.preset_loading import register_loader
from keras_gan.zoo.inference_copies import copies
from keras_gan.zoo.kind_registry import register_kind
from keras_gan.zoo.pretrained_model import PretrainedModel

EXAMPLES = 4  # samples by which an export is compared


class VAEEvidence(GeneratorEvidence):
    """Picture and scores of samples, and the likelihood of test data in nats."""

    def scored(self, model, name, settings, called=None):
        """Those of samples, and the likelihood."""
        from keras_gan.families.vae import nats

        found = super().scored(model, name, settings, called)
        return {**found, "likelihood": nats.of_card(model, settings)}


@register_kind
@keras.saving.register_keras_serializable(package="keras_gan")
class PretrainedVAE(VAEKind, PretrainedModel, VAE):
    """A `kg.VAE` of a preset: `kg.VAE.from_preset(name)` loads one.

    It is a `kg.VAE` in every respect, ready to `compile` and `fit` on, with a `card`.
    """

    foreign: ClassVar = {"encoder": ("_discriminator",), "decoder": ("_discriminator", "_encoder")}
    has_likelihood = True
    evidence = VAEEvidence()

    def parts(self) -> dict[str, keras.Model]:
        """Encoder and decoder."""
        return {"encoder": self.encoder, "decoder": self.decoder}

    def example(self) -> tuple[list, object]:
        """A few latent vectors, with labels where it takes some, and their samples."""
        z = self.latents(EXAMPLES, seed=0)
        return [z, *self.chosen(None, EXAMPLES)], self.samples_of(z)

    @classmethod
    def assembled(cls, networks, prior, likelihood):
        """The one of these networks and this likelihood."""
        return cls(networks["encoder"], networks["decoder"], likelihood=likelihood)

    @classmethod
    def from_gan(cls, gan, average: bool = True) -> "PretrainedVAE":
        """A copy of a trained `kg.VAE`, with its σ as it was found, under the bound of one sample.

        Args:
            gan: The model.
            average: Whether it has the averaged weights, if there are any. Defaults to `True`.

        Raises:
            ValueError: For another model.
        """
        cls.check_taken(gan, VAE)
        networks = copies(gan, ("encoder", "decoder"), average)
        return cls(**networks, likelihood=gan.likelihood_of_samples())


register_loader(VAE, PretrainedVAE)
