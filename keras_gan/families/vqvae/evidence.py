"""Picture and scores of a prior of codes: samples, their scores, and what codes are worth."""

from typing import ClassVar

from keras_gan.families.sampling.evidence import GeneratorEvidence


class CodePriorEvidence(GeneratorEvidence):
    """Picture and scores of samples, the error of reconstructions, and bits per image."""

    printed: ClassVar = {"classes": ("label_accuracy",)}

    def scored(self, model, name, settings, called=None):
        """Those of samples, and of compression."""
        from keras_gan.families.sampling.card_scores import generator_scores
        from keras_gan.families.vqvae import compression

        found = generator_scores(model, name, settings, (called or settings).dataset)
        return {**found, "compression": compression.of_prior(model, settings)}
