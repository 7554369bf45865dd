"""The answers of a program that sees the global batch."""

import contextlib

import keras

from keras_gan.parallel.processes import process_count


def accelerators() -> list[str]:
    """The kinds of the accelerators in use, one per device."""
    import jax

    return [device.device_kind for device in jax.devices() if device.platform != "cpu"]


def replica_count() -> int:
    """1."""
    return 1


def replica_index() -> int:
    """0."""
    return 0


def sum_over_replicas(tensors):
    """The tensors: there are no others."""
    return tensors


def unsupported_strategy() -> None:
    """None: there is no strategy."""
    return


def is_mirrored(variable) -> bool:
    """Whether a variable was made under the distribution that holds now, if one does.

    Args:
        variable: A `keras.Variable`.
    """
    distribution = keras.distribution.distribution()
    if distribution is None:
        return True
    return len(variable.value.sharding.device_set) == distribution.device_mesh.devices.size


def batch_divisor() -> int:
    """The number by which the batches of this process must divide: that of its devices."""
    distribution = keras.distribution.distribution()
    if distribution is None:
        return 1
    return max(distribution.device_mesh.devices.size // process_count(), 1)


def strategy_scope(model) -> contextlib.AbstractContextManager:
    """A scope in which nothing is different."""
    return contextlib.nullcontext()
