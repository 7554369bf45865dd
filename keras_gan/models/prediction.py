"""What a trained network computes outside of training, a batch at a time."""

import contextlib

import numpy as np
from keras import ops

from keras_gan.data.checks import check_counts, check_samples
from keras_gan.data.conversion import refuse_containers
from keras_gan.parallel import processes


class Prediction:
    """The part of a model or a preset that computes with its networks.

    It has an `average`, or `None`, and `settle`, which brings variables up to date. Abilities are
    no subclasses of `keras.Model`, for a functional model such as a `kg.Generator` would make
    `Functional` out of this base of all of them (Keras 3.15).
    """

    def computed(
        self,
        function,
        *inputs: np.ndarray,
        batch_size: int,
        average: bool,
        alike: bool = False,
    ) -> np.ndarray:
        """What a function of the networks gives for arrays, a batch at a time.

        Args:
            function: From tensors, one per input, to a tensor, both `(batch, ...)`.
            *inputs: Arrays `(n, ...)`.
            batch_size: How many rows at a time.
            average: Whether the averaged networks, if there are any, serve.
            alike: Whether all of several batches get one size, for a function that computes each
                row by itself. The last one is filled up, so that nothing is compiled for another
                size, nor computed in another order.

        Returns:
            float32 array `(n, ...)`.
        """
        check_counts(batch_size=batch_size)
        with self.networks_for(average):
            return _in_batches(function, *inputs, batch_size=batch_size, alike=alike)

    @contextlib.contextmanager
    def networks_for(self, average: bool):
        """A scope in which tensors can be computed with the networks, averaged ones if any."""
        self.settle()
        use_average = average and self.average is not None
        averaged = self.average.applied if use_average else contextlib.nullcontext
        with processes.locally(self.variables), averaged():
            yield

    def given(self, samples) -> np.ndarray:
        """Samples in float32, once their shape is known to be right."""
        samples = as_samples(samples)
        check_samples(samples, self.sample_shape)
        return samples.astype("float32")

    @contextlib.contextmanager
    def holding(self, average: bool):
        """A scope within which the networks' variables hold the averaged weights, if any."""
        self.settle()
        use_average = average and self.average is not None
        with self.average.swapped() if use_average else contextlib.nullcontext():
            yield


def as_samples(given) -> np.ndarray:
    """What a user gave as samples, as an array; lists of rows are taken, too.

    Raises:
        ValueError: For what holds samples in another way, with what makes an array of it.
    """
    try:
        samples = np.asarray(given)
    except (ValueError, TypeError):  # rows of different lengths
        samples = None
    rows = isinstance(given, (list, tuple)) or hasattr(given, "columns")
    if samples is None or not rows or samples.dtype.kind not in "biuf":
        refuse_containers(given)
    return np.asarray(given)


def _in_batches(function, *inputs: np.ndarray, batch_size: int, alike: bool = False) -> np.ndarray:
    """Applies a function to arrays a batch at a time; float32 results, joined.

    Args:
        function: From tensors, one per input, to a tensor `(batch, ...)`.
        *inputs: Arrays `(n, ...)`.
        batch_size: How many rows at a time.
        alike: As in `Prediction.computed`.
    """
    n = len(inputs[0])
    if not n:  # of no rows some layers of TensorFlow cannot tell the shape
        one = [np.zeros((1, *each.shape[1:]), each.dtype) for each in inputs]
        return _in_batches(function, *one, batch_size=1)[:0]
    result = None
    for start in range(0, n, batch_size):
        rows = slice(start, min(start + batch_size, n))
        parts = [each[rows] for each in inputs]
        if alike and start:
            parts = [filled_up(each, batch_size) for each in parts]
        tensors = [ops.convert_to_tensor(each) for each in parts]
        part = ops.convert_to_numpy(function(*tensors))
        if result is None:
            result = np.empty((n, *part.shape[1:]), "float32")
        result[rows] = part[: rows.stop - start]
    return result


def filled_up(rows: np.ndarray, size: int) -> np.ndarray:
    """Rows of an array, the last of them repeated until there are as many as `size`."""
    missing = size - len(rows)
    return rows if missing < 1 else np.concatenate([rows, np.repeat(rows[-1:], missing, axis=0)])
