"""Ready-made generators and discriminators; any `keras.Model` of the same shapes will do."""

from keras_gan.networks.autoencoder import mlp_decoder, mlp_encoder
from keras_gan.networks.avb import avb_discriminator, avb_encoder
from keras_gan.networks.bigan import bigan_discriminator, bigan_encoder, bigan_generator
from keras_gan.networks.conv1d import conv1d_discriminator, conv1d_generator
from keras_gan.networks.conv3d import conv3d_discriminator, conv3d_generator
from keras_gan.networks.dcgan import dcgan_discriminator, dcgan_generator
from keras_gan.networks.fastgan import fastgan_generator
from keras_gan.networks.fastgan_decoder import fastgan_decoder
from keras_gan.networks.fastgan_discriminator import fastgan_discriminator
from keras_gan.networks.infogan import infogan_recognition
from keras_gan.networks.mlp import mlp_discriminator, mlp_generator
from keras_gan.networks.pixelcnn import pixelcnn
from keras_gan.networks.projected import projected_discriminator
from keras_gan.networks.r3gan import r3gan_discriminator, r3gan_generator
from keras_gan.networks.registry import Origin, origin_of, register
from keras_gan.networks.resnet import resnet_discriminator, resnet_generator
from keras_gan.networks.stylegan2 import stylegan2_discriminator, stylegan2_generator
from keras_gan.networks.translation import patch_discriminator, translation_generator
from keras_gan.networks.unet import unet_generator
from keras_gan.networks.vqvae import (
    vqvae2_bottom_encoder,
    vqvae2_decoder,
    vqvae_decoder,
    vqvae_encoder,
)

__all__ = [
    "Origin",
    "avb_discriminator",
    "avb_encoder",
    "bigan_discriminator",
    "bigan_encoder",
    "bigan_generator",
    "conv1d_discriminator",
    "conv1d_generator",
    "conv3d_discriminator",
    "conv3d_generator",
    "dcgan_discriminator",
    "dcgan_generator",
    "fastgan_decoder",
    "fastgan_discriminator",
    "fastgan_generator",
    "infogan_recognition",
    "mlp_decoder",
    "mlp_discriminator",
    "mlp_encoder",
    "mlp_generator",
    "origin_of",
    "patch_discriminator",
    "pixelcnn",
    "projected_discriminator",
    "r3gan_discriminator",
    "r3gan_generator",
    "register",
    "resnet_discriminator",
    "resnet_generator",
    "stylegan2_discriminator",
    "stylegan2_generator",
    "translation_generator",
    "unet_generator",
    "vqvae2_bottom_encoder",
    "vqvae2_decoder",
    "vqvae_decoder",
    "vqvae_encoder",
]
