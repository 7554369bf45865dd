"""Adapts a textbook `train_step(data)` to Keras's trainers, in one file per backend."""

import keras

if keras.backend.backend() == "tensorflow":
    from keras_gan.training.backends.tensorflow import TensorFlowSteps as Steps
else:
    from keras_gan.training.backends.jax import JAXSteps as Steps

__all__ = ["Steps"]
