"""Callbacks for `fit`."""

from keras_gan.callbacks.samples import Samples
from keras_gan.callbacks.tensorboard import TensorBoard

__all__ = ["Samples", "TensorBoard"]
