"""Picture and scores of a translator: translated images, kept labels, distances to the truth."""

from typing import ClassVar

import numpy as np

from keras_gan.plotting.samples import rows_of_images
from keras_gan.zoo.evidence import SEED, Evidence

IN_A_ROW = 10  # images
ROWS_OF_PAIRS = "x and G(x), with G from x to y"
ROWS = "x, G(x), F(G(x)) and F(y), with G from x to y and F from y to x"


class TranslatorEvidence(Evidence):
    """Picture and scores of presets that translate; both need the data."""

    needs_scores = True
    printed: ClassVar = {"x_to_y": ("label_preservation",), "y_to_x": ("label_preservation",)}

    def shown(self, model):
        """The number of images, and the meaning of the rows."""
        rows = ROWS if both_ways(model) else ROWS_OF_PAIRS
        return {"count": IN_A_ROW, "seed": SEED, "rows": rows}

    def draws_data(self, model):
        """True: the picture shows originals of x."""
        return True

    def picture(self, model, settings):
        """The rows of `translations`."""
        return rows_of_images(translations(model, settings))

    def scored(self, model, name, settings, called=None):
        """As `keras-gan train` measures it: kept labels, or with pairs distances to the truth."""
        if not both_ways(model):
            from keras_gan.families.pix2pix.scores import paired_scores

            found, called = paired_scores(model, settings), called or settings
            second = called.target or f"{called.dataset}, its second array"
            found["protocol"] |= {"x": called.dataset, "y": second}
            return {"command": f"keras-gan zoo verify {name}", **found}
        from keras_gan.families.cyclegan.scores import translation_scores

        found, called = translation_scores(model, settings), called or settings
        for domain, data in (("x", "dataset"), ("y", "target")):
            said = found["protocol"][domain].removeprefix(getattr(settings, data))
            found["protocol"][domain] = f"{getattr(called, data)}{said}"
        return {"command": f"keras-gan zoo verify {name}", **found}


def both_ways(translator) -> bool:
    """Whether a translator also goes back, from y to x."""
    return "x" in translator.translators


def translations(translator, settings) -> list[np.ndarray]:
    """The rows x, G(x), F(G(x)) and F(y); a published picture has no originals of y.

    One way they are x and G(x), of pairs that are held out.
    """
    if not both_ways(translator):
        from keras_gan.families.pix2pix.pairs import opened as pairs_of

        given = pairs_of(settings).given[:IN_A_ROW]
        return [given, translator.translate(given, to="y")]
    from keras_gan.families.cyclegan.domains import opened
    from keras_gan.metrics.reference import draw

    x, y = (draw(opened(settings, domain), IN_A_ROW, SEED)[0] for domain in "xy")
    there = translator.translate(x, to="y")
    return [x, there, translator.translate(there, to="x"), translator.translate(y, to="x")]
