"""The families of models: how the command line trains each, and what its presets hold.

A family is a folder here and a line in `known`, which the command line loads. Models and games do
not depend on it: its pictures, scores, presets and settings stand above callbacks, metrics and zoo,
and below the command line.
"""

from keras_gan.families.cyclegan.translator import Translator
from keras_gan.families.flow.preset import PretrainedFlow
from keras_gan.families.sampling.generator import Generator
from keras_gan.families.vae.preset import PretrainedVAE
from keras_gan.families.vqvae.preset import PretrainedCodePrior

__all__ = ["Generator", "PretrainedCodePrior", "PretrainedFlow", "PretrainedVAE", "Translator"]
