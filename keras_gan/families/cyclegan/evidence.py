"""Picture and scores of a translator: translated images, and how many keep their label."""

from typing import ClassVar

import numpy as np

from keras_gan.plotting.samples import rows_of_images
from keras_gan.zoo.evidence import SEED, Evidence

IN_A_ROW = 10  # images
ROWS = "x, G(x), F(G(x)) and F(y), with G from x to y and F from y to x"


class TranslatorEvidence(Evidence):
    """Picture and scores of presets that translate; both need the data."""

    needs_scores = True
    printed: ClassVar = {"x_to_y": ("label_preservation",), "y_to_x": ("label_preservation",)}

    def shown(self, model):
        """The number of images, and the meaning of the rows."""
        return {"count": IN_A_ROW, "seed": SEED, "rows": ROWS}

    def draws_data(self, model):
        """True: the picture shows originals of x."""
        return True

    def picture(self, model, settings):
        """The rows of `translations`."""
        return rows_of_images(translations(model, settings))

    def scored(self, model, name, settings, called=None):
        """The fraction of kept labels, as `keras-gan train` measures it."""
        from keras_gan.families.cyclegan.scores import translation_scores

        found, called = translation_scores(model, settings), called or settings
        for domain, data in (("x", "dataset"), ("y", "target")):
            said = found["protocol"][domain].removeprefix(getattr(settings, data))
            found["protocol"][domain] = f"{getattr(called, data)}{said}"
        return {"command": f"keras-gan zoo verify {name}", **found}


def translations(translator, settings) -> list[np.ndarray]:
    """The rows x, G(x), F(G(x)) and F(y); a published picture has no originals of y."""
    from keras_gan.families.cyclegan.domains import opened
    from keras_gan.metrics.reference import draw

    x, y = (draw(opened(settings, domain), IN_A_ROW, SEED)[0] for domain in "xy")
    there = translator.translate(x, to="y")
    return [x, there, translator.translate(there, to="x"), translator.translate(y, to="x")]
