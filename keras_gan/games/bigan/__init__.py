"""A generator and an encoder against a discriminator of pairs."""

from keras_gan.games.bigan.bigan import BiGAN

__all__ = ["BiGAN"]
