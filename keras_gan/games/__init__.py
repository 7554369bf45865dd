"""Games: which networks play, and what each minimises."""

from keras_gan.games.adversarial import AdversarialModel
from keras_gan.games.avb import AVB
from keras_gan.games.bigan import BiGAN
from keras_gan.games.cyclegan import CycleGAN
from keras_gan.games.gan import GAN
from keras_gan.games.unrolled_gan import UnrolledGAN

__all__ = ["AVB", "GAN", "AdversarialModel", "BiGAN", "CycleGAN", "UnrolledGAN"]
