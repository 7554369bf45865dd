"""The lowest and the highest value in a whole data set, for advice in messages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import keras

from keras_gan.data.feeds import Feed, as_array
from keras_gan.data.watching import samples_in

SECONDS = 10.0


def extent(x: Any, part: int = 0, seconds: float = SECONDS) -> tuple[float, float, bool]:
    """Returns the lowest and the highest value of samples in batches, and whether all were read.

    Args:
        x: A `tf.data.Dataset` of batches, a `keras.utils.PyDataset` or a `Feed`. Of a generator
            only the first batch is read.
        part: The position of the array in a batch, from 0. Defaults to 0.
        seconds: The most time to spend. Defaults to 10 seconds.

    Example:

    >>> import numpy as np
    >>> extent(Feed([np.zeros((2, 3)), np.ones((2, 3))]))
    (0.0, 1.0, True)
    """
    low, high, end = float("inf"), float("-inf"), time.monotonic() + seconds
    for batch in _batches_of(x):
        samples = as_array(samples_in(batch, part + 1)[part])
        low, high = min(low, float(samples.min())), max(high, float(samples.max()))
        if time.monotonic() > end:
            return low, high, False
    return low, high, not getattr(x, "once", False)


def _batches_of(x: Any) -> Iterator:
    """Returns the batches of one pass, or only the first if there is no second pass."""
    if isinstance(x, Feed) and x.once:
        return iter([x.first_batch])
    if isinstance(x, keras.utils.PyDataset):
        return iter(x) if x.num_batches is None else (x[i] for i in range(x.num_batches))
    return iter(x)
