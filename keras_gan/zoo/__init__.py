"""The zoo: trained generators as folders of plain files, checked before anything uses them."""

from keras_gan.zoo.generator import Generator
from keras_gan.zoo.translator import Translator
from keras_gan.zoo.trust import UntrustedPresetError

CLASSES = {cls.kind: cls for cls in (Generator, Translator)}  # of what presets hold, by kind

__all__ = ["CLASSES", "Generator", "Translator", "UntrustedPresetError"]
