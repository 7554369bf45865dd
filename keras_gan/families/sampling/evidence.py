"""Picture and scores of a generator: samples, scores, probes of its encoder."""

from typing import ClassVar

import numpy as np

from keras_gan.plotting.samples import MOST_COLUMNS, picture_of
from keras_gan.zoo.evidence import SEED, Evidence

COUNTS = {"points": 1000, "others": 64}  # samples in the picture
ROWS = 8  # in a picture with one column per class


class GeneratorEvidence(Evidence):
    """Picture and scores of presets that make samples.

    Points are drawn over the first points of the data. The scores are those of
    `keras-gan evaluate`, the classes of the samples and, with an encoder, `probes` of it.
    """

    printed: ClassVar = {
        "classes": ("label_accuracy",),
        "probes": ("nearest_neighbour_accuracy", "linear_probe_accuracy"),
    }

    def shown(self, model):
        """The number of samples, and their seed."""
        return {"count": _count_of(model), "seed": SEED}

    def draws_data(self, model):
        """Whether the samples are points, which are drawn over the data."""
        return len(model.data_shape) == 1

    def picture(self, model, settings):
        """A grid, with one column per class if there are few, or a scatter of points."""
        samples, beneath = model.generate(_count_of(model), seed=SEED), None
        if samples.ndim == 2:
            beneath = _points_of(settings, len(samples))
        return picture_of(samples, beneath, model.classes)

    def scored(self, model, name, settings, called=None):
        """Scores of samples and classes, and probes."""
        from keras_gan.families.sampling.card_scores import generator_scores
        from keras_gan.families.sampling.probes import probes

        found = generator_scores(model, name, settings, (called or settings).dataset)
        return found if model.encoder is None else found | {"probes": probes(model, settings)}


def _count_of(generator) -> int:
    """The number of samples in a generator's picture; a few classes get equally many."""
    if len(generator.data_shape) == 1:
        return COUNTS["points"]
    few = 0 < (generator.classes or 0) <= MOST_COLUMNS
    return ROWS * generator.classes if few else COUNTS["others"]


def _points_of(settings, n: int) -> np.ndarray:
    """The first samples of the data."""
    from keras_gan.families.datasets import open_dataset

    return np.stack(list(open_dataset(settings).take(n).as_numpy_iterator()))
