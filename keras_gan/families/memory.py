"""A scope that refuses networks too large for memory."""

import contextlib
from collections.abc import Iterator

from keras_gan.files.limits import free_memory

WHILE_TRAINING = 5  # copies of the weights in memory: itself, two moments, gradients, average


@contextlib.contextmanager
def within_memory() -> Iterator[None]:
    """A scope that refuses networks before their weights fill the memory.

    Raises:
        ValueError: Names the settings to reduce.
    """
    from keras_gan.networks.weight_limits import TooLargeError, making

    free = free_memory()
    try:
        with making(None if free is None else free // WHILE_TRAINING, most_arrays=None):
            yield
    except TooLargeError as error:
        raise ValueError(
            f"There is not enough memory to train these networks ({error}): use a smaller --width, "
            f"--latent-dim or --image-size."
        ) from error
