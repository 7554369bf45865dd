"""The families of models outside of training: how the command line trains them, what the zoo holds.

A family is a folder here and a line in `known`, which the command line loads. Models and games
know nothing of it: pictures, scores, presets and settings stand above callbacks, metrics and zoo,
and below the command line.
"""

from keras_gan.families.cyclegan.translator import Translator
from keras_gan.families.sampling.generator import Generator

__all__ = ["Generator", "Translator"]
