"""On what a run computes: the device and the precision that flags name."""

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def computing(settings) -> Iterator[None]:
    """A scope with the run's precision; its device is chosen for the rest of the process.

    Args:
        settings: The run's settings, of which `device` and `precision` count.

    Raises:
        ValueError: If there is no such device.
    """
    import keras

    from keras_gan.backend import devices

    if settings.device is not None:
        devices.compute_on(settings.device)
    usual = keras.config.dtype_policy()
    if settings.precision is not None:
        keras.config.set_dtype_policy(settings.precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(usual)
