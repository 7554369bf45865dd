"""The families of the command line, one line each; importing them registers their recipes."""

from keras_gan.families.autoencoder import recipes as autoencoder
from keras_gan.families.bigan import recipes as bigan
from keras_gan.families.cyclegan import recipes as cyclegan
from keras_gan.families.flow import recipes as flow
from keras_gan.families.gan import recipes as gan
from keras_gan.families.infogan import recipes as infogan
from keras_gan.families.pix2pix import recipes as pix2pix
from keras_gan.families.vae import recipes as vae
from keras_gan.families.vqvae import recipes as vqvae

DEFAULT = gan.DEFAULT  # the default of --recipe
FAMILIES = (gan, bigan, infogan, cyclegan, pix2pix, autoencoder, vae, vqvae, flow)
