"""Callbacks for `fit`."""

from keras_gan.callbacks.averaging import SwapAverage
from keras_gan.callbacks.health import Health, HealthWarning, NotFiniteError
from keras_gan.callbacks.learning_rate import LearningRate
from keras_gan.callbacks.samples import Samples
from keras_gan.callbacks.tensorboard import TensorBoard

__all__ = [
    "Health",
    "HealthWarning",
    "LearningRate",
    "NotFiniteError",
    "Samples",
    "SwapAverage",
    "TensorBoard",
]
