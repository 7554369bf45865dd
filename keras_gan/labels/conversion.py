"""Advice on how to turn other objects into labels, whole numbers."""

from collections.abc import Mapping

import numpy as np


def label_advice(labels, name: str = "labels") -> str:
    """Returns what was received instead of labels, and how to make labels of it.

    Args:
        labels: Any object except an array of whole numbers, `(batch,)`.
        name: The name of the labels in the code of the advice. Defaults to `"labels"`.

    Example:

    >>> label_advice(["cat", "dog"], "y")
    'received a list of strings: take np.unique(y, return_inverse=True)[1], which numbers them.'
    """
    if isinstance(labels, Mapping):
        keys = list(labels)
        return f"received a dict with the keys {keys}: take one, such as {name}[{keys[0]!r}]."
    if hasattr(labels, "columns") and hasattr(labels, "to_numpy"):
        return _of_table(labels, name)
    if hasattr(labels, "toarray"):
        return f"received a sparse matrix: take {name}.toarray().argmax(-1) of one-hot rows."
    if hasattr(labels, "row_splits") or hasattr(labels, "dense_shape"):
        return f"received a {type(labels).__name__}: give every sample one label."
    if type(labels).__module__.startswith("tensorflow"):
        return _of_tensor(labels, name)
    try:
        values = np.asarray(labels)
    except (ValueError, TypeError):  # rows of different lengths
        return f"received {_a(labels)} whose rows differ in length: give every sample one label."
    return f"received {_kind_of(labels, values)}: {_remedy(labels, values, name)}"


def _of_table(table, name: str) -> str:
    """Returns the advice for a table, such as a DataFrame."""
    columns = list(table.columns)
    if len(columns) != 1:
        return (
            f"received a {type(table).__name__} with the columns {columns}: take one, such as "
            f"{name}[{columns[0]!r}]."
        )
    column = f"{name}[{columns[0]!r}]"
    values = np.asarray(table)[:, 0]
    return f"received a {type(table).__name__}: {_remedy(table, values, column)}"


def _of_tensor(labels, name: str) -> str:
    """Returns the advice for a TensorFlow tensor, which may come from a data set."""
    dtype, rank = labels.dtype.name, labels.shape.rank
    received = f"received {dtype} of shape {tuple(labels.shape)}"
    if dtype == "string":
        return (
            f"received strings: number them, for instance in dataset.map with "
            f"keras.layers.StringLookup(vocabulary=[…], num_oov_indices=0), or, in an array, with "
            f"np.unique({name}, return_inverse=True)[1]."
        )
    if rank and rank > 1:
        return (
            f"{received}: give every sample one label; of one-hot rows take tf.argmax({name}, -1)."
        )
    return f"{received}: of whole numbers in another type take tf.cast({name}, 'int32')."


def _remedy(labels, values: np.ndarray, name: str) -> str:
    """Returns how to make labels of values other than whole numbers `(batch,)`."""
    if values.ndim == 0:
        return f"pass one label per sample, such as np.full(len(x), {name})."
    if values.ndim > 1 and values.shape[1:] != (1,):
        return _of_rows(values, name)
    if _is_whole(values):
        of_array = hasattr(labels, "astype")
        return f"take {name}.astype('int32')." if of_array else f"take np.asarray({name}, 'int32')."
    if values.dtype.kind == "f":
        return (
            f"labels are class numbers, 0, 1, 2, …, not measurements: sort measurements into "
            f"classes first, for instance with np.digitize({name}, edges)."
        )
    try:
        np.unique(values, return_inverse=True)
    except TypeError:  # of several kinds, which have no order
        return f"number the classes first, such as [names.index(label) for label in {name}]."
    return f"take np.unique({name}, return_inverse=True)[1], which numbers them."


def _of_rows(values: np.ndarray, name: str) -> str:
    """Returns how to make labels of several numbers per sample."""
    numeric = values.dtype.kind in "biuf"
    if numeric and values.ndim == 2 and ((values == 1).sum(-1) == 1).all():
        return f"of one-hot rows take np.asarray({name}).argmax(-1)."
    return (
        f"give every sample one label; of one-hot rows or probabilities take "
        f"np.asarray({name}).argmax(-1)."
    )


def _is_whole(values: np.ndarray) -> bool:
    """Whether values are whole numbers, of any type."""
    if values.dtype.kind in "biu":
        return True
    if values.dtype.kind == "O":
        return all(isinstance(v, (bool, int, np.integer)) for v in values.flat)
    return values.dtype.kind == "f" and bool(np.all(values == np.round(values)))


def _kind_of(labels, values: np.ndarray) -> str:
    """Returns what kind of object labels are, in a few words."""
    kinds = {"U": "strings", "S": "strings", "O": "objects", "M": "dates", "b": "booleans"}
    kind = kinds.get(values.dtype.kind, str(values.dtype))
    if values.dtype.kind == "O" and values.size and all(isinstance(v, str) for v in values.flat):
        kind = "strings"
    if not hasattr(labels, "shape"):
        return f"{_a(labels)} of {kind}" if values.ndim else f"{labels!r}"
    return f"{kind} of shape {values.shape}"


def _a(labels) -> str:
    """Returns the name of a type with its article."""
    name = type(labels).__name__
    return f"an {name}" if name[0].lower() in "aeiou" else f"a {name}"
