"""Metrics: what tells one set of samples from another.

Metrics of features compute in NumPy's float64, whichever backend, `floatx` and dtype policy are
set. What a network finds has its precision: features that of their extractor, float32 for the
shipped ones, and `estimate_divergence` float32; its density ratios are float64, or float32 on JAX
without `jax_enable_x64`.
"""

from keras_gan.backend.lazy import lazily
from keras_gan.metrics.streaming import FrechetDistance, KernelDistance  # registered with Keras

_HOMES = {  # loaded when they are asked for: `import keras_gan` needs none of them
    "features": (),
    "classes": ("ClassCoverage", "class_coverage", "stacked_classes"),
    "classifiers": ("convolutional_classifier", "pixel_classifier"),
    "divergence": ("DivergenceEstimate", "estimate_divergence"),
    "frechet": ("frechet_distance", "gaussian_frechet_distance"),
    "inception": ("InceptionScore", "inception_score"),
    "kernel": ("KernelDistanceEstimate", "kernel_distance"),
    "manifold": ("DensityCoverage", "PrecisionRecall", "density_coverage", "precision_recall"),
    "modes": ("ModeCoverage", "mode_coverage"),
    "pixels": ("pixel_features",),
    "probes": ("linear_probe_accuracy", "nearest_neighbour_accuracy"),
    "scoring": ("Score",),
    "translation": ("label_preservation",),
    "transport": ("sliced_wasserstein", "wasserstein"),
    "two_sample": ("TwoSampleTest", "classifier_two_sample_test", "mmd_test"),
}
__getattr__, __dir__ = lazily(__name__, _HOMES)
__all__ = ["FrechetDistance", "KernelDistance", "features", *sum(_HOMES.values(), ())]
