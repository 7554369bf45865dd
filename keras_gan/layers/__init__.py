"""Layers that adversarial networks are built from."""

from keras_gan.layers.dropout import Dropout
from keras_gan.layers.instance_noise import InstanceNoise
from keras_gan.layers.normalization import (
    GroupNormalization,
    InstanceNormalization,
    LayerNormalization,
)
from keras_gan.layers.one_hot import OneHot
from keras_gan.layers.padding import ReflectionPadding2D
from keras_gan.layers.spectral_normalization import SpectralNormalization

__all__ = [
    "Dropout",
    "GroupNormalization",
    "InstanceNoise",
    "InstanceNormalization",
    "LayerNormalization",
    "OneHot",
    "ReflectionPadding2D",
    "SpectralNormalization",
]
