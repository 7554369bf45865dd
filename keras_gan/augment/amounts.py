"""Strengths and probabilities: numbers, or schedules of numbers over discriminator steps."""

import keras
from keras import ops
from keras.optimizers.schedules import LearningRateSchedule

from keras_gan.arguments import amount


def annealed(name: str, value, *, most: float | None = None) -> float | LearningRateSchedule:
    """Checks a number or schedule, and returns it.

    Args:
        name: The argument's name, for the message.
        value: A number of at least 0, a `keras.optimizers.schedules.LearningRateSchedule`, or the
            config of one.
        most: The greatest number allowed. Defaults to `None`: any.

    Raises:
        ValueError: For anything else.

    Example:

    >>> annealed("probability", 0.5, most=1)
    0.5
    """
    if isinstance(value, dict):
        value = keras.optimizers.schedules.deserialize(value)
    if isinstance(value, LearningRateSchedule):
        return value
    if callable(value):
        raise ValueError(
            f"{name} must be a number or a keras.optimizers.schedules.LearningRateSchedule, which "
            f"can be saved; received {value!r}."
        )
    return amount(name, value, least=0, most=most)


def present(value, step=None):
    """A number as it is, or a schedule's value at a step, a float32 scalar.

    Args:
        value: What `annealed` returned.
        step: The number of the discriminator's updates so far; `None` for 0.

    Example:

    >>> fading = keras.optimizers.schedules.PolynomialDecay(1.0, 100, end_learning_rate=0.0)
    >>> present(0.3), float(present(fading, 25))
    (0.3, 0.75)
    """
    if not isinstance(value, LearningRateSchedule):
        return value
    return ops.cast(value(0 if step is None else step), "float32")


def serialized(value):
    """A number as it is, a schedule as its config."""
    is_schedule = isinstance(value, LearningRateSchedule)
    return keras.optimizers.schedules.serialize(value) if is_schedule else value
