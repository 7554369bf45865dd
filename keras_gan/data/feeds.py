"""Data for `fit` besides arrays and tf.data sets: any iterable of batches."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
from keras.src.trainers.data_adapters.data_adapter import DataAdapter

from keras_gan.data.lazy import tf

ENDLESS = 2**31  # no data set has so many batches: Grain gives sys.maxsize for a repeated one


class Feed(DataAdapter):
    """The batches of a generator, a torch DataLoader, a Grain data set or any other iterable.

    It reads the first batches for checks without losing them: a generator's pass still begins with
    them. Bare arrays or tensors become tuples, and torch's tensors become arrays.

    Args:
        source: The iterable.

    Raises:
        ValueError: If it has no batch.

    Example:

    >>> feed = Feed(np.zeros((4, 2)) + i for i in range(3))
    >>> feed.first_batch[0].shape, [float(batch[0][0, 0]) for batch in feed]
    ((4, 2), [0.0, 1.0, 2.0])
    """

    def __init__(self, source: Any):
        self.source, self.kind = source, type(source).__name__
        self.once = hasattr(source, "__next__")
        iterator = iter(source)
        self.seen = list(itertools.islice(iterator, 2))  # two show which axes vary, as in Keras
        if not self.seen:
            raise ValueError("The data set is empty: it has no batch to train on.")
        self.rest = iterator if self.once else None
        self.first_batch = _in_tuple(self.seen[0])

    def __iter__(self) -> Iterator[tuple]:
        if not self.once:
            return map(_in_tuple, self.source)
        if self.rest is None:
            raise ValueError(
                f"The {self.kind} has ended, and it can be read only once: pass one that goes on, "
                f"with steps_per_epoch (or validation_steps), or a keras.utils.PyDataset."
            )
        batches, self.rest, self.seen = itertools.chain(self.seen, self.rest), None, self.seen[:1]
        return map(_in_tuple, batches)

    def get_numpy_iterator(self) -> Iterator[tuple]:
        """Returns the batches of one pass."""
        return iter(self)

    def get_jax_iterator(self) -> Iterator[tuple]:
        """Returns the batches of one pass."""
        return iter(self)

    def get_tf_dataset(self):
        """Returns the batches of one pass, as tensors."""
        seen = [_in_tuple(batch) for batch in self.seen]
        signature = keras.tree.map_structure(_specification, *seen)
        here = weakref.ref(self)  # for TensorFlow never forgets the function
        batches = tf.data.Dataset.from_generator(lambda: iter(here()), output_signature=signature)
        return batches.prefetch(tf.data.AUTOTUNE) if self.once else batches

    @property
    def num_batches(self) -> int | None:
        """The number of batches in a pass, or `None` if the iterable does not say it."""
        try:
            count = len(self.source)
        except TypeError:
            return None
        return count if count < ENDLESS else None

    @property
    def batch_size(self) -> int | None:
        """Unknown."""
        return None

    @property
    def has_partial_batch(self) -> bool | None:
        """Unknown."""
        return None

    @property
    def partial_batch_size(self) -> int | None:
        """Unknown."""
        return None


def fed(x: Any) -> Any:
    """Returns the data, as a `Feed` if Keras would not let us check them or would refuse them."""
    known = x is None or isinstance(x, (str, dict, tuple, list, keras.utils.PyDataset, DataAdapter))
    if known or hasattr(x, "shape") or is_tensorflow(x):
        return x
    return Feed(x) if hasattr(x, "__iter__") or hasattr(x, "__next__") else x


def is_tensorflow(x: Any) -> bool:
    """Whether the data are a `tf.data.Dataset`, distributed to replicas or not, and no iterator."""
    return hasattr(x, "element_spec") and not hasattr(x, "__next__")


def _in_tuple(batch: Any) -> Any:
    """Returns a batch as Keras takes it, `(x,)` or `(x, labels)`; a dict stays a dict."""
    if isinstance(batch, dict):
        return batch
    parts = tuple(batch) if isinstance(batch, (tuple, list)) else (batch,)
    while len(parts) > 1 and parts[-1] is None:
        parts = parts[:-1]
    return tuple(keras.tree.map_structure(as_array, part) for part in parts)


def as_array(part: Any) -> Any:
    """Returns an array of any library, on any device, in NumPy; any other object unchanged."""
    if isinstance(part, np.ndarray) or not hasattr(part, "shape"):
        return part
    if hasattr(part, "detach"):  # of torch, whose gradients and devices NumPy does not know
        part = part.detach().cpu()
        part = part.float() if "bfloat16" in str(part.dtype) else part
    return np.asarray(part)


def _specification(part: Any, *others: Any):
    """Returns TensorFlow's specification of an array in the batches, of any number of samples."""
    shapes = [each.shape[1:] for each in (part, *others)]
    same = [axes[0] if len(set(axes)) == 1 else None for axes in zip(*shapes, strict=True)]
    return tf.TensorSpec((None, *same), part.dtype)


def given_data(x, y=None) -> tuple:
    """Returns the data of `fit` as arrays x and y, or as batches whose first can be checked."""
    x, y = (as_array(each) if hasattr(each, "detach") else each for each in (x, y))
    return fed(x), y
