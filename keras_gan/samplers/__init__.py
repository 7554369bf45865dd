"""Samplers: ways to draw samples of a game that ask its discriminator, too."""

from keras_gan.samplers.langevin import Langevin
from keras_gan.samplers.rejection import Rejection
from keras_gan.samplers.sampler import Drawn, Sampler

__all__ = ["Drawn", "Langevin", "Rejection", "Sampler"]
