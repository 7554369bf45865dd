"""Metrics: what tells one set of samples from another.

Metrics of features compute in NumPy's float64, whichever backend, `floatx` and dtype policy are
set. What a network finds has its precision: features that of their extractor, float32 for the
shipped ones, and `estimate_divergence` float32; its density ratios are float64, or float32 on JAX
without `jax_enable_x64`.
"""

from keras_gan.metrics import features
from keras_gan.metrics.classes import ClassCoverage, class_coverage, stacked_classes
from keras_gan.metrics.classifiers import convolutional_classifier, pixel_classifier
from keras_gan.metrics.divergence import DivergenceEstimate, estimate_divergence
from keras_gan.metrics.frechet import frechet_distance, gaussian_frechet_distance
from keras_gan.metrics.inception import InceptionScore, inception_score
from keras_gan.metrics.kernel import KernelDistanceEstimate, kernel_distance
from keras_gan.metrics.manifold import (
    DensityCoverage,
    PrecisionRecall,
    density_coverage,
    precision_recall,
)
from keras_gan.metrics.modes import ModeCoverage, mode_coverage
from keras_gan.metrics.pixels import pixel_features
from keras_gan.metrics.probes import linear_probe_accuracy, nearest_neighbour_accuracy
from keras_gan.metrics.scoring import Score
from keras_gan.metrics.streaming import FrechetDistance, KernelDistance
from keras_gan.metrics.translation import label_preservation
from keras_gan.metrics.transport import sliced_wasserstein, wasserstein
from keras_gan.metrics.two_sample import TwoSampleTest, classifier_two_sample_test, mmd_test

__all__ = [
    "ClassCoverage",
    "DensityCoverage",
    "DivergenceEstimate",
    "FrechetDistance",
    "InceptionScore",
    "KernelDistance",
    "KernelDistanceEstimate",
    "ModeCoverage",
    "PrecisionRecall",
    "Score",
    "TwoSampleTest",
    "class_coverage",
    "classifier_two_sample_test",
    "convolutional_classifier",
    "density_coverage",
    "estimate_divergence",
    "features",
    "frechet_distance",
    "gaussian_frechet_distance",
    "inception_score",
    "kernel_distance",
    "label_preservation",
    "linear_probe_accuracy",
    "mmd_test",
    "mode_coverage",
    "nearest_neighbour_accuracy",
    "pixel_classifier",
    "pixel_features",
    "precision_recall",
    "sliced_wasserstein",
    "stacked_classes",
    "wasserstein",
]
