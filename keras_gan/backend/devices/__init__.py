"""Which device computes: all that a backend finds, or one that the user names."""

import keras

from keras_gan.texts import one_line

if keras.backend.backend() == "tensorflow":
    from keras_gan.backend.devices import tensorflow as backend
else:
    from keras_gan.backend.devices import jax as backend


KINDS = ("cpu", "gpu", "tpu")


def compute_on(name: str) -> None:
    """Lets this process compute on one device, before it computes anything.

    Args:
        name: `"cpu"`, `"gpu"` or `"gpu:1"`, the second one; counted from 0.

    Raises:
        ValueError: If there is no such device, or the process has computed on others already.
    """
    kind, _, number = name.partition(":")
    place, found = int(number or 0), backend.devices(kind)
    if place >= len(found):
        others = [f"{each}:{i}" for each in KINDS for i in range(len(backend.devices(each)))]
        raise ValueError(
            f"There is no device {name} for {keras.backend.backend()}: it finds "
            f"{', '.join(others)}."
        )
    try:
        backend.choose(kind, found[place])
    except RuntimeError as error:
        raise ValueError(
            f"The device {name} cannot be chosen any more ({one_line(error)}): choose it before "
            f"anything is computed."
        ) from error
