"""Two generators that translate between two domains, and a discriminator of each."""

from keras_gan.games.cyclegan.cyclegan import CycleGAN

__all__ = ["CycleGAN"]
