"""A generator whose codes a recognition network reads from its samples."""

from keras_gan.games.infogan.infogan import InfoGAN

__all__ = ["InfoGAN"]
