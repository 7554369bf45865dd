"""TensorFlow's devices: it computes on what is visible, and on a GPU if one is."""

import tensorflow as tf


def devices(kind: str) -> list:
    """The devices of a kind."""
    return tf.config.list_physical_devices(kind.upper())


def choose(kind: str, device) -> None:
    """Hides all devices but one of this kind, and but the CPU, which feeds the others."""
    for other in ("GPU", "TPU"):
        tf.config.set_visible_devices([device] if other == kind.upper() else [], other)
