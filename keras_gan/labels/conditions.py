"""Condition vectors: several numbers, or labels, of each sample."""

import numpy as np
from keras import ops

from keras_gan.labels.checks import checked_pair

NUMBERS = "biuf"  # kinds of NumPy's types


def chosen_conditions(conditions, n: int, dim: int, whole: bool = False) -> np.ndarray:
    """Returns the condition vectors of n samples, an array `(n, dim)`.

    Args:
        conditions: Array `(n, dim)`, or one vector `(dim,)` for all.
        n: The number of samples.
        dim: The length of a vector.
        whole: As in `checked_conditions`.

    Raises:
        ValueError: For anything else, and as `checked_conditions`.

    Example:

    >>> chosen_conditions([0.5, 1.0], 2, dim=2).tolist()
    [[0.5, 1.0], [0.5, 1.0]]
    """
    if conditions is None:
        raise ValueError(
            f"These networks take condition vectors of {_numbers(dim)}, of which none is usual: "
            f"pass labels=…, an array (n, {dim}), or ({dim},) for all samples."
        )
    given = _as_numbers(conditions, dim)
    if given.shape == (dim,):
        given = np.repeat(given[None], n, axis=0)
    if given.shape != (n, dim):
        raise ValueError(
            f"labels must be condition vectors, an array ({n}, {dim}), or ({dim},) for all "
            f"samples; received shape {given.shape}."
        )
    return checked_conditions(given, dim, whole)


def checked_conditions(conditions, dim: int, whole: bool = False) -> np.ndarray:
    """Checks condition vectors, and returns them as a float32 array, or int32 if `whole`.

    Args:
        conditions: Array `(n, dim)`.
        dim: The length of a vector.
        whole: Whether they must be whole numbers, as for networks that look them up.

    Raises:
        ValueError: For another shape, anything but numbers, NaN or infinity.

    Example:

    >>> checked_conditions([[0, 1], [1, 1]], dim=2).tolist()
    [[0.0, 1.0], [1.0, 1.0]]
    """
    given = _as_numbers(conditions, dim)
    if given.ndim != 2 or given.shape[1] != dim:
        raise ValueError(
            f"Condition vectors must be an array (n, {dim}), as the networks take them; received "
            f"shape {given.shape}."
        )
    finite = np.isfinite(given).all(axis=1)
    if not finite.all():
        raise ValueError(
            f"Condition vectors must be finite numbers; received NaN or infinity in "
            f"{int((~finite).sum())} of {len(given)}, first in row {int(np.argmin(finite))}."
        )
    if whole and given.dtype.kind == "f":
        raise ValueError(
            f"These networks take condition vectors of whole numbers; received {given.dtype}: take "
            f"np.asarray(labels, 'int32')."
        )
    return given.astype("int32" if whole else "float32")


def check_conditioned_data(
    x,
    y,
    sample_shape: tuple,
    dim: int,
    whole: bool = False,
    schedule=None,
    batch_size: int | None = None,
):
    """Checks training data of pairs (samples, condition vectors), as `check_labelled_data` does.

    Args:
        x: The first argument of `fit`.
        y: The second: the vectors, if x is an array.
        sample_shape: The shape of one sample.
        dim: The length of a vector.
        whole: As in `checked_conditions`.
        schedule: As in `check_data`.
        batch_size: As in `check_data`.

    Returns:
        The pair that was checked, or `None` if the data cannot be read here.

    Raises:
        ValueError: As in `check_data`, and for vectors that are missing or not allowed.
    """
    found = checked_pair(x, y, sample_shape, schedule, batch_size)
    if found is None:
        return None
    samples, batch = found
    conditions = conditions_of(batch, dim)
    if len(conditions) != len(samples):
        raise ValueError(
            f"Every sample needs one condition vector; received {len(samples)} samples and "
            f"{len(conditions)} vectors."
        )
    return samples, checked_conditions(conditions, dim, whole)


def conditions_of(data, dim: int):
    """Returns the condition vectors `(batch, dim)` in a batch of Keras, the second of a pair.

    Args:
        data: A batch, `(x, conditions)`.
        dim: The length of a vector.

    Raises:
        ValueError: For data without them, or of another shape.
    """
    conditions = data[1] if isinstance(data, (tuple, list)) and len(data) > 1 else None
    if conditions is None:
        raise ValueError(
            f"These networks take condition vectors of {_numbers(dim)}, so data are pairs of "
            f"arrays (samples, vectors): model.fit(x, vectors), vectors (n, {dim})."
        )
    if not hasattr(conditions, "shape") or not hasattr(conditions, "dtype"):
        raise ValueError(
            f"Condition vectors must be an array (n, {dim}); received a "
            f"{type(conditions).__name__}: take np.asarray(vectors, 'float32')."
        )
    rank = getattr(conditions.shape, "rank", len(conditions.shape or ()))
    if rank is None:  # in Keras's relaxed function; checked before
        return ops.reshape(conditions, (-1, dim))
    if rank != 2 or conditions.shape[1] not in (dim, None):
        raise ValueError(
            f"Condition vectors must be an array (n, {dim}), as the networks take them; received "
            f"shape {tuple(conditions.shape)}."
        )
    return conditions


def _as_numbers(conditions, dim: int) -> np.ndarray:
    """An array of numbers, of any shape.

    Raises:
        ValueError: For anything else.
    """
    try:
        given = np.asarray(conditions)
    except (ValueError, TypeError):  # rows of different lengths
        given = np.empty((), object)
    if given.dtype.kind not in NUMBERS and given.dtype.name != "bfloat16":
        raise ValueError(
            f"Condition vectors must be arrays of {_numbers(dim)}; received {given.dtype}: make "
            f"numbers of classes by kg.data.indicators."
        )
    return given


def _numbers(dim: int) -> str:
    return "1 number" if dim == 1 else f"{dim} numbers"
