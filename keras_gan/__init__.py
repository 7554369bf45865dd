"""Generative adversarial networks for Keras 3."""

import os
import sys

if os.path.basename((sys.argv or [""])[0]) == "keras-gan":
    # The command line speaks for itself; TensorFlow reads this when it is first imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from keras_gan import (
    autodiff,
    callbacks,
    constraints,
    data,
    layers,
    metrics,
    networks,
    objectives,
    penalties,
    priors,
    schedules,
)
from keras_gan.games import GAN, AdversarialModel
from keras_gan.recipes import CTGAN, DCGAN, DRAGAN, FGAN, GANGP, R3GAN, SNGAN, WGAN, WGANGP
from keras_gan.saving import load_model
from keras_gan.schedules import Schedule

__version__ = "0.1.0"

__all__ = [
    "CTGAN",
    "DCGAN",
    "DRAGAN",
    "FGAN",
    "GAN",
    "GANGP",
    "R3GAN",
    "SNGAN",
    "WGAN",
    "WGANGP",
    "AdversarialModel",
    "Schedule",
    "autodiff",
    "callbacks",
    "constraints",
    "data",
    "layers",
    "load_model",
    "metrics",
    "networks",
    "objectives",
    "penalties",
    "priors",
    "schedules",
]
