"""The texts about a flow on its card and in the gallery."""

from keras_gan.families.flow import score_texts
from keras_gan.families.sampling.texts import GeneratorTexts


class FlowTexts(GeneratorTexts):
    """The texts of presets that hold a flow."""

    steps = "training steps"

    def table(self, scores):
        """With the likelihood."""
        return [*super().table(scores), f"- {score_texts.sentence(scores['likelihood'])}"]

    def in_gallery(self, scores):
        """With the likelihood."""
        return [*super().in_gallery(scores), score_texts.sentence(scores["likelihood"]), ""]

    def summary(self, model, game, settings):
        """Data, composition, components and classes."""
        further = "" if model.classes is None else f", {model.classes} classes to choose from"
        return (
            f"{game} on {settings.dataset}: networks of width {settings.width}, latent vectors of "
            f"{model.latent_dim} numbers{further}."
        )

    def limits(self, model, settings):
        """Which samples it makes, and of which it knows the density."""
        return f"{super().limits(model, settings)} Its density is of such samples alone."
