"""Checks of callbacks before the first step."""

from importlib.util import find_spec

import keras

from keras_gan.labels.values import in_turn

stock = keras.callbacks
REFUSED_BY_GAMES = {
    stock.TerminateOnNaN: "looks at 'loss', which a game does not log: use kg.callbacks.Health(), "
    "which stops at a NaN in any term or weight",
    stock.LearningRateScheduler: "sets one learning rate, but a game has one per player: use "
    "kg.callbacks.LearningRate(schedule, player='generator')",
    stock.ReduceLROnPlateau: "waits for a plateau of one loss, but the losses of a game do not "
    "show its progress, and each player has its own learning rate: use "
    "kg.callbacks.LearningRate(schedule, player=…)",
    stock.SwapEMAWeights: "swaps the averages of one optimizer, but a game has one optimizer per "
    "player: build the game with average=0.999 and use kg.callbacks.SwapAverage()",
}


def callbacks_in(callbacks) -> list:
    """The callbacks that `fit` was given, as a flat list."""
    callbacks = getattr(callbacks, "callbacks", callbacks)  # of a CallbackList
    return keras.tree.flatten(callbacks) if callbacks else []


def check_callbacks(callbacks: list, refused: dict[type, str], logs_loss: bool) -> None:
    """Refuses stock callbacks that cannot work.

    Args:
        callbacks: The callbacks of `fit`.
        refused: Classes that cannot work with the model, each with the reason and the remedy.
        logs_loss: Whether the model logs `loss`, of which smaller values are better.

    Raises:
        ValueError: For a callback of `refused`, one that monitors `loss` or `val_loss` although the
            model does not log it, one that cannot know which direction is better, or a
            `TensorBoard` without TensorFlow.
    """
    for callback in callbacks:
        name = type(callback).__name__
        for kind, reason in refused.items():
            if isinstance(callback, kind):
                raise ValueError(f"keras.callbacks.{kind.__name__} {reason}.")
        if isinstance(callback, stock.TensorBoard) and find_spec("tensorflow") is None:
            raise ValueError(
                f"{name} writes its files with TensorFlow, which is not installed: pip install "
                f"tensorflow tensorboard, or use keras.callbacks.CSVLogger."
            )
        of_loss = getattr(callback, "monitor", None) in ("loss", "val_loss")
        if of_loss and not logs_loss and _monitors(callback):
            raise ValueError(
                f"{name} monitors {callback.monitor!r}, which a game does not log: name one of its "
                f"terms and the better direction, for example monitor='val_generator_loss', "
                f"mode='min'."
            )
        unclear = isinstance(callback, stock.EarlyStopping) and not (of_loss and logs_loss)
        if unclear and callback.mode not in ("min", "max"):
            raise ValueError(
                f"{name} cannot know whether smaller or larger values of {callback.monitor!r} are "
                f"better: pass mode='min' or mode='max'."
            )


def offer_data(callbacks: list, samples) -> None:
    """Passes the checked samples to callbacks that have a method `on_data`.

    Args:
        callbacks: The callbacks of `fit`.
        samples: Samples of the data, or `None` if they cannot be read.
    """
    for callback in callbacks:
        if hasattr(callback, "on_data"):
            callback.on_data(samples)


def check_generates(game, name: str, labels=None) -> None:
    """Refuses a game for a callback that generates samples of fixed latent vectors.

    Args:
        game: The game.
        name: The callback's name, for the message.
        labels: Those of the samples. Defaults to `None`: all classes in turn.

    Raises:
        ValueError: If the game has no `generate`, or takes labels of an unknown number of classes,
            or condition vectors, and none are given.
    """
    if not hasattr(game, "generate"):
        raise ValueError(
            f"{name} needs a model that generates samples from latent vectors; a "
            f"{type(game).__name__} does not: leave the callback out, or use "
            f"kg.callbacks.Translations for a game that translates."
        )
    if labels is not None:
        return
    if getattr(game, "condition_dim", None) is not None:
        raise ValueError(
            f"{name} generates samples, for which these networks need condition vectors: give it "
            f"labels=…, an array (m, {game.condition_dim}) of those that samples have in turn."
        )
    if getattr(game, "conditional", False) and game.classes is None:
        raise ValueError(
            f"{name} generates samples of all classes in turn, but these networks do not say how "
            f"many classes they know: build them with kg.layers.OneHot(classes)."
        )


