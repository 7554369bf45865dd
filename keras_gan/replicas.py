"""Which replica of how many this code runs on: the few lines that ask TensorFlow's strategy."""

import tensorflow as tf


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
