"""Checkpoints during `fit`, and going on from them."""

import math
import os
import pathlib
import warnings
from collections.abc import Iterable

import keras

from keras_gan.arguments import unknown_name, whole
from keras_gan.backend.interruption import Interruption, leave
from keras_gan.checkpoints import CheckpointFolder, Progress, comparing, describe
from keras_gan.checkpoints.folder import Found
from keras_gan.files.locking import FolderLock
from keras_gan.texts import one_line


class Checkpoint(keras.callbacks.Callback):
    """Saves all state of a game every few steps, and lets `fit` go on from it after any end.

    `fit` with this callback starts from the newest whole checkpoint in the folder, in the middle of
    an epoch if need be, and then ends bit for bit as if it had never been interrupted (on one
    device, with deterministic operations): weights, optimizer slots, averages, spectral vectors,
    noise, random states, the order of the data, the means of the epoch under way and `History`.
    To go on, run the same program again. A folder belongs to one training. Before anything is
    touched, `fit` compares the data (their number, shapes and types, the seeds of their order, a
    digest of their first, last and other samples; of a `tf.data` set of your own, of what it holds
    in memory and of the first two batches before any `shuffle`), the batch size, the seed, the
    settings of the game, and the options of networks and optimizers with those of the checkpoint;
    it refuses what differs, all in one sentence, unless `override` permits it. `every`, `keep`,
    other callbacks and the number of epochs may always differ; only where a decay of the learning
    rate is made for all epochs do more epochs change the optimizer, which
    `override="optimizer"` permits. A warning tells of another version of this library, Keras or the
    backend. Learning rates that are numbers come from the checkpoint, as all state of the
    optimizers does; `LearningRate` can change them.

    Each `step_00001500.checkpoint` carries a checksum, is written beside and renamed, and so is
    whole or not there. A damaged newest one is reported, and the one before it is used. A state
    with NaN or infinities is never saved. While `fit` runs the folder is locked: another program
    that would write there is refused, and told who does. When the folder vanishes, `fit` stops at
    the next write and saves its state in a fresh folder beside it. On SIGTERM and Ctrl-C `fit`
    finishes the running step, saves, and leaves with `SystemExit(143)` or `KeyboardInterrupt`; a
    second one leaves at once.

    With this callback the order of the data depends on seed and step alone. Arrays are shuffled by
    the game's seed; `kg.data.batches(…)` and `kg.data.unpaired(…)`, also `.repeat()`ed, and what
    Keras's layers draw as their `augment`, start at any step at once; any other `tf.data` set is
    read from its beginning again up to the step, and must give the same batches every time.

    What cannot be exact is named in a `UserWarning` when `fit` starts: data that give other batches
    when they are read again (a shuffle without a seed, Keras's random layers in a `map`, a random
    `PyDataset`, an augmentation by `tf.random` or NumPy, `deterministic=False`), the patience of
    `EarlyStopping`, which starts anew, and, at the end of the first step, networks and losses that
    draw from `keras.random` without a seed. Other callbacks remember what they remember themselves,
    and hear nothing of steps that were done before; `Evaluation` has its curve and its best again.

    Args:
        folder: Where the checkpoints lie; made if it is not there.
        every: Generator steps between checkpoints, rounded up to whole executions where
            `steps_per_execution` is above 1. One is also written at every epoch's end. Defaults to
            500.
        keep: How many of the newest are kept. Defaults to 3.
        monitor: The name of a logged score, such as `"val_generator_loss"`; the state with the best
            one at an epoch's end is kept as `best.checkpoint`, which `load_best` loads. Epochs
            without the score, or in which it is not finite, are never the best. `None`, the
            default, watches none.
        mode: Whether the best score is the `"min"`, the default, or the `"max"`.
        override: What may differ from the checkpoint, for then it is meant to: any of `"data"`,
            their batches and epochs of another length included, `"game"` (schedule, objective,
            penalties, …), `"networks"`, `"optimizer"`, with which the program's learning rates
            count, and `"seed"`. Shapes and numbers of weights and of optimizer states must be the
            same. Defaults to none.

    Raises:
        ValueError: For `every` or `keep` below 1, an unknown `mode` or an unknown `override`.

    Example:

    >>> import keras_gan as kg, numpy as np, tempfile
    >>> folder, x = tempfile.mkdtemp(), np.random.normal(size=(64, 2))
    >>> for epochs in (1, 3):  # as if the program had been killed after one epoch of three
    ...     gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    ...     gan.compile()
    ...     history = gan.fit(x, epochs=epochs, verbose=0, callbacks=[Checkpoint(folder)])
    >>> history.epoch, len(history.history["generator_loss"])
    ([0, 1, 2], 3)
    """

    def __init__(
        self,
        folder: str | os.PathLike,
        every: int = 500,
        keep: int = 3,
        monitor: str | None = None,
        mode: str = "min",
        override: str | tuple[str, ...] = (),
    ):
        super().__init__()
        self.every, keep = whole("every", every), whole("keep", keep)
        if mode not in ("min", "max"):
            raise unknown_name("mode", mode, ("min", "max"))
        self.override = _checked_override(override)
        self.folder = CheckpointFolder(folder, keep)
        self.monitor, self.mode = monitor, mode
        self.progress = Progress()
        self.has_told_of_nan = False  # of the present state
        self.interruption = Interruption()
        self.how_to_go_on = "Run the same program again to go on."
        self.run = None  # the settings of the command line, where it trains

    def resume(self, model: keras.Model) -> Progress:
        """Restores the newest checkpoint, if there is one, of the same game.

        `fit` does so before it starts, and compares the data, too. Unlike `fit`, this
        method needs neither the folder's lock nor permission to write there.

        Args:
            model: The game, compiled.

        Raises:
            ValueError: As `CheckpointFolder.resume`.
        """
        found = self.folder.find()
        self.check(model, found)
        return self.accept(model, found)

    def check(self, model: keras.Model, found: Found | None, data: dict | None = None) -> None:
        """Refuses to go on from a checkpoint of another training, before anything is touched.

        Args:
            model: The game, compiled.
            found: The checkpoint, or `None` where there is none.
            data: The fields of a `Progress` that describe the data, where these are known.

        Raises:
            ValueError: Names all that differs and may not.
        """
        if found is None:
            return
        present, saved = describe(model), found.header
        differences = [
            *comparing.model_differences(saved, present),
            *comparing.seed_differences(saved, model.seed if model.has_own_seed else None),
        ]
        if data is not None:
            differences += comparing.data_differences(saved["progress"], data)
        of_run = list(self.differences_of_run(saved["progress"].get("run")))
        told = {each.kind for each in of_run}
        differences = [*of_run, *(each for each in differences if each.kind not in told)]
        comparing.check(differences, found.source, self.override, self.how_to_permit)
        comparing.warn_of_versions(saved, present, found.source)
        self.warn_of_rates(model, saved)

    def how_to_permit(self, kinds: tuple[str, ...]) -> str:
        """What would permit these kinds of differences."""
        return f"Checkpoint(…, override={kinds})"

    def differences_of_run(self, saved: dict | None) -> Iterable[comparing.Difference]:
        """Those of the settings of the command line, where it trains."""
        return ()

    def warn_of_rates(self, model: keras.Model, saved: dict) -> None:
        """Warns of a learning rate that the program gives and the checkpoint replaces."""
        here, there = model.given_rates, saved.get("rates", {})
        for player in here if "optimizer" not in self.override else ():
            if player in there and there[player] != here[player]:
                warnings.warn(
                    f"The {player}'s learning rate was {there[player]:g} when the training began "
                    f"and is {here[player]:g} in this program, which has no effect: training goes "
                    f"on with that of the checkpoint. kg.callbacks.LearningRate changes it.",
                    stacklevel=2,
                )

    def accept(self, model: keras.Model, found: Found | None) -> Progress:
        """Gives a game the state of a checkpoint, except for what the program overrides.

        Args:
            model: The game, compiled.
            found: A checkpoint that `check` has let pass, or `None`.
        """
        self.warned = False
        seed, rates = model.seed, model.given_rates
        self.progress = self.folder.accept(model, found) or Progress()
        if "seed" in self.override and model.has_own_seed:
            model.seed = seed
        for player in rates if found is not None and "optimizer" in self.override else ():
            if rates[player] != found.header.get("rates", {}).get(player, rates[player]):
                model.optimizer_of(player).learning_rate = rates[player]
        return self.progress

    @property
    def lock(self) -> FolderLock:
        """The lock of the folder, which `fit` holds."""
        return self.folder.lock

    @property
    def writes_in(self) -> list[pathlib.Path]:
        """The folder of the checkpoints."""
        return [self.folder.path]

    def load_best(self, model: keras.Model) -> None:
        """Gives a game the state of the best score.

        Args:
            model: The game, compiled.

        Raises:
            ValueError: If `best.checkpoint` is missing, damaged, or of another game.
        """
        self.folder.load_best(model)

    def on_epoch_begin(self, epoch, logs=None):
        """Notes where the epoch starts."""
        self.progress.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        """Saves where a checkpoint is due, or a signal asks for it."""
        at = self.progress
        done = batch + 1 - at.step_in_epoch
        at.step_in_epoch, at.step = batch + 1, at.step + done
        if at.step_in_epoch >= at.steps_per_epoch or self.model.stop_training:
            return  # the end of the epoch comes next
        signalled = self.interruption.received is not None
        if signalled or at.step // self.every > (at.step - done) // self.every:
            self.save()
        if signalled:
            self.leave()

    def on_epoch_end(self, epoch, logs=None):
        """Saves the state between two epochs."""
        at = self.progress
        at.epoch, at.step_in_epoch = epoch + 1, 0
        at.stopped = self.model.stop_training
        is_best = self.monitor is not None and self.is_best(logs or {})
        self.save(is_best)
        if self.interruption.received is not None:
            self.leave()

    def is_best(self, logs: dict) -> bool:
        """Whether this epoch's score beats all before it, which is then noted."""
        if self.monitor not in logs:
            # where there was no validation its scores are not to be expected
            expected = {"val_"} & {self.monitor[:4]} <= {name[:4] for name in logs}
            if expected and not self.warned:
                self.warned = True
                unknown = unknown_name("score to monitor", self.monitor, logs)
                warnings.warn(f"{unknown} No state is the best until it is logged.", stacklevel=2)
            return False
        score, best = float(logs[self.monitor]), self.progress.best
        if not math.isfinite(score):  # NaN: of an epoch that Evaluation left out
            return False
        sign = 1 if self.mode == "min" else -1
        if best is not None and not sign * score < sign * best:
            return False
        self.progress.best = score
        return True

    def save(self, is_best: bool = False) -> None:
        """Writes a checkpoint of the present state, if it is finite."""
        self.model.settle()
        self.note_history()
        self.has_told_of_nan = False
        try:
            self.folder.save(self.model, self.progress, is_best)
        except FloatingPointError as error:
            self.has_told_of_nan = True
            warnings.warn(
                f"Step {self.progress.step} is not saved, for {error}: the checkpoints before it "
                f"in {one_line(self.folder.path)} stay.",
                stacklevel=2,
            )

    def note_history(self) -> None:
        """Takes the logs of the epochs that are done into the progress."""
        history = self.model.history
        self.progress.history, self.progress.epochs = history.history, history.epoch

    def rescue(self, folder: pathlib.Path | None = None) -> None:
        """Writes a checkpoint of the present state when `fit` has to stop.

        Args:
            folder: Where `checkpoints` is made for it; `None` takes the callback's own folder.

        Raises:
            FloatingPointError: As `CheckpointFolder.save`.
            OSError: As `CheckpointFolder.save`.
        """
        self.model.settle()
        self.note_history()
        place = self.folder if folder is None else CheckpointFolder(folder / "checkpoints")
        place.save(self.model, self.progress)

    def leave(self) -> None:
        """Ends `fit` as the received signal asks.

        Raises:
            KeyboardInterrupt: After Ctrl-C.
            SystemExit: After SIGTERM.
        """
        at = self.progress
        leave(
            self.interruption.received,
            f"Interrupted after step {at.step} ({at.step_in_epoch} of {at.steps_per_epoch} in "
            f"epoch {at.epoch + 1}); the checkpoints are in {self.folder.path}. "
            f"{self.how_to_go_on}",
        )


def _checked_override(override) -> tuple[str, ...]:
    """The names of what may differ.

    Raises:
        ValueError: For an unknown one.
    """
    names = (override,) if isinstance(override, str) else tuple(override)
    for name in names:
        if name not in comparing.OVERRIDES:
            raise unknown_name("override", name, comparing.OVERRIDES)
    return names
