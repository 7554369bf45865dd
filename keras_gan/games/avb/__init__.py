"""An autoencoder whose posterior any network makes, scored by a discriminator."""

from keras_gan.games.avb.avb import AVB

__all__ = ["AVB"]
