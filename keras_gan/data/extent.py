"""The lowest and the highest value in all of a data set, for advice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import keras

from keras_gan.data.feeds import Feed, as_array
from keras_gan.data.watching import samples_in

SECONDS = 10.0


def extent(x: Any, part: int = 0, seconds: float = SECONDS) -> tuple[float, float, bool]:
    """The lowest and the highest value of the samples in batches, and whether all were seen.

    Args:
        x: A `tf.data.Dataset` of batches, a `keras.utils.PyDataset` or a `Feed`. Of a generator
            only the first batch is seen.
        part: Which arrays of a batch, counted from 0. Defaults to the first.
        seconds: How long it may take.

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
    """The batches of one pass, or the first one of what has but one pass."""
    if isinstance(x, Feed) and x.once:
        return iter([x.first_batch])
    if isinstance(x, keras.utils.PyDataset):
        return iter(x) if x.num_batches is None else (x[i] for i in range(x.num_batches))
    return iter(x)
