"""The texts about a variational autoencoder on its card and in the gallery."""

from keras_gan.families.sampling.texts import GeneratorTexts
from keras_gan.families.vae import score_texts


class VAETexts(GeneratorTexts):
    """The texts of presets that hold a variational autoencoder."""

    steps = "training steps"

    def table(self, scores):
        """With the likelihood."""
        return [*super().table(scores), f"- {score_texts.sentence(scores['likelihood'])}"]

    def in_gallery(self, scores):
        """With the likelihood."""
        return [*super().in_gallery(scores), score_texts.sentence(scores["likelihood"]), ""]
