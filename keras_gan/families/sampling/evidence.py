"""What a generator shows of itself: samples, scores beside real samples, probes of its encoder."""

from typing import ClassVar

import numpy as np

from keras_gan.plotting.samples import MOST_COLUMNS, picture_of
from keras_gan.zoo.evidence import SEED, Evidence

COUNTS = {"images": 64, "points": 1000}  # samples of the picture
ROWS = 8  # of a picture with a column a class


class GeneratorEvidence(Evidence):
    """Picture and scores of presets that make samples.

    Of points, the first ones of the data are drawn beneath; images have nothing beneath them. The
    scores are what `keras-gan evaluate` finds and the classes that it makes; beside them stand
    `probes` of its encoder where it has one.
    """

    printed: ClassVar = {
        "classes": ("label_accuracy",),
        "probes": ("nearest_neighbour_accuracy", "linear_probe_accuracy"),
    }

    def shown(self, model):
        """How many samples, of which seed."""
        return {"count": count_of(model), "seed": SEED}

    def draws_data(self, model):
        """Beneath points."""
        return len(model.output_shape) == 2

    def picture(self, model, settings):
        """A grid of images, a column a class of few ones, or a scatter of points."""
        samples, beneath = model.generate(count_of(model), seed=SEED), None
        if samples.ndim == 2:
            beneath = points_of(settings, len(samples))
        return picture_of(samples, beneath, model.classes)

    def scored(self, model, name, settings, called=None):
        """Scores of samples and classes, and probes."""
        from keras_gan.families.sampling.card_scores import generator_scores
        from keras_gan.families.sampling.probes import probes

        found = generator_scores(model, name, settings, (called or settings).dataset)
        return found if model.encoder is None else found | {"probes": probes(model, settings)}


def count_of(generator) -> int:
    """How many samples its picture shows; of few classes as many of each, a column a class."""
    if len(generator.output_shape) != 4:
        return COUNTS["points"]
    few = 0 < (generator.classes or 0) <= MOST_COLUMNS
    return ROWS * generator.classes if few else COUNTS["images"]


def points_of(settings, n: int) -> np.ndarray:
    """The first samples of the data."""
    from keras_gan.families.datasets import open_dataset

    return np.stack(list(open_dataset(settings).take(n).as_numpy_iterator()))
