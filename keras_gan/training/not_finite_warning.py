"""What is said of a training at its end, where nothing has watched it."""

import math
import warnings

import keras

from keras_gan.backend.finite import broken_weights, networks_in
from keras_gan.training.callback_checks import callbacks_in


def warn_if_diverged(game: keras.Model, history, callbacks) -> None:
    """Warns of losses or weights that are not finite at the end of a `fit` that nobody watched.

    Args:
        game: The game.
        history: What `fit` of Keras returned.
        callbacks: Those of `fit`: where one `has_told_of_nan` there is nothing to add.
    """
    if any(getattr(each, "has_told_of_nan", False) for each in callbacks_in(callbacks)):
        return
    names = [name for player in game.schedule.players for name in game.loss_names(player)]
    last = {name: history.history[name][-1] for name in names if history.history.get(name)}
    bad = [f"{name} is {value}" for name, value in last.items() if not math.isfinite(value)]
    game.settle()
    weight = next(broken_weights(networks_in(game)), None)
    if not bad and weight is None:
        return
    losses = ", ".join(bad) or "every loss is finite"
    weights = "every weight is finite" if weight is None else f"the first bad weight is {weight}"
    warnings.warn(
        f"Training ended with NaN or infinities: {losses}; {weights}. Pass kg.callbacks.Health() "
        f"to fit, which stops at the first and says where it came from, and "
        f"kg.callbacks.Checkpoint(folder), which keeps the states before.",
        RuntimeWarning,
        stacklevel=3,
    )
