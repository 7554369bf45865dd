"""Checks that weights and samples are finite before they are used or written."""

from collections.abc import Iterable, Iterator

import keras
import numpy as np

from keras_gan.texts import one_line


class NotFiniteSamplesError(ValueError):
    """Samples contain NaN or infinities, so they are not drawn or written."""


def broken_weights(networks: Iterable) -> Iterator[str]:
    """Yields the weights that contain NaN or infinities, each with the network that owns it.

    Args:
        networks: Networks, averages, or other objects with `weights` and a `name`.

    Example:

    >>> network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> list(broken_weights([network]))
    []
    """
    for owner in networks:
        for weight in owner.weights:
            if keras.backend.is_float_dtype(weight.dtype):
                values = in_float32(weight)
                if not np.isfinite(values).all():
                    count = int(np.sum(~np.isfinite(values)))
                    path, name = one_line(weight.path), one_line(owner.name)
                    yield f"{path} of {name} ({count} of {values.size} numbers)"


def in_float32(tensor) -> np.ndarray:
    """Returns a tensor or variable as an array; bfloat16, which NumPy lacks, becomes float32."""
    tensor = keras.ops.copy(tensor)  # a tensor, also of a variable with a copy per replica
    if keras.backend.standardize_dtype(tensor.dtype) == "bfloat16":
        tensor = keras.ops.cast(tensor, "float32")
    return keras.ops.convert_to_numpy(tensor)


def networks_in(model) -> list:
    """Returns the networks of a model, with its average, or those of a preset.

    Args:
        model: An `AdversarialModel`, a `kg.Generator` or a `kg.Translator`.
    """
    if hasattr(model, "weighted"):
        return list(model.weighted().values())
    average = getattr(model, "average", None)
    networks = [getattr(model, name) for name in getattr(model, "network_names", ())]
    return [*networks, *([] if average is None else [average])]


def refuse_broken_weights(networks: Iterable, undone: str) -> None:
    """Refuses networks with weights that are not finite.

    Args:
        networks: As in `broken_weights`.
        undone: What was not done, such as `"nothing was exported"`.

    Raises:
        ValueError: If a weight is not finite; the message names the first.
    """
    first = next(broken_weights(networks), None)
    if first is not None:
        raise ValueError(
            f"Weights are NaN or infinite, the first those of {first}, so {undone}: use a "
            f"checkpoint from before its training diverged, or train it again."
        )


def all_finite(array: np.ndarray) -> bool:
    """Whether an array holds neither NaN nor infinities, found without a second array.

    >>> all_finite(np.array([1.0, 2.0])), all_finite(np.array([1.0, np.nan]))
    (True, False)
    """
    with np.errstate(invalid="ignore"):
        return not array.size or bool(np.isfinite(array.min()) and np.isfinite(array.max()))


def refuse_broken_samples(samples, undone: str, model=None) -> None:
    """Refuses samples that are not finite.

    Args:
        samples: Array `(n, ...)`.
        undone: What was not done, such as `"nothing was written"`.
        model: The model that made them; the message names its first weight that is not finite.
            `None` if it is unknown.

    Raises:
        NotFiniteSamplesError: If a sample is not finite; the message says how many are not.
    """
    samples = np.asarray(samples)
    if samples.dtype.kind != "f" or all_finite(samples):
        return
    finite = np.isfinite(samples).all(axis=tuple(range(1, samples.ndim)))
    of_weights = ""
    networks = [] if model is None else networks_in(model)
    if networks:
        first = next(broken_weights(networks), None)
        of_weights = "; every weight is finite" if first is None else f"; so is {first}"
    raise NotFiniteSamplesError(
        f"{np.sum(~finite)} of {len(samples)} samples hold NaN or infinities{of_weights}: {undone}."
    )


def is_tensor(value) -> bool:
    """Whether a value is a floating-point tensor or variable."""
    return (
        keras.ops.is_tensor(value) or isinstance(value, keras.Variable)
    ) and keras.backend.is_float_dtype(value.dtype)


def is_finite(outputs) -> bool:
    """Whether all numbers in tensors are finite; symbolic tensors count as finite.

    Args:
        outputs: Any structure of tensors.
    """
    try:
        arrays = [in_float32(each) for each in keras.tree.flatten(outputs) if is_tensor(each)]
    except Exception:  # JAX and TensorFlow raise several types for symbolic tensors
        return True
    return all(np.isfinite(each).all() for each in arrays)
