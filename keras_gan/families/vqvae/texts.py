"""The texts about a prior of codes on its card and in the gallery."""

from keras_gan.families.sampling.texts import GeneratorTexts
from keras_gan.families.vqvae import score_texts


class CodePriorTexts(GeneratorTexts):
    """The texts of presets that hold a prior of codes with its VQ-VAE."""

    steps = "training steps"

    def table(self, scores):
        """With what the codes are worth."""
        found = score_texts.sentences(scores["compression"])
        return [*super().table(scores), *(f"- {sentence}" for sentence in found)]

    def in_gallery(self, scores):
        """With what the codes are worth."""
        found = score_texts.sentences(scores["compression"])
        return [*super().in_gallery(scores), " ".join(found), ""]

    def summary(self, model, game, settings):
        """Data, grids of codes, networks and classes."""
        vqvae = model.vqvae
        grids = " and ".join(
            f"{' × '.join(map(str, shape))} codes of {quantizer.codes}"
            for shape, quantizer in zip(vqvae.code_shapes, vqvae.quantizers, strict=True)
        )
        further = "" if model.classes is None else f", {model.classes} classes to choose from"
        return (
            f"{type(vqvae).__name__} on {settings.dataset}, {grids}, with their prior: a "
            f"{settings.network} of width {settings.width} and depth {settings.depth}{further}."
        )

    def limits(self, model, settings):
        """Which samples it makes, and of which it has codes."""
        height, width, _ = model.data_shape
        choice = "without a choice of class" if model.classes is None else "of the class asked for"
        return (
            f"It makes images of {height} × {width} pixels like those of {settings.dataset} and "
            f"nothing else, {choice}, and its codes are of such images alone."
        )
