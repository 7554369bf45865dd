"""Generative adversarial networks for Keras 3."""

import os
import sys

if os.path.basename((sys.argv or [""])[0]) == "keras-gan":
    # The command line speaks for itself; TensorFlow reads this when it is first imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

try:
    import keras as _keras  # noqa: F401
except ModuleNotFoundError as error:
    if (error.name or "").split(".")[0] != "tensorflow":
        raise
    raise ModuleNotFoundError(
        "Keras computes with TensorFlow unless told otherwise, and it is not installed: pip "
        "install tensorflow, or, with JAX, set KERAS_BACKEND=jax before Keras is imported."
    ) from error

from keras_gan import (
    autodiff,
    callbacks,
    constraints,
    data,
    hosts,
    layers,
    likelihoods,
    metrics,
    networks,
    objectives,
    penalties,
    priors,
    schedules,
    zoo,
)
from keras_gan.games import AVB, GAN, AdversarialModel, BiGAN, CycleGAN, UnrolledGAN
from keras_gan.recipes import CTGAN, DCGAN, DRAGAN, FGAN, GANGP, R3GAN, SNGAN, WGAN, WGANGP
from keras_gan.saving import load_model
from keras_gan.schedules import Schedule
from keras_gan.zoo import Generator, Translator

__version__ = "0.1.0"

__all__ = [
    "AVB",
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
    "BiGAN",
    "CycleGAN",
    "Generator",
    "Schedule",
    "Translator",
    "UnrolledGAN",
    "autodiff",
    "callbacks",
    "constraints",
    "data",
    "hosts",
    "layers",
    "likelihoods",
    "load_model",
    "metrics",
    "networks",
    "objectives",
    "penalties",
    "priors",
    "schedules",
    "zoo",
]
