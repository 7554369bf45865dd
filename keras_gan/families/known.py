"""The families that the command line knows, a line each; their recipes register themselves."""

from keras_gan.families.bigan import recipes as bigan
from keras_gan.families.cyclegan import recipes as cyclegan
from keras_gan.families.gan import recipes as gan

DEFAULT = gan.DEFAULT  # what is trained where no recipe is named
FAMILIES = (gan, bigan, cyclegan)
