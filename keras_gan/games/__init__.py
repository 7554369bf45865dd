"""Games: which networks play, and what each minimises."""

from keras_gan.games.adversarial import AdversarialModel
from keras_gan.games.cyclegan import CycleGAN
from keras_gan.games.gan import GAN

__all__ = ["GAN", "AdversarialModel", "CycleGAN"]
