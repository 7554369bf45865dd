"""A trained flow, as presets hold it."""

from typing import ClassVar

import keras
from keras import ops

from keras_gan.backend.precision import float32_layers
from keras_gan.distributions import Logistic, Normal, Uniform
from keras_gan.families.flow.kind import FlowKind
from keras_gan.families.flow.networks import bijection_in, network_of
from keras_gan.families.sampling.evidence import GeneratorEvidence
from keras_gan.flows import Flow
from keras_gan.flows.named import has_levels
from keras_gan.models.preset_loading import register_loader
from keras_gan.zoo.inference_copies import averages_of
from keras_gan.zoo.kind_registry import register_kind
from keras_gan.zoo.pretrained_model import PretrainedModel

EXAMPLES = 4  # samples by which an export is compared


class FlowEvidence(GeneratorEvidence):
    """Picture and scores of samples, and the likelihood of test data."""

    printed: ClassVar = {"classes": ("label_accuracy",)}

    def scored(self, model, name, settings, called=None):
        """Those of samples, and the likelihood."""
        from keras_gan.families.flow import nats
        from keras_gan.families.sampling.card_scores import generator_scores

        found = generator_scores(model, name, settings, (called or settings).dataset)
        return {**found, "likelihood": nats.of_card(model, settings)}


@register_kind
@keras.saving.register_keras_serializable(package="keras_gan")
class PretrainedFlow(FlowKind, PretrainedModel, Flow):
    """A `kg.Flow` of a preset: `kg.Flow.from_preset(name)` loads one.

    It is a `kg.Flow` in every respect, ready to `compile` and `fit` on, with a `card`.
    """

    foreign: ClassVar = {"bijection": ("_discriminator", "_generator", "_encoder", "_decoder")}
    priors: ClassVar = {"normal": Normal(), "logistic": Logistic(), "uniform": Uniform(0.0, 1.0)}
    evidence = FlowEvidence()

    def parts(self) -> dict[str, keras.Model]:
        """The bijection, as the network that its preset names."""
        return {"bijection": self.network}

    def example(self) -> tuple[list, object]:
        """A few latent vectors, with labels where it takes some, and their samples."""
        z = self.latents(EXAMPLES, seed=0)
        return [z, *self.chosen(None, EXAMPLES)], self.samples_of(z)

    @classmethod
    def assembled(cls, networks, prior):
        """The one of this network and this base.

        Raises:
            ValueError: For a network that is not a bijection.
        """
        network = networks["bijection"]
        shape, classes = network.inputs[0].shape[1:], None
        if len(network.inputs) == 2:
            classes = int(network.inputs[1].shape[-1])
        dequantize = has_levels(shape)
        made = cls(bijection_in(network), cls.priors[prior], classes=classes, dequantize=dequantize)
        object.__setattr__(made, "network", network)  # whose one layer Keras tracks already
        return made

    @classmethod
    def from_gan(cls, gan, average: bool = True) -> "PretrainedFlow":
        """A copy of a trained `kg.NICE`, `kg.RealNVP` or `kg.Glow`.

        Args:
            gan: The model.
            average: Whether it has the averaged weights, if there are any. Defaults to `True`.

        Raises:
            ValueError: For another model, a base of one's own, images that were not dequantized, or
            got noise that was learned.
        """
        cls.check_taken(gan, Flow)
        if gan.dequantizer is not None:
            raise ValueError(
                "A preset is of points, or of images with uniform noise; received a flow whose "
                "dequantization is learned: save it with flow.save(…) instead."
            )
        if gan.dequantize != has_levels(gan.sample_shape):
            raise ValueError(
                f"A preset is of points, or of dequantized images; received a flow of samples of "
                f"shape {gan.sample_shape} with dequantize={gan.dequantize}: save it with "
                f"flow.save(…) instead."
            )
        gan.settle()
        with float32_layers():
            network = network_of(gan)
        averages = averages_of(gan) if average else {}
        source = averages.get("bijection", gan.bijection.weights)
        network.set_weights([ops.convert_to_numpy(weight) for weight in source])
        made = cls.assembled({"bijection": network}, "normal")
        made.prior = gan.prior
        return made


register_loader(Flow, PretrainedFlow)
