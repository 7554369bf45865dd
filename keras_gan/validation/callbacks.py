"""What is wrong with callbacks, before the first step."""

import keras

stock = keras.callbacks
REFUSED = {
    stock.TerminateOnNaN: "looks at 'loss', which a game does not log: use kg.callbacks.Health(), "
    "which stops at a NaN in any term or weight",
    stock.LearningRateScheduler: "sets one learning rate, and a game has one a player: use "
    "kg.callbacks.LearningRate(schedule, player='generator')",
    stock.ReduceLROnPlateau: "sets one learning rate, and a game has one a player, whose losses "
    "besides have no plateau to wait for: use kg.callbacks.LearningRate(schedule, player=…)",
    stock.SwapEMAWeights: "swaps the averages of one optimizer, and a game has one a player: "
    "build the game with average=0.999 and use kg.callbacks.SwapAverage()",
}


def check_callbacks(samples, epochs=1, verbose="auto", callbacks=None, *rest, **options) -> None:
    """Refuses stock callbacks that a game cannot satisfy, and shows the others the data.

    A callback with a method `on_data` is handed the samples that were looked at.

    Args:
        samples: Samples of the data, or `None` where they cannot be looked at.
        epochs: This and what follows are the arguments of `fit` from its fourth on.
        verbose: As in `fit`.
        callbacks: As in `fit`.
        *rest: Of no interest here.
        **options: Of no interest here.

    Raises:
        ValueError: For a callback of `REFUSED`, or one that monitors `loss` or `val_loss`.
    """
    if isinstance(callbacks, keras.callbacks.CallbackList):
        callbacks = callbacks.callbacks
    for callback in keras.tree.flatten(callbacks) if callbacks else []:
        name = type(callback).__name__
        for kind, reason in REFUSED.items():
            if isinstance(callback, kind):
                raise ValueError(f"keras.callbacks.{kind.__name__} {reason}.")
        if getattr(callback, "monitor", None) in ("loss", "val_loss") and monitors(callback):
            raise ValueError(
                f"{name} monitors {callback.monitor!r}, which a game does not log: name one of its "
                f"terms and say which way is better, for example "
                f"monitor='val_generator_loss', mode='min'."
            )
        if hasattr(callback, "on_data"):
            callback.on_data(samples)


def monitors(callback: keras.callbacks.Callback) -> bool:
    """Whether a callback looks at its `monitor`, which a `ModelCheckpoint` does for the best."""
    return getattr(callback, "save_best_only", True)
