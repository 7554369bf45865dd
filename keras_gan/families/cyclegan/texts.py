"""The texts about a translator on its card and in the gallery."""

from typing import ClassVar

from keras_gan.families.cyclegan import score_texts
from keras_gan.zoo.card_texts import CardTexts, in_python


class TranslatorTexts(CardTexts):
    """The texts of presets that translate between two sets of images."""

    data_rows: ClassVar = {"data": "x", "target": "y"}
    steps = "generator steps"
    task = "image-to-image"

    def usage(self, card, name):
        """`from_preset`, some data, and `translate`."""
        count = in_python(card["samples"]["count"])
        size = in_python(card["training"]["configuration"]["image_size"])
        return [
            f'translator = kg.Translator.from_preset("{name}")',
            f"x = kg.data.load({in_python(card['data']['name'])}, image_size={size})"
            f".batch({count})",
            'translator.translate(next(iter(x)), to="y")',
        ]

    def caption(self, card):
        """The number of images."""
        return f"{card['samples']['count']} images of either set, translated"

    def below_picture(self, card):
        """The meaning of the rows."""
        return [f"Rows: {card['samples']['rows']}.", ""]

    def table(self, scores):
        """The fraction of kept labels, in both directions."""
        return score_texts.table(scores)

    def figures(self, scores):
        """The fractions of kept labels, where there are some, or the distances to the truth."""
        if "pairs" in scores:
            return scores["pairs"]
        ways = [way for way in ("x_to_y", "y_to_x") if scores[way] is not None]
        return {f"label_preservation_{way}": scores[way]["label_preservation"] for way in ways}

    def verdict(self, scores):
        """How well labels survive."""
        return score_texts.verdict(scores)

    def summary(self, model, game, settings):
        """Game, both sets of data, networks."""
        networks = f"{settings.network} networks of width {settings.width}"
        if settings.target is None:
            return f"{game} of the pairs in {settings.dataset}: {networks}."
        if "x" not in model.translators:
            return f"{game} from {settings.dataset} to {settings.target}: {networks}."
        return f"{game} between {settings.dataset} and {settings.target}: {networks}."

    def limits(self, model, settings):
        """Which images it translates."""
        if "x" not in model.translators:
            of = "the first ones" if settings.target is None else settings.dataset
            made = f"the second ones in {settings.dataset}" if settings.target is None else ""
            made = made or settings.target
            return f"It makes images like {made} of images like {of}, and nothing else."
        return (
            f"It makes images like those of {settings.target} of images like those of "
            f"{settings.dataset}, and the other way round, and nothing else."
        )
