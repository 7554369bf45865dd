"""A trained prior of codes with its VQ-VAE, as presets hold them."""

from typing import ClassVar

import keras
import numpy as np

from keras_gan.autoencoders import CodePrior
from keras_gan.backend.shapes import shapes_of
from keras_gan.distributions.likelihoods import LIKELIHOODS, SquaredError
from keras_gan.families.vqvae.evidence import CodePriorEvidence
from keras_gan.families.vqvae.frozen import assembled, frozen, quantizer_names
from keras_gan.families.vqvae.kind import OF_PRIOR, OF_VQVAE, CodePriorKind
from keras_gan.models.preset_loading import register_loader
from keras_gan.zoo.inference_copies import copies
from keras_gan.zoo.kind_registry import register_kind
from keras_gan.zoo.pretrained_model import PretrainedModel

NOT_ENCODERS = ("_discriminator", "_generator", "_decoder")
NOT_DECODERS = ("_discriminator", "_encoder")
NOT_PRIORS = ("_discriminator", "_generator", "_encoder", "_decoder")


@register_kind
@keras.saving.register_keras_serializable(package="keras_gan")
class PretrainedCodePrior(CodePriorKind, PretrainedModel, CodePrior):
    """A `kg.CodePrior` of a preset, with its VQ-VAE: `kg.CodePrior.from_preset(name)` loads one.

    It is a `kg.CodePrior` in every respect, ready to `compile` and `fit` on, with a `card`.
    """

    foreign: ClassVar = {
        "encoder": NOT_ENCODERS,
        "top_encoder": NOT_ENCODERS,
        "bottom_encoder": NOT_ENCODERS,
        "decoder": NOT_DECODERS,
        **dict.fromkeys(("prior", "top_prior", "bottom_prior"), NOT_PRIORS),
    }
    has_prior, has_likelihood = False, True
    likelihoods: ClassVar = {"squared_error": SquaredError, **LIKELIHOODS}
    evidence = CodePriorEvidence()

    @property
    def likelihood(self):
        """That of the VQ-VAE."""
        return self.vqvae.likelihood

    def parts(self) -> dict[str, keras.Model]:
        """The networks of the VQ-VAE and of the prior."""
        level = len(self.networks) - 1
        own = dict(zip(OF_PRIOR[level], self.networks, strict=True))
        return {role: getattr(self.vqvae, role) for role in OF_VQVAE[level]} | own

    def weighted(self) -> dict[str, keras.layers.Layer]:
        """The networks and the codebooks."""
        quantizers = {name: getattr(self.vqvae, name) for name in quantizer_names(self.vqvae)}
        return {**self.parts(), **quantizers}

    def example(self):
        """Refused: codes are drawn one by one, which is no network of latent vectors.

        Raises:
            ValueError: Always.
        """
        raise ValueError(
            f"keras-gan zoo export writes a network from latent vectors to samples, and a "
            f"{self.kind} draws codes one after the other: load it with {self.called}.from_preset, "
            f"and export the networks of its vqvae in Python."
        )

    @classmethod
    def assembled(cls, networks, prior, likelihood):
        """The one of these networks and this likelihood, as many codes as the prior has logits."""
        level = len(networks) // 2 - 1
        own = [networks[role] for role in OF_PRIOR[level]]
        counts = [shapes_of(network.output_shape)[0][-1] for network in own]
        of_vqvae = {role: networks[role] for role in OF_VQVAE[level]}
        return cls(assembled(of_vqvae, counts, likelihood), *own)

    @classmethod
    def from_gan(cls, gan, average: bool = True) -> "PretrainedCodePrior":
        """A copy of a trained `kg.CodePrior` and of its VQ-VAE.

        Args:
            gan: The model.
            average: Whether it has the averaged weights, if there are any. Defaults to `True`.

        Raises:
            ValueError: For another model.
        """
        cls.check_taken(gan, CodePrior)
        networks = copies(gan, gan.averaged_networks, average)
        return cls(frozen(gan.vqvae, average), **networks)

    def encode(self, x, batch_size: int = 256):
        """The codes of samples, as `kg.VQVAE.encode` or `kg.VQVAE2.encode`."""
        return self.vqvae.encode(self.given(x), batch_size=batch_size)

    def decode(self, codes, batch_size: int = 256) -> np.ndarray:
        """The samples of codes, as `kg.VQVAE.decode` or `kg.VQVAE2.decode`."""
        return self.vqvae.decode(codes, batch_size=batch_size)

    def reconstruct(self, x, batch_size: int = 256) -> np.ndarray:
        """The samples that are made of the codes of samples."""
        return self.vqvae.reconstruct(self.given(x), batch_size=batch_size)


register_loader(CodePrior, PretrainedCodePrior)
