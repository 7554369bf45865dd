"""TensorFlow when it is needed: JAX trains on arrays without it."""

import importlib


class _LazyTensorFlow:
    """Imports TensorFlow at the first use of any part of it."""

    def __getattr__(self, name: str):
        try:
            return getattr(importlib.import_module("tensorflow"), name)
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                "kg.data and the command line make tf.data sets, which need TensorFlow: pip "
                "install tensorflow. In Python, fit takes arrays and keras.utils.PyDataset without."
            ) from error


tf = _LazyTensorFlow()
