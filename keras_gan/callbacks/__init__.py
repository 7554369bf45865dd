"""Callbacks for `fit`."""

from keras_gan.callbacks.checkpoint import Checkpoint
from keras_gan.callbacks.samples import Samples
from keras_gan.callbacks.tensorboard import TensorBoard

__all__ = ["Checkpoint", "Samples", "TensorBoard"]
