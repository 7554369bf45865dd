"""Imports TensorFlow only when it is needed: JAX trains on arrays without it."""

import importlib


class _LazyTensorFlow:
    """Imports TensorFlow at the first use of any part of it."""

    def __getattr__(self, name: str):
        try:
            return getattr(importlib.import_module("tensorflow"), name)
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                "kg.data and the command line make tf.data sets, which need TensorFlow: pip "
                "install tensorflow. Without it, fit takes arrays and a keras.utils.PyDataset."
            ) from error


tf = _LazyTensorFlow()
