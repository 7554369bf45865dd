"""Warns of a training that ended with NaN or infinities unnoticed."""

import math
import warnings

import keras

from keras_gan.backend.finite import broken_weights, networks_in
from keras_gan.training.callback_checks import callbacks_in


def warn_if_diverged(model: keras.Model, history, callbacks) -> None:
    """Warns of losses or weights that are not finite at the end of `fit`.

    Args:
        model: The model.
        history: The `History` that Keras's `fit` returned.
        callbacks: The callbacks of `fit`; one with `has_told_of_nan` has already told the user.
    """
    if any(getattr(each, "has_told_of_nan", False) for each in callbacks_in(callbacks)):
        return
    names = [name for player in model.schedule.players for name in model.loss_names(player)]
    last = {name: history.history[name][-1] for name in names if history.history.get(name)}
    bad = [f"{name} is {value}" for name, value in last.items() if not math.isfinite(value)]
    model.settle()
    weight = next(broken_weights(networks_in(model)), None)
    if not bad and weight is None:
        return
    losses = ", ".join(bad) or "every loss is finite"
    weights = "every weight is finite" if weight is None else f"the first bad weight is {weight}"
    warnings.warn(
        f"Training ended with NaN or infinities: {losses}; {weights}. Pass kg.callbacks.Health() "
        f"to fit, which stops at the first one and names its cause, and "
        f"kg.callbacks.Checkpoint(folder), which keeps earlier states.",
        RuntimeWarning,
        stacklevel=3,
    )
