"""Advice on how to turn other objects into an array of samples."""

from collections.abc import Mapping

import numpy as np

from keras_gan.backend.shapes import shapes_agree
from keras_gan.data.rescaling import rescaling


def refuse_containers(given, name: str = "x", sample_shape: tuple | None = None) -> None:
    """Refuses objects that hold samples but are not an array, and says how to make one.

    Args:
        given: Any object passed as samples.
        name: Its name in the code of the advice.
        sample_shape: The shape of one sample; `None` if it does not matter.

    Raises:
        ValueError: For a dict, a table, a list, or a sparse, ragged or masked array.
    """
    advice = _container_advice(given, name, sample_shape)
    if advice is not None:
        raise ValueError(f"Samples must be one array (n, ...) of numbers; {advice}")


def _container_advice(given, name: str, sample_shape: tuple | None) -> str | None:
    """Returns what was received and what to do, or `None` for an array or an unknown object."""
    kind = type(given).__name__
    if isinstance(given, Mapping):
        keys = sorted(map(str, given))
        key = "image" if "image" in keys else next(iter(given), "x")
        return (
            f"received a dict with the keys {keys}: take one, {name}[{key!r}], in a data set by "
            f"dataset.map(lambda batch: batch[{key!r}])."
        )
    if hasattr(given, "columns") and hasattr(given, "to_numpy"):
        return _table_advice(given, name)
    if hasattr(given, "toarray"):
        return f"received a sparse {kind}: take {name}.toarray()."
    if hasattr(given, "dense_shape"):
        return f"received a {kind}: take tf.sparse.to_dense({name})."
    if hasattr(given, "row_splits"):
        return f"received a {kind}: take {name}.to_tensor(), which fills short rows with zeros."
    if hasattr(given, "element_spec"):
        return (
            f"received a {kind}: of a data set of single samples take "
            f"np.stack(list(dataset.as_numpy_iterator()))."
        )
    if np.ma.is_masked(given):
        return (
            f"received {int(np.ma.getmaskarray(given).sum())} masked values, whose masks would be "
            f"ignored: fill them, such as {name}.filled({name}.mean()), or leave such samples out."
        )
    if isinstance(given, (list, tuple, range)):
        return _sequence_advice(given, name, sample_shape)
    return None


def _table_advice(table, name: str) -> str:
    """Returns what to do with a table, such as a DataFrame."""
    kind, columns = type(table).__name__, list(table.columns)
    others = [c for c in columns if np.asarray(table[c]).dtype.kind not in "biuf"]
    others = [c for c in others if not _is_numeric(table[c])]
    if not others:
        return f"received a {kind}: take np.asarray({name}, 'float32')."
    return (
        f"received a {kind} whose columns {others} are not numbers: leave them out, "
        f"np.asarray({name}.drop(columns={others}), 'float32'), or encode them, such as by "
        f"pandas.get_dummies({name}, columns={others})."
    )


def _is_numeric(column) -> bool:
    """Whether the values of a column of objects are numbers."""
    try:
        np.asarray(column, "float32")
    except (ValueError, TypeError):
        return False
    return not all(isinstance(value, (str, bytes)) for value in np.asarray(column).ravel()[:1])


def _sequence_advice(given, name: str, sample_shape: tuple | None) -> str:
    """Returns what to do with a list or a tuple of rows, of arrays, or of one array."""
    kind = type(given).__name__
    try:
        shape = np.asarray(given, "float32").shape
    except (ValueError, TypeError):
        shape = None
    fits = sample_shape is None or (
        shape is not None and shapes_agree(shape, (None, *sample_shape))
    )
    if shape is not None and fits:
        return f"received a {kind}: take np.asarray({name}, 'float32')."
    if given and all(hasattr(part, "shape") for part in given):
        if len(given) == 1:
            return f"received a {kind} of one array: take {name}[0]."
        shapes = [tuple(part.shape) for part in given]
        return (
            f"received a {kind} of arrays of the shapes {shapes}: pass samples and labels "
            f"separately, as in model.fit(x, y); of single samples of one shape take "
            f"np.stack({name})."
        )
    if shape is None:
        return (
            f"received a {kind} whose rows differ in length or are not numbers: pad or encode them."
        )
    return (
        f"received a {kind} of the shape {shape} instead of samples of shape "
        f"{tuple(sample_shape)}: take np.asarray({name}, 'float32') of rows of that shape."
    )


def number_advice(samples, images: bool, name: str = "x") -> str:
    """Returns the type of samples that are not floating-point, and what to do about it.

    Args:
        samples: An array or a tensor.
        images: Whether they are images, which lie in [-1, 1].
        name: The name of the samples in the code of the advice.
    """
    dtype = getattr(samples.dtype, "name", None) or str(samples.dtype).split(".")[-1]
    of_tensorflow = type(samples).__module__.startswith("tensorflow")

    def cast(code: str) -> str:
        if of_tensorflow:
            return f"tf.cast({code}, 'float32')"
        has = hasattr(samples, "astype")
        return f"{code}.astype('float32')" if has else f"np.asarray({code}, 'float32')"

    if dtype == "string" or dtype.lower().startswith(("str", "bytes", "object", "category")):
        return _of_words(samples, dtype, cast(name), of_tensorflow)
    if dtype.startswith("complex"):
        return (
            f"received {dtype}: take both parts as components, such as "
            f"np.concatenate([{name}.real, {name}.imag], axis=-1), or one of them."
        )
    if dtype.startswith(("datetime", "timedelta")):
        return (
            f"received {dtype}: count from a starting time, such as "
            f"({name} - {name}.min()) / np.timedelta64(1, 'D')."
        )
    if dtype.startswith("void"):
        return (
            f"received a structured array: take numpy.lib.recfunctions.structured_to_unstructured("
            f"{name}, 'float32')."
        )
    if not images:
        return f"received {dtype}: take {cast(name)}."
    if dtype == "bool":
        return f"received bool: of black and white images take 2 * {cast(name)} - 1."
    if dtype == "uint8":
        data = "" if of_tensorflow else f", or let kg.data.batches({name}, batch_size=64) do it"
        return f"received uint8: of images in 0..255 take {cast(name)} / 127.5 - 1{data}."
    low, top = _extremes(samples)
    if low is not None and low < 0:
        formula = rescaling(low, top).replace("x", cast(name), 1)
        return f"received {dtype} from {low} to {top}: take {formula}."
    half = "127.5" if top is None or top <= 255 else f"{top / 2:g}"
    return f"received {dtype}: of images in 0..{'255' if half == '127.5' else top} take " + (
        f"{cast(name)} / {half} - 1."
    )


def _of_words(samples, dtype: str, cast: str, of_tensorflow: bool) -> str:
    """Returns what to do with strings or objects."""
    what = "strings" if dtype == "string" or dtype.startswith(("str", "bytes")) else "objects"
    if of_tensorflow:
        return "received strings: of written numbers take tf.strings.to_number(x)."
    try:
        np.asarray(samples).astype("float32")
    except (ValueError, TypeError):
        return (
            f"received {what} that are not numbers: encode them first, or leave such columns out."
        )
    return f"received {what}: take {cast}."


def _extremes(samples) -> tuple[int | None, int | None]:
    """Returns the lowest and the highest of whole numbers; `None` if they cannot be read."""
    try:
        values = np.asarray(samples)
        return int(values.min()), int(values.max())
    except (TypeError, ValueError, NotImplementedError, AttributeError):
        return None, None
