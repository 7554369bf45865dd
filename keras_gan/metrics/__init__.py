"""Metrics that compare sets of samples.

Metrics of features compute in NumPy's float64, whatever the backend, `floatx` and dtype policy. The
results of networks have the precision of the network: features that of their extractor, which is
float32 for those of this library, and `estimate_divergence` float32. Its density ratios are
float64, or float32 on JAX without `jax_enable_x64`.
"""

from keras_gan.backend.lazy import lazily

_HOMES = {  # loaded when they are asked for: `import keras_gan` needs none of them
    "features": (),
    "classes": ("ClassCoverage", "class_coverage", "stacked_classes"),
    "classifiers": ("convolutional_classifier", "pixel_classifier"),
    "clustering": ("cluster_accuracy",),
    "divergence": ("DivergenceEstimate", "estimate_divergence"),
    "frechet": ("frechet_distance", "gaussian_frechet_distance"),
    "frechet_statistics": ("FrechetStatistics",),
    "gan_train_test": ("GanTrainTest", "gan_train_test_accuracy"),
    "inception": ("InceptionScore", "inception_score"),
    "kernel": ("KernelDistanceEstimate", "kernel_distance"),
    "manifold": ("DensityCoverage", "PrecisionRecall", "density_coverage", "precision_recall"),
    "memorized": ("Memorization", "authenticity", "memorization"),
    "mind_distance": ("mind",),
    "modes": ("ModeCoverage", "mode_coverage"),
    "noised": ("NoiseBound", "noise_bound"),
    "path_length": ("PathLength", "perceptual_path_length"),
    "pixels": ("pixel_features",),
    "probes": ("linear_probe_accuracy", "nearest_neighbour_accuracy"),
    "scoring": ("Score",),
    "streaming": ("FrechetDistance", "KernelDistance"),
    "translation": ("label_preservation",),
    "transport": ("sliced_wasserstein", "wasserstein"),
    "two_sample": ("TwoSampleTest", "classifier_two_sample_test", "mmd_test"),
    "vendi": ("vendi_score",),
}
__getattr__, __dir__ = lazily(__name__, _HOMES)
__all__ = ["features", *sum(_HOMES.values(), ())]
