"""The variational autoencoder, its named picks, and how its gradient is estimated."""

from keras_gan.autoencoders.vae.picks import IWAE, BetaVAE
from keras_gan.autoencoders.vae.vae import VAE

__all__ = ["IWAE", "VAE", "BetaVAE"]