def generated(game, n: int, seed: int, labels=None):
    """Samples for a callback.

    Args:
        game: The game.
        n: The number of samples.
        seed: As in `generate`.
        labels: As in `check_generates`.
    """
    return game.generate(n, seed=seed, **({} if labels is None else {"labels": in_turn(labels, n)}))


def check_beside_checkpoint(callbacks: list, monitor: str | None, validates: bool) -> None:
    """Refuses callbacks that would undo a Checkpoint's work, and a score that is never logged.

    Args:
        callbacks: All callbacks of `fit`.
        monitor: The score that the Checkpoint monitors.
        validates: Whether `fit` has validation data.

    Raises:
        ValueError: For `BackupAndRestore`, an `EarlyStopping` that restores weights, a
            `SwapEMAWeights` that swaps them in at the end of an epoch, or a score of validation
            without validation.
    """
    for callback in callbacks:
        if isinstance(callback, stock.BackupAndRestore):
            raise ValueError(
                "BackupAndRestore and Checkpoint would both restore the model, from different "
                "steps: leave out BackupAndRestore, since Checkpoint restores everything that it "
                "does."
            )
        if isinstance(callback, stock.SwapEMAWeights) and callback.swap_on_epoch:
            raise ValueError(
                "SwapEMAWeights(swap_on_epoch=True) puts the averages in the place of the weights "
                "when Checkpoint saves, so a run that continues would train from the averages: "
                "leave swap_on_epoch out, or build the model with average=0.999."
            )
        if isinstance(callback, stock.EarlyStopping) and callback.restore_best_weights:
            raise ValueError(
                "EarlyStopping(restore_best_weights=True) changes the weights after the last "
                "checkpoint, so a run that is started again would end differently: leave "
                f"restore_best_weights out, use Checkpoint(…, monitor={callback.monitor!r}, "
                "mode=…), and call its load_best(model) after fit."
            )
    scored = validates or any(getattr(each, "comes_first", False) for each in callbacks)
    if monitor is not None and monitor.startswith("val_") and not scored:
        raise ValueError(
            f"Checkpoint monitors {monitor!r}, but fit does not validate: pass validation_data, or "
            f"add kg.callbacks.Evaluation, or a callback with comes_first = True that logs it."
        )


def callback_notes(callbacks: list) -> list[tuple[str, str]]:
    """What other callbacks lose when a training is resumed, each with a remedy.

    Args:
        callbacks: All callbacks of `fit`.
    """
    notes = [
        (
            f"{type(each).__name__} forgets its best score and starts its patience of "
            f"{each.patience} again",
            "leave it out, and get the best state with Checkpoint(…, monitor=…) and load_best",
        )
        for each in callbacks
        if hasattr(each, "patience") and hasattr(each, "wait")  # as EarlyStopping counts it
    ]
    for each in callbacks:
        if isinstance(each, stock.ModelCheckpoint) and each.save_best_only:
            what = (
                f"ModelCheckpoint forgets its best score and overwrites {each.filepath} after the "
                f"first epoch of a run that continues"
            )
            remedy = (
                "leave save_best_only out, and get the best state with Checkpoint(…, monitor=…) "
                "and load_best"
            )
            notes.append((what, remedy))
        if isinstance(each, stock.CSVLogger) and not each.append:
            notes.append(
                (f"CSVLogger overwrites {each.filename}", "pass append=True to keep earlier epochs")
            )
    return notes


def _monitors(callback: keras.callbacks.Callback) -> bool:
    """Whether a callback uses its `monitor`: a `ModelCheckpoint` does so only for the best."""
    return getattr(callback, "save_best_only", True)
