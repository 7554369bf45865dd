"""Autoencoders: models of one player that reconstruct."""

from keras_gan.autoencoders.autoencoder import Autoencoder
from keras_gan.autoencoders.code_prior import CodePrior
from keras_gan.autoencoders.vae import IWAE, VAE, BetaVAE
from keras_gan.autoencoders.vqvae import VQVAE
from keras_gan.autoencoders.vqvae2 import VQVAE2

__all__ = ["IWAE", "VAE", "VQVAE", "VQVAE2", "Autoencoder", "BetaVAE", "CodePrior"]
