"""Autoencoders: models of one player that reconstruct."""

from keras_gan.autoencoders.vae import VAE

__all__ = ["VAE"]
