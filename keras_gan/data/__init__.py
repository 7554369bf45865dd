"""Data sets by name, from folders or arrays, and the batches to train on."""

from keras_gan.data.affine import random_affine, with_copies
from keras_gan.data.loading import DATASETS, load
from keras_gan.data.pipeline import batches
from keras_gan.data.synthetic import Mixture, mixture
from keras_gan.data.unpaired import unpaired

__all__ = [
    "DATASETS",
    "Mixture",
    "batches",
    "load",
    "mixture",
    "random_affine",
    "unpaired",
    "with_copies",
]
