"""A generator that translates samples of one domain, learnt from pairs with the other."""

from keras_gan.games.pix2pix.pix2pix import Pix2Pix

__all__ = ["Pix2Pix"]
