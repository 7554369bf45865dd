"""A generator against a discriminator, and the same with an unrolled discriminator."""

from keras_gan.games.gan.gan import GAN
from keras_gan.games.gan.unrolled import UnrolledGAN

__all__ = ["GAN", "UnrolledGAN"]
