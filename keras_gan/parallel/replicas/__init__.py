"""Which replica of how many this code runs on.

TensorFlow's `MirroredStrategy` runs a step once per replica, on its slice of the batch. JAX runs
one program on the global batch, whatever the devices, and has no replicas to tell apart.
"""

import keras

if keras.backend.backend() == "tensorflow":
    from keras_gan.parallel.replicas import tensorflow as backend
else:
    from keras_gan.parallel.replicas import jax as backend

accelerators = backend.accelerators
batch_divisor = backend.batch_divisor
is_mirrored = backend.is_mirrored
replica_count = backend.replica_count
replica_index = backend.replica_index
strategy_scope = backend.strategy_scope
sum_over_replicas = backend.sum_over_replicas
unsupported_strategy = backend.unsupported_strategy

__all__ = [
    "accelerators",
    "batch_divisor",
    "is_mirrored",
    "replica_count",
    "replica_index",
    "strategy_scope",
    "sum_over_replicas",
    "unsupported_strategy",
]
