"""Distributions that draw samples and have a density: priors of z, likelihoods of decoders."""

from keras_gan.distributions.bernoulli import Bernoulli
from keras_gan.distributions.beta import Beta
from keras_gan.distributions.categorical import Categorical
from keras_gan.distributions.coded import Coded
from keras_gan.distributions.discretized_logistic import DiscretizedLogistic
from keras_gan.distributions.distribution import Distribution
from keras_gan.distributions.divergence import Divergence, kl
from keras_gan.distributions.logistic import Logistic
from keras_gan.distributions.mixture import Mixture
from keras_gan.distributions.normal import Normal
from keras_gan.distributions.uniform import Uniform

__all__ = [
    "Bernoulli",
    "Beta",
    "Categorical",
    "Coded",
    "DiscretizedLogistic",
    "Distribution",
    "Divergence",
    "Logistic",
    "Mixture",
    "Normal",
    "Uniform",
    "kl",
]
