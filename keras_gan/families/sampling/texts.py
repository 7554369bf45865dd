"""The texts about a generator on its card and in the gallery."""

from keras_gan.families.sampling import score_texts
from keras_gan.zoo.card_texts import CardTexts, in_python

SHOWN = ("frechet_distance", "precision", "recall", "density", "coverage")  # in the gallery


class GeneratorTexts(CardTexts):
    """The texts of presets that make samples.

    Args:
        called: The class as a user writes it. Defaults to `"kg.Generator"`.
    """

    steps = "generator steps"

    def __init__(self, called: str = "kg.Generator"):
        self.called = called

    def usage(self, card, name):
        """`from_preset` and `generate`, for the samples in the picture."""
        samples = {key: in_python(value) for key, value in card["samples"].items()}
        return [
            f'{self.called}.from_preset("{name}").generate({samples["count"]}, '
            f"seed={samples['seed']})"
        ]

    def caption(self, card):
        """The number of samples, and their seed."""
        return f"{card['samples']['count']} samples of seed {card['samples']['seed']}"

    def caption_in_gallery(self, card, title):
        """The name of the preset."""
        return f"samples of {title}"

    def table(self, scores):
        """Each score beside that of real samples, with notes."""
        return score_texts.table(scores)

    def verdict(self, scores):
        """How far the samples are from real ones."""
        return score_texts.verdict(scores)

    def in_gallery(self, scores):
        """Some scores, and sentences about classes and latent vectors."""
        protocol, classes, probes = scores["protocol"], scores["classes"], scores.get("probes")
        figures = [
            f"{score.replace('_', ' ')} {each['a_to_b']:.3g} ({each['b_to_b']:.3g})"
            for score, each in scores["figures"].items()
            if score in SHOWN
        ]
        sentences = [] if classes is None else [score_texts.coverage(classes)]
        if classes is not None and "label_accuracy" in classes:
            sentences.append(score_texts.obedience(classes))
        if probes is not None:
            sentences.append(score_texts.knowledge(probes))
        return [
            f"{', '.join(figures)}; in brackets what real samples have "
            f"({protocol['samples_on_either_side']:,} samples, {score_texts.space(protocol)}).",
            "",
            *([" ".join(sentences), ""] if sentences else []),
        ]

    def summary(self, model, game, settings):
        """Game, data, networks, latent vectors, classes and encoder."""
        further = "" if model.classes is None else f", {model.classes} classes to choose from"
        beside = [name for name in ("encoder", "discriminator") if getattr(model, name, None)]
        further += f", with the {' and '.join(beside)}" if beside else ""
        return (
            f"{game} on {settings.dataset}: {settings.network} networks of width {settings.width}, "
            f"latent vectors of {settings.latent_dim} numbers{further}."
        )

    def limits(self, model, settings):
        """Which samples it makes, and of which classes."""
        shape = model.data_shape
        kind = f"points of the plane like those of {settings.dataset}"
        if len(shape) == 3:
            kind = f"images of {shape[0]} × {shape[1]} pixels like those of {settings.dataset}"
        elif len(shape) in (2, 4):
            kind, sizes = ("series" if len(shape) == 2 else "volumes"), " × ".join(map(str, shape))
            kind = f"{kind} of {sizes} numbers like those of {settings.dataset}"
        choice = "without a choice of class" if model.classes is None else "of the class asked for"
        sentence = f"It makes {kind} and nothing else, {choice}."
        if model.encoder is not None:
            sentence += " Its encoder gives latent vectors of such samples alone."
        return sentence
