"""The callback that writes checkpoints during `fit` and continues from them."""

import math
import os
import pathlib
import warnings

import keras

from keras_gan.arguments import unknown_name, whole
from keras_gan.backend.interruption import Interruption, leave
from keras_gan.checkpoints import CheckpointFolder, Progress
from keras_gan.checkpoints.restoring import Restoring, checked_override
from keras_gan.files.locking import FolderLock
from keras_gan.texts import one_line


class Checkpoint(Restoring, keras.callbacks.Callback):
    """Saves all state of a model every few steps, and lets `fit` continue from it after any end.

    `fit` with this callback starts from the newest intact checkpoint in the folder, even in the
    middle of an epoch. It then ends bit for bit as if it had never been interrupted (on one device,
    with deterministic operations): weights, optimizer slots, averages, spectral vectors, noise,
    random states, the order of the data, the means of the running epoch and `History`. To continue,
    run the same program again.

    A folder belongs to one training. Before it changes anything, `fit` compares the program with
    the checkpoint: the batch size, the seed, the settings of the model, the options of networks and
    optimizers, and the data. Of the data it compares number, shapes, types, the seeds of their
    order and a digest of some samples; of your own `tf.data` set, the digest is of what it holds in
    memory and of the first two batches before any `shuffle`. `fit` refuses all differences in one
    sentence, unless `override` permits them. `every`, `keep`, other callbacks and the number of
    epochs may always differ, except that more epochs change a decay of the learning rate over all
    epochs, which `override="optimizer"` permits. A warning names another version of this library,
    Keras or the backend. Constant learning rates come from the checkpoint, like all state of the
    optimizers; `LearningRate` can change them.

    Each `step_00001500.checkpoint` has a checksum and is written atomically. If the newest one is
    damaged, `fit` says so and uses the one before it. A state with NaN or infinities is never
    saved. While `fit` runs, the folder is locked, and another program that would write there is
    refused. If the folder vanishes, `fit` stops at the next write and saves its state in a new
    folder beside it. On SIGTERM and Ctrl-C `fit` finishes the running step, saves, and ends with
    `SystemExit(143)` or `KeyboardInterrupt`; a second signal ends it at once.

    With this callback the order of the data depends only on seed and step. Arrays are shuffled by
    the model's seed. `kg.data.batches(…)` and `kg.data.unpaired(…)`, with or without `.repeat()`,
    start at any step at once, including the random numbers of Keras layers as `augment`. Any other
    `tf.data` set is read again from its start up to the step, and must give the same batches every
    time.

    A `UserWarning` at the start of `fit` names what cannot be exact: data that give other batches
    when they are read again (a shuffle without a seed, Keras's random layers in a `map`, a random
    `PyDataset`, an augmentation with `tf.random` or NumPy, `deterministic=False`), the patience of
    `EarlyStopping`, which starts anew, and, after the first step, networks and losses that draw
    from `keras.random` without a seed. Other callbacks do not see steps that were taken before, and
    restore their state themselves; `Evaluation` restores its curve and its best model.

    Args:
        folder: The folder for the checkpoints; it is made if missing.
        every: Generator steps between checkpoints, rounded up to whole executions if
            `steps_per_execution` is above 1. Every epoch also ends with one. Defaults to 500.
        keep: How many of the newest checkpoints to keep. Defaults to 3.
        monitor: The name of a logged score, such as `"val_generator_loss"`. The state with the best
            score at the end of an epoch is kept as `best.checkpoint`, which `load_best` loads.
            Epochs without a finite score do not count. Defaults to `None`: no score.
        mode: Whether the best score is the `"min"` or the `"max"`. Defaults to `"min"`.
        override: What may differ from the checkpoint because you changed it on purpose: any of
            `"data"` (including batches and the length of epochs), `"game"` (schedule, objective,
            penalties, …), `"networks"`, `"optimizer"` (the program's learning rates then count) and
            `"seed"`. The shapes and numbers of weights and optimizer states must be the same.
            Defaults to none.

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
        self.override = checked_override(override)
        self.folder = CheckpointFolder(folder, keep)
        self.monitor, self.mode = monitor, mode
        self.progress = Progress()
        self.has_told_of_nan = False  # of the present state
        self.interruption = Interruption()
        self.how_to_go_on = "Run the same program again to continue."
        self.run = None  # the settings of a run of the command line

    @property
    def lock(self) -> FolderLock:
        """The lock of the folder, held during `fit`."""
        return self.folder.lock

    @property
    def writes_in(self) -> list[pathlib.Path]:
        """The folder of the checkpoints."""
        return [self.folder.path]

    def load_best(self, model: keras.Model) -> None:
        """Restores the state with the best score.

        Args:
            model: The model, compiled.

        Raises:
            ValueError: If `best.checkpoint` is missing, damaged, or of another model.
        """
        self.folder.load_best(model)

    def on_epoch_begin(self, epoch, logs=None):
        """Records the start of the epoch."""
        self.progress.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        """Saves if a checkpoint is due or a signal was received."""
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
        """Whether this epoch's score beats all earlier ones; then it is recorded."""
        if self.monitor not in logs:
            # without validation in this epoch, its scores are not expected
            expected = {"val_"} & {self.monitor[:4]} <= {name[:4] for name in logs}
            if expected and not self.warned:
                self.warned = True
                unknown = unknown_name("score to monitor", self.monitor, logs)
                warnings.warn(f"{unknown} Until it is logged, no state is the best.", stacklevel=2)
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
                f"Step {self.progress.step} is not saved, since {error}: the earlier checkpoints "
                f"in {one_line(self.folder.path)} stay.",
                stacklevel=2,
            )

    def note_history(self) -> None:
        """Copies the logs of the completed epochs into the progress."""
        history = self.model.history
        self.progress.history, self.progress.epochs = history.history, history.epoch

    def rescue(self, folder: pathlib.Path | None = None) -> None:
        """Writes a checkpoint of the present state when `fit` has to stop.

        Args:
            folder: The folder in which to make `checkpoints`. Defaults to `None`: the callback's
                own folder.

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
