"""Small networks and data that many tests play with."""

import keras
import numpy as np
from keras import layers


def generator(latent_dim=3, data_dim=2, normalized=True):
    """An MLP with batch normalization, so that there are statistics to average and to save."""
    normalization = [layers.BatchNormalization()] if normalized else []
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(16),
            *normalization,
            layers.ReLU(),
            layers.Dense(data_dim),
        ],
        name="generator",
    )


def discriminator(data_dim=2, dropout=0.0):
    """An MLP; with dropout it has a random state of its own."""
    return keras.Sequential(
        [
            keras.Input((data_dim,)),
            layers.Dense(16),
            layers.LeakyReLU(0.2),
            layers.Dropout(dropout),
            layers.Dense(1),
        ],
        name="discriminator",
    )


def points(n=256, data_dim=2, seed=0):
    """Samples of a shifted normal distribution, float32."""
    return np.random.default_rng(seed).normal(1.0, 0.5, (n, data_dim)).astype("float32")
