"""The zoo: trained generators as folders of plain files, checked before anything uses them."""

from keras_gan.zoo.generator import Generator
from keras_gan.zoo.trust import UntrustedPresetError

__all__ = ["Generator", "UntrustedPresetError"]
