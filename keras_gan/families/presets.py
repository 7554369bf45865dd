"""The classes of presets of all families; importing them registers them."""

from keras_gan.families.cyclegan.translator import Translator
from keras_gan.families.flow.preset import PretrainedFlow
from keras_gan.families.sampling.generator import Generator
from keras_gan.families.vae.preset import PretrainedVAE
from keras_gan.families.vqvae.preset import PretrainedCodePrior

__all__ = ["Generator", "PretrainedCodePrior", "PretrainedFlow", "PretrainedVAE", "Translator"]
