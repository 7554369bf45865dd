"""The backend that the tests run on."""

import keras

BACKEND = keras.backend.backend()
OF_THE_OTHER = {"tensorflow": "jax", "jax": "tensorflow"}[BACKEND]  # modules that implement it
