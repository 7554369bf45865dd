"""Networks are refused before their weights fill the memory."""

import contextlib
from collections.abc import Iterator

from keras_gan.files.limits import free_memory
from keras_gan.networks.registry import TooLargeError, making

WHILE_TRAINING = 5  # times the weights are in memory: two moments, gradients, the average


@contextlib.contextmanager
def within_memory() -> Iterator[None]:
    """A scope in which networks are refused before their weights fill the memory.

    Raises:
        ValueError: See above.
    """
    free = free_memory()
    try:
        with making(None if free is None else free // WHILE_TRAINING, most_arrays=None):
            yield
    except TooLargeError as error:
        raise ValueError(
            f"There is not enough memory to train such networks ({error}): take a smaller --width, "
            f"--latent-dim or --image-size."
        ) from error
