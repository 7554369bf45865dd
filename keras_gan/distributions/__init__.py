"""Distributions that draw samples and have a density: priors of z, likelihoods of decoders."""

from keras_gan.distributions.bernoulli import Bernoulli
from keras_gan.distributions.distribution import Distribution
from keras_gan.distributions.normal import Normal
from keras_gan.distributions.uniform import Uniform

__all__ = ["Bernoulli", "Distribution", "Normal", "Uniform"]
