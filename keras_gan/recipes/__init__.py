"""Recipes: the named GANs, each a pick of objective, penalties, schedule and optimizers."""

from keras_gan.recipes.auxiliary import ACGAN, ReACGAN
from keras_gan.recipes.classical import DCGAN, SNGAN
from keras_gan.recipes.fastgan import FastGAN
from keras_gan.recipes.projected import ProjectedGAN
from keras_gan.recipes.regularized import DRAGAN, GANGP, R3GAN
from keras_gan.recipes.stylegan2 import StyleGAN2
from keras_gan.recipes.variational import FGAN
from keras_gan.recipes.wasserstein import CTGAN, WGAN, WGANGP

__all__ = [
    "ACGAN",
    "CTGAN",
    "DCGAN",
    "DRAGAN",
    "FGAN",
    "GANGP",
    "R3GAN",
    "SNGAN",
    "WGAN",
    "WGANGP",
    "FastGAN",
    "ProjectedGAN",
    "ReACGAN",
    "StyleGAN2",
]
