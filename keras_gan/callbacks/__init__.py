"""Callbacks for `fit`."""

from keras_gan.callbacks.averaging import SwapAverage
from keras_gan.callbacks.learning_rate import LearningRate
from keras_gan.callbacks.samples import Samples
from keras_gan.callbacks.tensorboard import TensorBoard

__all__ = [
    "LearningRate",
    "Samples",
    "SwapAverage",
    "TensorBoard",
]
