"""What is wrong with data, before the first step."""

import warnings

import keras
import numpy as np

from keras_gan import amounts
from keras_gan.replicas import batch_divisor
from keras_gan.validation.received import number_advice, refuse_containers
from keras_gan.validation.shapes import shapes_agree


def check_data(x, sample_shape: tuple, schedule=None, batch_size: int | None = None):
    """Looks at training data: all of an array, the first batch of a data set.

    Returns:
        The samples that were looked at, or `None` where none can be.

    Args:
        x: What `fit` was given. A Python generator or a distributed data set cannot be looked at
            without consuming it; its batches are checked when the step is traced.
        sample_shape: The shape of one sample.
        schedule: The `Schedule` that will cut the batches; `None` where none does.
        batch_size: The batch size of arrays; `None` is Keras's 32.

    Raises:
        ValueError: See `AdversarialModel.fit`.
    """
    if x is None:
        raise ValueError("There is no data: pass an array or a tf.data.Dataset of batches.")
    if isinstance(x, str):
        raise ValueError(
            f"Data are an array, a tf.data.Dataset of batches or a keras.utils.PyDataset; received "
            f"the name {x!r}: kg.data.batches(kg.data.load({x!r}), batch_size=64) has its data."
        )
    if batch_size is not None:
        amounts.whole("batch_size", batch_size)
    if not hasattr(x, "element_spec"):
        refuse_containers(x, sample_shape=sample_shape)
    batch = first_batch(x)
    if batch is None:
        return None
    samples = samples_of(batch)
    check_samples(samples, sample_shape)
    check_values(np.asarray(samples))
    whole = hasattr(x, "shape")
    size = min(batch_size or 32, len(x)) if whole else len(samples)
    check_divides(size, len(x) % size if whole else 0)
    if schedule is not None:
        schedule.check_batch(size)
    return samples


def check_divides(size: int, rest: int) -> None:
    """Refuses batches that the devices of a `keras.distribution` cannot share evenly.

    Args:
        size: Of a batch.
        rest: Of the last batch of a pass, if it is shorter; 0 otherwise.

    Raises:
        ValueError: See above.
    """
    devices = batch_divisor()
    if size % devices:
        raise ValueError(
            f"A batch must divide by the {devices} devices that share it; received one of {size} "
            f"samples: take a batch_size of {max(size // devices, 1) * devices}."
        )
    if rest % devices:
        raise ValueError(
            f"The last batch of a pass has {rest} samples, which {devices} devices cannot share "
            f"evenly: leave {rest % devices} samples out, or take another batch_size."
        )


def first_batch(x):
    """An array itself, or the first batch of a data set; `None` where that would consume it.

    Raises:
        ValueError: For a data set that is empty.
    """
    empty = "The data set is empty: there is not one batch to train on."
    if isinstance(x, keras.utils.PyDataset):
        if x.num_batches == 0:
            raise ValueError(empty)
        return x[0]
    if hasattr(x, "element_spec") and hasattr(x, "take"):
        batch = next(iter(x), None)
        if batch is None:
            raise ValueError(empty)
        return batch
    if hasattr(x, "shape") and len(x) == 0:
        raise ValueError(f"The data set is empty: received an array of shape {tuple(x.shape)}.")
    return x if hasattr(x, "shape") or isinstance(x, (dict, tuple, list)) else None


def samples_of(data):
    """The samples among what Keras hands over: x itself or the first of `(x,)`, `(x, labels)`.

    Raises:
        ValueError: For a dict or anything else without shape and dtype.
    """
    samples = data[0] if isinstance(data, (tuple, list)) and len(data) else data
    refuse_containers(samples)
    if not hasattr(samples, "dtype") or not hasattr(samples, "shape"):
        raise ValueError(
            f"A batch must be an array of samples or a tuple (samples, labels); received a "
            f"{type(samples).__name__}."
        )
    return samples


def check_samples(samples, sample_shape: tuple) -> None:
    """Checks dtype and shape of a batch of samples, also of a symbolic one.

    Raises:
        ValueError: For integers or a shape that is not `(batch, *sample_shape)`.
    """
    refuse_containers(samples)
    dtype = getattr(samples.dtype, "name", None) or str(samples.dtype).split(".")[-1]
    if not dtype.lower().startswith(("float", "bfloat")):
        images = len(sample_shape) > 1
        raise ValueError(
            f"Samples must be floating-point{', images in [-1, 1]' if images else ''}; "
            f"{number_advice(samples, images)}"
        )
    if samples.shape.rank is None if hasattr(samples.shape, "rank") else False:
        raise ValueError(
            "The data set does not say of which shape its batches are: give it an output_signature."
        )
    if not shapes_agree(samples.shape, (None, *sample_shape)):
        raise ValueError(
            f"The networks take samples of shape {tuple(sample_shape)}, so a batch is "
            f"{('batch', *sample_shape)}; received {tuple(samples.shape)}.".replace(
                "'batch'", "batch"
            )
        )


def check_values(samples: np.ndarray) -> None:
    """Checks the numbers of a batch: all finite, images in [-1, 1].

    Warns of images without a value below 0, which look like [0, 1].

    Raises:
        ValueError: For NaN, infinities, or images (rank 4) that leave [-1, 1].
    """
    if not np.isfinite(samples).all():
        bad = np.argwhere(~np.isfinite(samples))[0]
        raise ValueError(
            f"The data has NaN or infinite values, the first in sample {bad[0]} of the batch "
            f"looked at: clean or leave out such samples."
        )
    low, high = samples.min(), samples.max()
    if samples.ndim == 4 and (low < -1.001 or high > 1.001):
        scale = "x / 127.5 - 1" if high > 2 else "2 * (x - x.min()) / (x.max() - x.min()) - 1"
        raise ValueError(
            f"Images must lie in [-1, 1]; received values from {low:g} to {high:g}. Rescale them, "
            f"for example {scale}."
        )
    if samples.ndim == 4 and 0 <= low < high:
        warnings.warn(
            f"Images are taken to lie in [-1, 1], but no value looked at is below 0: they go from "
            f"{low:g} to {high:g}. If 0 is black in them, rescale: 2 * x - 1.",
            stacklevel=2,
        )


def check_counts(**counts: int) -> None:
    """Refuses numbers of samples that are none."""
    for name, count in counts.items():
        least = 1 if name == "batch_size" else 0
        if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < least:
            raise ValueError(
                f"{name} must be a whole number, at least {least}; received {count!r}."
            )


def checked_seed(seed) -> int:
    """A seed as a Python integer.

    Raises:
        ValueError: For anything but a whole number in [0, 2³²).
    """
    whole = isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)
    if not whole or not 0 <= seed < 2**32:
        raise ValueError(f"seed must be a whole number in [0, 2³²), or None; received {seed!r}.")
    return int(seed)
