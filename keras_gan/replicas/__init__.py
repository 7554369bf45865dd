"""Which replica of how many this code runs on.

TensorFlow's `MirroredStrategy` runs a step once a replica, on its slice of the batch. JAX runs one
program on the global batch, whatever the devices, and has no replicas to tell apart.
"""

import keras

if keras.backend.backend() == "tensorflow":
    from keras_gan.replicas.tensorflow import (
        batch_divisor,
        is_mirrored,
        replica_count,
        replica_index,
        strategy_scope,
        sum_over_replicas,
        unsupported_strategy,
    )
else:
    from keras_gan.replicas.jax import (
        batch_divisor,
        is_mirrored,
        replica_count,
        replica_index,
        strategy_scope,
        sum_over_replicas,
        unsupported_strategy,
    )

__all__ = [
    "batch_divisor",
    "is_mirrored",
    "replica_count",
    "replica_index",
    "strategy_scope",
    "sum_over_replicas",
    "unsupported_strategy",
]
