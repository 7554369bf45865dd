"""What is wrong with callbacks, before the first step."""

from importlib.util import find_spec

import keras

stock = keras.callbacks
REFUSED_BY_GAMES = {
    stock.TerminateOnNaN: "looks at 'loss', which a game does not log: use kg.callbacks.Health(), "
    "which stops at a NaN in any term or weight",
    stock.LearningRateScheduler: "sets one learning rate, and a game has one a player: use "
    "kg.callbacks.LearningRate(schedule, player='generator')",
    stock.ReduceLROnPlateau: "sets one learning rate, and a game has one a player, whose losses "
    "besides have no plateau to wait for: use kg.callbacks.LearningRate(schedule, player=…)",
    stock.SwapEMAWeights: "swaps the averages of one optimizer, and a game has one a player: "
    "build the game with average=0.999 and use kg.callbacks.SwapAverage()",
}


def callbacks_in(callbacks) -> list:
    """The callbacks that `fit` was given, one by one."""
    callbacks = getattr(callbacks, "callbacks", callbacks)  # of a CallbackList
    return keras.tree.flatten(callbacks) if callbacks else []


def check_callbacks(callbacks: list, refused: dict[type, str], logs_loss: bool) -> None:
    """Refuses stock callbacks that could not work.

    Args:
        callbacks: Those of `fit`.
        refused: Classes that the model cannot satisfy, each with what to do instead.
        logs_loss: Whether the model logs `loss`, whose least value is the best.

    Raises:
        ValueError: For a callback of `refused`, one that monitors `loss` or `val_loss` where there
            is none, one that cannot know which way is better, or a `TensorBoard` without
            TensorFlow.
    """
    for callback in callbacks:
        name = type(callback).__name__
        for kind, reason in refused.items():
            if isinstance(callback, kind):
                raise ValueError(f"keras.callbacks.{kind.__name__} {reason}.")
        if isinstance(callback, stock.TensorBoard) and find_spec("tensorflow") is None:
            raise ValueError(
                f"{name} writes its files with TensorFlow, which is not installed: pip install "
                f"tensorflow tensorboard, or take keras.callbacks.CSVLogger."
            )
        of_loss = getattr(callback, "monitor", None) in ("loss", "val_loss")
        if of_loss and not logs_loss and _monitors(callback):
            raise ValueError(
                f"{name} monitors {callback.monitor!r}, which a game does not log: name one of its "
                f"terms and say which way is better, for example "
                f"monitor='val_generator_loss', mode='min'."
            )
        unclear = isinstance(callback, stock.EarlyStopping) and not (of_loss and logs_loss)
        if unclear and callback.mode not in ("min", "max"):
            raise ValueError(
                f"{name} cannot know which way {callback.monitor!r} is better: pass mode='min' or "
                f"mode='max'."
            )


def offer_data(callbacks: list, samples) -> None:
    """Hands the samples that were looked at to callbacks that ask for them, by `on_data`.

    Args:
        callbacks: Those of `fit`.
        samples: Samples of the data, or `None` where they cannot be looked at.
    """
    for callback in callbacks:
        if hasattr(callback, "on_data"):
            callback.on_data(samples)


def check_generates(game, name: str) -> None:
    """Refuses a game for a callback that looks at samples of fixed latent vectors.

    Args:
        game: The game.
        name: The callback's, for the message.

    Raises:
        ValueError: For a game without `generate`, or one that would have to be told labels.
    """
    if not hasattr(game, "generate"):
        raise ValueError(
            f"{name} looks at samples of latent vectors, which a {type(game).__name__} has not: "
            f"kg.callbacks.Translations draws translations."
        )
    if getattr(game, "conditional", False) and game.classes is None:
        raise ValueError(
            f"{name} asks for all classes in turn, and these networks do not say how many they "
            f"know: build them with kg.layers.OneHot(classes)."
        )


def check_beside_checkpoint(callbacks: list, monitor: str | None, validates: bool) -> None:
    """Refuses what would undo a Checkpoint's work or leave it without its score.

    Args:
        callbacks: All of `fit`.
        monitor: The score that the Checkpoint watches.
        validates: Whether `fit` has validation data.

    Raises:
        ValueError: For `BackupAndRestore`, for an `EarlyStopping` that restores weights, or for a
            score of a validation that never happens.
    """
    for callback in callbacks:
        if isinstance(callback, stock.BackupAndRestore):
            raise ValueError(
                "BackupAndRestore and Checkpoint would both restore the game, from different "
                "steps: leave out BackupAndRestore, for Checkpoint restores all that it does."
            )
        if isinstance(callback, stock.EarlyStopping) and callback.restore_best_weights:
            raise ValueError(
                "EarlyStopping(restore_best_weights=True) changes the weights after the last "
                "checkpoint, which a run that is started again would not do: leave that out, use "
                f"Checkpoint(…, monitor={callback.monitor!r}, mode=…), and call its "
                "load_best(model) after fit."
            )
    scored = validates or any(getattr(each, "comes_first", False) for each in callbacks)
    if monitor is not None and monitor.startswith("val_") and not scored:
        raise ValueError(
            f"Checkpoint monitors {monitor!r}, yet nothing is validated: pass validation_data, or "
            f"add kg.callbacks.Evaluation, or a callback with comes_first = True that logs it."
        )


def callback_notes(callbacks: list) -> list[tuple[str, str]]:
    """What of other callbacks starts anew where a training is resumed, each with what to do.

    Args:
        callbacks: All of `fit`.
    """
    return [
        (
            f"{type(each).__name__} forgets its best score and counts its patience of "
            f"{each.patience} anew",
            "leave it out, and take the best state by Checkpoint(…, monitor=…) and load_best",
        )
        for each in callbacks
        if hasattr(each, "patience") and hasattr(each, "wait")  # as EarlyStopping counts it
    ]


def _monitors(callback: keras.callbacks.Callback) -> bool:
    """Whether a callback looks at its `monitor`, which a `ModelCheckpoint` does for the best."""
    return getattr(callback, "save_best_only", True)
