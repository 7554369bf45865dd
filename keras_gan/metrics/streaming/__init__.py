"""Distances between samples that arrive in batches, as Keras metrics."""

from keras_gan.metrics.streaming.frechet import FrechetDistance
from keras_gan.metrics.streaming.kernel import KernelDistance

__all__ = ["FrechetDistance", "KernelDistance"]
