"""States of a model in memory, kept and put back."""

import contextlib
import dataclasses
import math
from collections.abc import Iterator

import keras
import numpy as np

from keras_gan.backend.finite import is_finite

MOST_KEPT = 50_000_000  # numbers in a state


@dataclasses.dataclass(frozen=True)
class GoodState:
    """All variables of a model, the last time that they were known to be finite.

    Args:
        step: The number of steps taken by then.
        values: Arrays in the order of `model.variables`.
    """

    step: int
    values: list[np.ndarray]


def good_state(model: keras.Model, step: int) -> GoodState | None:
    """The present state of a model; `None` if it is not finite, or too large to keep.

    Args:
        model: A built model.
        step: The number of steps taken so far.
    """
    if sum(math.prod(v.shape) for v in model.variables) > MOST_KEPT or not is_finite(
        model.variables
    ):
        return None
    return GoodState(step, [np.array(keras.ops.convert_to_numpy(v)) for v in model.variables])


@contextlib.contextmanager
def holding(model: keras.Model, values: list[np.ndarray]) -> Iterator[None]:
    """A scope in which a model has another state; afterwards its own is restored exactly.

    Args:
        model: A built model.
        values: Arrays in the order of `model.variables`.
    """
    own = [np.array(keras.ops.convert_to_numpy(v)) for v in model.variables]
    try:
        _assign(model, values)
        yield
    finally:
        _assign(model, own)


def _assign(model: keras.Model, values: list[np.ndarray]) -> None:
    """Assigns values to the variables of a model.

    Args:
        model: A built model.
        values: Arrays in the order of `model.variables`.
    """
    for variable, value in zip(model.variables, values, strict=True):
        variable.assign(value)
