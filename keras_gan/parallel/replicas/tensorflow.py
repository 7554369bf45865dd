"""The few lines that ask TensorFlow's strategy."""

import keras
import tensorflow as tf


def accelerators() -> list[str]:
    """The kinds of the GPUs in use, one per GPU."""
    gpus = tf.config.list_physical_devices("GPU")
    details = [tf.config.experimental.get_device_details(gpu) for gpu in gpus]
    return [each.get("device_name", "GPU") for each in details]


def replica_count() -> int:
    """How many replicas share one training step; 1 outside of a distribution strategy.

    Example:

    >>> replica_count()
    1
    """
    return tf.distribute.get_strategy().num_replicas_in_sync


def replica_index():
    """The number of this replica, from 0, as an integer or a scalar tensor.

    Example:

    >>> int(replica_index())
    0
    """
    context = tf.distribute.get_replica_context()
    return 0 if context is None else context.replica_id_in_sync_group


def sum_over_replicas(tensors):
    """The sums over all replicas, the same on each; not to be called inside `keras.ops.cond`.

    Args:
        tensors: A tensor or any structure of floating tensors.

    Example, on one replica:

    >>> float(sum_over_replicas(tf.constant(2.0)))
    2.0
    """
    context = tf.distribute.get_replica_context()
    if context is None or replica_count() == 1:
        return tensors
    return context.all_reduce(tf.distribute.ReduceOp.SUM, tensors)


def unsupported_strategy() -> str | None:
    """The name of the strategy in whose scope this is, if `fit` cannot train under it."""
    strategy = tf.distribute.get_strategy()
    known = tf.distribute.MirroredStrategy, tf.distribute.OneDeviceStrategy
    if not tf.distribute.has_strategy() or isinstance(strategy, known):
        return None
    name = type(strategy).__name__
    return {"CollectiveAllReduceStrategy": "MultiWorkerMirroredStrategy"}.get(name, name)


def is_mirrored(variable) -> bool:
    """Whether a variable belongs to the strategy in whose scope this is.

    Args:
        variable: A `keras.Variable`.
    """
    strategy = tf.distribute.get_strategy()
    return strategy.extended.variable_created_in_scope(variable.value)


def batch_divisor() -> int:
    """1: replicas share batches of any size."""
    return 1


def strategy_scope(model: keras.Model):
    """The scope of the strategy under which a model was made.

    Args:
        model: A `keras.Model`.
    """
    return model.distribute_strategy.scope()
