"""What `fit` is given besides arrays and tf.data sets: anything that one can iterate over."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
from keras.src.trainers.data_adapters.data_adapter import DataAdapter

from keras_gan.data.lazy import tf

ENDLESS = 2**31  # no data set has so many batches: Grain gives sys.maxsize for a repeated one


class Feed(DataAdapter):
    """The batches of a generator, a torch DataLoader, a Grain data set or any other iterable.

    Its first batches are looked at and not lost: those of a generator come again as the first of
    its pass. Batches of bare arrays or tensors become tuples, and tensors of torch arrays.

    Args:
        source: The iterable.

    Raises:
        ValueError: For one without a batch.

    Example:

    >>> feed = Feed(np.zeros((4, 2)) + i for i in range(3))
    >>> feed.first_batch[0].shape, [float(batch[0][0, 0]) for batch in feed]
    ((4, 2), [0.0, 1.0, 2.0])
    """

    def __init__(self, source: Any):
        self.source, self.kind = source, type(source).__name__
        self.once = hasattr(source, "__next__")
        iterator = iter(source)
        self.seen = list(itertools.islice(iterator, 2))  # two tell which axes differ, as in Keras
        if not self.seen:
            raise ValueError("The data set is empty: there is not one batch to train on.")
        self.rest = iterator if self.once else None
        self.first_batch = _in_tuple(self.seen[0])

    def __iter__(self) -> Iterator[tuple]:
        if not self.once:
            return map(_in_tuple, self.source)
        if self.rest is None:
            raise ValueError(
                f"The {self.kind} has ended, and one pass is all that it has: pass steps_per_epoch "
                f"(or validation_steps) and let it go on, or a keras.utils.PyDataset."
            )
        batches, self.rest, self.seen = itertools.chain(self.seen, self.rest), None, self.seen[:1]
        return map(_in_tuple, batches)

    def get_numpy_iterator(self) -> Iterator[tuple]:
        """The batches of one pass."""
        return iter(self)

    def get_jax_iterator(self) -> Iterator[tuple]:
        """The batches of one pass."""
        return iter(self)

    def get_tf_dataset(self):
        """The batches of one pass, as tensors."""
        seen = [_in_tuple(batch) for batch in self.seen]
        signature = keras.tree.map_structure(_specification, *seen)
        batches = tf.data.Dataset.from_generator(lambda: iter(self), output_signature=signature)
        return batches.prefetch(tf.data.AUTOTUNE) if self.once else batches

    @property
    def num_batches(self) -> int | None:
        """How many a pass has, where the iterable says it."""
        try:
            count = len(self.source)
        except TypeError:
            return None
        return count if count < ENDLESS else None

    @property
    def batch_size(self) -> int | None:
        """Not known."""
        return None

    @property
    def has_partial_batch(self) -> bool | None:
        """Not known."""
        return None

    @property
    def partial_batch_size(self) -> int | None:
        """Not known."""
        return None


def fed(x: Any) -> Any:
    """The data as they are, or a `Feed` of what Keras would take unseen or not at all."""
    known = x is None or isinstance(x, (str, dict, tuple, list, keras.utils.PyDataset, DataAdapter))
    if known or hasattr(x, "shape") or is_tensorflow(x):
        return x
    return Feed(x) if hasattr(x, "__iter__") or hasattr(x, "__next__") else x


def is_tensorflow(x: Any) -> bool:
    """Whether these are a `tf.data.Dataset` or one that is distributed to replicas; no iterator."""
    return hasattr(x, "element_spec") and not hasattr(x, "__next__")


def _in_tuple(batch: Any) -> Any:
    """A batch as Keras takes it, `(x,)` or `(x, labels)`; a dict as it is."""
    if isinstance(batch, dict):
        return batch
    parts = tuple(batch) if isinstance(batch, (tuple, list)) else (batch,)
    while len(parts) > 1 and parts[-1] is None:
        parts = parts[:-1]
    return tuple(keras.tree.map_structure(as_array, part) for part in parts)


def as_array(part: Any) -> Any:
    """An array of any library in NumPy, wherever its memory is; anything else as it is."""
    if isinstance(part, np.ndarray) or not hasattr(part, "shape"):
        return part
    if hasattr(part, "detach"):  # of torch, whose gradients and devices NumPy knows not
        part = part.detach().cpu()
        part = part.float() if "bfloat16" in str(part.dtype) else part
    return np.asarray(part)


def _specification(part: Any, *others: Any):
    """What TensorFlow is told of an array in the batches, whose first axis may have any length."""
    shapes = [each.shape[1:] for each in (part, *others)]
    same = [axes[0] if len(set(axes)) == 1 else None for axes in zip(*shapes, strict=True)]
    return tf.TensorSpec((None, *same), part.dtype)


def given_data(x, y=None) -> tuple:
    """What `fit` was given as arrays x and y, or as batches of which the first can be looked at."""
    x, y = (as_array(each) if hasattr(each, "detach") else each for each in (x, y))
    return fed(x), y
