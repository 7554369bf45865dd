"""Checks of data before the first step."""

import inspect
import random

import keras
import numpy as np

from keras_gan import arguments
from keras_gan.backend.shapes import shapes_agree
from keras_gan.data.conversion import number_advice, refuse_containers
from keras_gan.parallel.replicas import batch_divisor
from keras_gan.texts import in_short


def check_data(x, sample_shape: tuple, schedule=None, batch_size: int | None = None):
    """Checks training data: all of an array, or the first batch of a data set.

    Args:
        x: The data that `fit` was given; a `Feed` for generators and other iterables. A distributed
            data set cannot be read here; its batches are checked when the step is traced.
        sample_shape: The shape of one sample.
        schedule: The `Schedule` that will divide the batches; `None` without a schedule.
        batch_size: The batch size of arrays; `None` for Keras's 32.

    Returns:
        The samples that were checked, or `None` if the data cannot be read here.

    Raises:
        ValueError: See `AdversarialModel.fit`.
    """
    if x is None:
        raise ValueError("The data is missing: pass an array or a tf.data.Dataset of batches.")
    if isinstance(x, str):
        raise ValueError(
            f"Data are an array, a tf.data.Dataset of batches or a keras.utils.PyDataset; received "
            f"the name {x!r}: pass kg.data.batches(kg.data.load({x!r}), batch_size=64)."
        )
    if batch_size is not None:
        arguments.whole("batch_size", batch_size)
    if not hasattr(x, "element_spec"):
        refuse_containers(x, sample_shape=sample_shape)
    batch = first_batch(x)
    if batch is None:
        return None
    samples = samples_of(batch)
    check_samples(samples, sample_shape)
    check_finite(in_numpy(samples))
    whole = hasattr(x, "shape")
    size = min(batch_size or 32, len(x)) if whole else len(samples)
    _check_divides(size, len(x) % size if whole else 0)
    if schedule is not None:
        schedule.check_batch(size)
    return samples


def _check_divides(size: int, rest: int) -> None:
    """Refuses batches that do not divide evenly among the devices of a `keras.distribution`.

    Args:
        size: The number of samples in a batch.
        rest: The number of samples in the last batch of a pass if it is shorter; 0 otherwise.

    Raises:
        ValueError: If either does not divide by the number of devices.
    """
    devices = batch_divisor()
    if size % devices:
        raise ValueError(
            f"A batch must divide evenly among {devices} devices; received one of {size} samples: "
            f"pass a batch_size of {max(size // devices, 1) * devices}."
        )
    if rest % devices:
        raise ValueError(
            f"The last batch of a pass has {rest} samples, which do not divide evenly among "
            f"{devices} devices: leave {rest % devices} samples out, or pass another batch_size."
        )


def first_batch(x):
    """Returns an array, or the first batch of a data set; `None` if that would consume it.

    Raises:
        ValueError: For an empty data set, or an object that is not a data set.
    """
    if hasattr(x, "first_batch"):  # of a Feed, which keeps it
        return x.first_batch
    empty = "The data set is empty: it has no batch to train on."
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
    if hasattr(x, "shape") or isinstance(x, (dict, tuple, list)):
        return x
    if hasattr(x, "element_spec"):  # distributed
        return None
    if inspect.isfunction(x) or inspect.ismethod(x):
        raise ValueError(
            f"Data are an array, or batches; received the function {x.__name__}: if it yields "
            f"batches, call it, such as gan.fit({x.__name__}(), steps_per_epoch=…)."
        )
    raise ValueError(
        f"Data are an array, or batches: a tf.data.Dataset, a keras.utils.PyDataset, a torch "
        f"DataLoader, a Grain data set or a generator; received a {type(x).__name__}."
    )


def in_numpy(samples) -> np.ndarray:
    """Returns a tensor of any library as an array."""
    if hasattr(samples, "detach"):  # of torch
        samples = samples.detach().cpu()
    return np.asarray(samples)


def samples_of(data):
    """Returns the samples in a batch of Keras: x itself, or the first of `(x,)` or `(x, labels)`.

    Raises:
        ValueError: For a dict, or any other object without shape and dtype.
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
    """Checks dtype and shape of a batch of samples, which may be symbolic.

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
            "The data set does not say which shape its batches have: give it an output_signature."
        )
    if not shapes_agree(samples.shape, (None, *sample_shape)):
        told = (
            f"The networks take samples of shape {tuple(sample_shape)}, so a batch is "
            f"{('batch', *sample_shape)}; received {tuple(samples.shape)}"
        ).replace("'batch'", "batch")
        raise ValueError(f"{told}{_advice(samples.shape, sample_shape)}.")


def _advice(shape, sample_shape: tuple) -> str:
    """Returns advice for a single sample, or one channel axis too few or too many; or `""`."""
    if shapes_agree(shape, sample_shape):
        return ": of a data set of single samples take dataset.batch(64), of one array x[None]"
    if sample_shape[-1:] == (1,) and shapes_agree(shape, (None, *sample_shape[:-1])):
        return ": take x[..., None], which gives each sample its one channel"
    if shapes_agree(shape, (None, *sample_shape, 1)):
        return (
            ": kg.data.batches takes a series (n, time, channels) for grey images unless it "
            "is given value_range=None; of other samples take x[..., 0]"
        )
    return ""


def check_finite(samples: np.ndarray, where: str = "the checked data") -> None:
    """Refuses NaN and infinities.

    Args:
        samples: Array `(n, ...)`.
        where: The name of the samples, for the message. Defaults to `"the checked data"`.

    Raises:
        ValueError: If a value is NaN, infinite or beyond float32.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # the networks would get infinities
        ends = [samples.min(), samples.max()] if samples.size else []
        if np.isfinite(np.array(ends).astype("float32")).all():
            return
        finite = np.isfinite(samples if samples.dtype.itemsize <= 4 else samples.astype("float32"))
    if not finite.all():
        bad = np.argwhere(~finite)[0]
        if np.isfinite(samples[tuple(bad)]):
            raise ValueError(
                f"The data has values beyond 3.4e38, which float32 cannot hold, the first, "
                f"{samples[tuple(bad)]:.3g}, in sample {bad[0]} of {where}: rescale them."
            )
        raise ValueError(
            f"The data has NaN or infinite values, the first in sample {bad[0]} of {where}: clean "
            f"or leave out such samples."
        )


def check_start(samples: np.ndarray) -> None:
    """Refuses samples by which a model cannot begin: none, or some that are not finite.

    Raises:
        ValueError: See above.
    """
    if not len(samples):
        raise ValueError("adapt takes at least one sample; received none.")
    check_finite(samples)


def check_counts(**counts: int) -> None:
    """Refuses numbers of samples other than whole numbers of at least 0, or 1 for `batch_size`."""
    for name, count in counts.items():
        arguments.whole(name, count, least=1 if name == "batch_size" else 0)


def checked_seed(seed) -> int:
    """Returns a seed as a Python integer.

    Raises:
        ValueError: For anything except a whole number in [0, 2³²).
    """
    whole = isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)
    if not whole or not 0 <= seed < 2**32:
        raise ValueError(
            f"seed must be a whole number in [0, 2³²), or None; received {in_short(seed)}."
        )
    return int(seed)


def chosen_seed(seed: int | None) -> int:
    """The seed that was asked for, or a new one.

    Args:
        seed: As in `checked_seed`; `None` for a random one.

    Raises:
        ValueError: As `checked_seed`.
    """
    return random.randrange(2**31) if seed is None else checked_seed(seed)
