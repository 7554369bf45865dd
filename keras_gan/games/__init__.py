"""Games: which networks play, and what each minimises."""

from keras_gan.games.adversarial import AdversarialModel
from keras_gan.games.gan import GAN
from keras_gan.games.unrolled_gan import UnrolledGAN

__all__ = ["GAN", "AdversarialModel", "UnrolledGAN"]
