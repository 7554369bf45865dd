"""Metrics: what tells one set of samples from another."""

from keras_gan.metrics import features
from keras_gan.metrics.classes import ClassCoverage, class_coverage, pixel_classifier
from keras_gan.metrics.divergence import DivergenceEstimate, estimate_divergence
from keras_gan.metrics.frechet import frechet_distance, gaussian_frechet_distance
from keras_gan.metrics.modes import ModeCoverage, mode_coverage
from keras_gan.metrics.pixels import pixel_features

__all__ = [
    "ClassCoverage",
    "DivergenceEstimate",
    "ModeCoverage",
    "class_coverage",
    "estimate_divergence",
    "features",
    "frechet_distance",
    "gaussian_frechet_distance",
    "mode_coverage",
    "pixel_classifier",
    "pixel_features",
]
