"""Games: which networks play, and what each minimises."""

from keras_gan.games.adversarial import AdversarialModel
from keras_gan.games.avb.avb import AVB
from keras_gan.games.bigan.bigan import BiGAN
from keras_gan.games.cyclegan.cyclegan import CycleGAN
from keras_gan.games.gan.gan import GAN
from keras_gan.games.gan.unrolled import UnrolledGAN
from keras_gan.games.infogan.infogan import InfoGAN
from keras_gan.games.pix2pix.pix2pix import Pix2Pix

__all__ = [
    "AVB",
    "GAN",
    "AdversarialModel",
    "BiGAN",
    "CycleGAN",
    "InfoGAN",
    "Pix2Pix",
    "UnrolledGAN",
]
