"""How one `fit` goes on in the middle of an epoch."""

import contextlib
import dataclasses
from collections.abc import Iterator

import keras
import numpy as np

from keras_gan.checkpoints import Progress
from keras_gan.checkpoints.callback import Checkpoint
from keras_gan.checkpoints.first_step import FirstStep, warn_of_inexact
from keras_gan.checkpoints.folder import Found
from keras_gan.parallel import processes
from keras_gan.texts import one_line
from keras_gan.training.callback_checks import callback_notes, callbacks_in, check_beside_checkpoint


@contextlib.contextmanager
def resumable(model: keras.Model, arguments: dict) -> Iterator[dict]:
    """The arguments with which `fit` goes on from its Checkpoint; as they are without one.

    Args:
        model: The game, compiled.
        arguments: Those of `keras.Model.fit` by name, as the user gave them.

    Raises:
        ValueError: For several Checkpoints, or data or settings that a Checkpoint cannot work with.
    """
    callbacks = callbacks_in(arguments.get("callbacks"))
    checkpoints = [each for each in callbacks if isinstance(each, Checkpoint)]
    if not checkpoints:
        yield arguments
        return
    if len(checkpoints) > 1:
        raise ValueError(f"fit takes one Checkpoint; received {len(checkpoints)}.")
    checkpoint = checkpoints[0]
    if arguments.get("validation_split"):
        raise ValueError("With Checkpoint pass validation_data instead of validation_split.")
    if arguments.get("sample_weight") is not None or arguments.get("class_weight") is not None:
        raise ValueError("Games do not use sample_weight and class_weight: leave them out.")
    validates = arguments.get("validation_data") is not None
    check_beside_checkpoint(callbacks, checkpoint.monitor, validates)
    processes.of_first(checkpoint.folder.prepare)
    try:
        yield from _going_on(model, arguments, callbacks, checkpoint)
    finally:
        checkpoint.folder.release()


def _going_on(
    model: keras.Model, arguments: dict, callbacks: list, checkpoint: Checkpoint
) -> Iterator[dict]:
    """As `resumable`, once the Checkpoint's folder is held."""
    from keras_gan.data.streams import stream_of

    found = checkpoint.folder.find()
    keeps_seed = found is None or (model.has_own_seed and found.header["seed"] != model.seed)
    stream = stream_of(
        arguments["x"],
        arguments.get("y"),
        batch_size=arguments.get("batch_size"),
        steps_per_epoch=arguments.get("steps_per_epoch"),
        shuffle=bool(arguments.get("shuffle", True)),
        seed=model.seed if keeps_seed else found.header["seed"],
    )
    examined = stream.examined()
    data = {
        "steps_per_epoch": stream.steps_per_epoch,
        "batch_size": stream.batch_size,
        "elements": stream.elements,
        "data": examined.facts,
    }
    processes.of_first(lambda: checkpoint.check(model, found, data) or b"")
    _check_executions(stream.steps_per_epoch, model.steps_per_execution, found)
    warn_of_inexact([*examined.notes, *callback_notes(callbacks)])
    first_step = FirstStep(model, callbacks)
    with first_step:
        progress = _in_new_epochs(checkpoint.accept(model, found), stream.steps_per_epoch)
        batches = stream.start(progress.step)
        epochs = arguments.get("epochs", 1)
        stopped = progress.stopped and epochs <= progress.planned
        progress = dataclasses.replace(
            progress, **data, stopped=stopped, planned=epochs, run=checkpoint.run
        )
        checkpoint.progress = progress
        first = progress.epoch if progress.step else arguments.get("initial_epoch", 0)
        verbose = arguments.get("verbose", "auto")
        if progress.step and verbose != 0 and processes.is_first():
            print(one_line(standing(progress, checkpoint.folder.path)))
        rest = {"x", "y", "shuffle", "callbacks", "initial_epoch", "steps_per_epoch"}
        yield from _interruptible(
            model,
            checkpoint,
            {
                **{name: value for name, value in arguments.items() if name not in rest},
                "x": batches,
                "shuffle": False,
                "steps_per_epoch": stream.steps_per_epoch,
                "initial_epoch": epochs if progress.stopped else first,
                "callbacks": _ResumedCallbacks(
                    callbacks,
                    checkpoint=checkpoint,
                    first_step=first_step,
                    model=model,
                    add_progbar=verbose != 0,
                    verbose=verbose,
                    epochs=epochs,
                    steps=stream.steps_per_epoch,
                    initial_epoch=first,
                ),
            },
        )


def _interruptible(model: keras.Model, checkpoint: Checkpoint, arguments: dict) -> Iterator[dict]:
    """The arguments, in a scope in which a signal lets the running step finish first."""
    train_function = model.train_function
    try:
        with checkpoint.interruption:
            yield arguments
        if checkpoint.interruption.received is not None:  # too late for any callback to see it
            checkpoint.leave()
    finally:
        checkpoint.interruption.received = None
        if train_function is not None:
            model.train_function = train_function


def standing(progress: Progress, path) -> str:
    """What a resumed run still has to do, in one or two sentences."""
    if progress.stopped or progress.epoch >= progress.planned:
        end = "was stopped by a callback" if progress.stopped else "was done"
        most = progress.planned if progress.stopped else progress.epoch
        return (
            f"The training in {path} {end} at step {progress.step}, after {progress.epoch} epochs: "
            f"nothing is left to do. To prolong it, ask for more than {most} epochs."
        )
    return (
        f"Goes on after step {progress.step}, {progress.step_in_epoch} of "
        f"{progress.steps_per_epoch} in epoch {progress.epoch + 1}, from {path}."
    )


def _in_new_epochs(progress: Progress, steps_per_epoch: int) -> Progress:
    """Where a run stands in epochs that may be of another length, as an override permits.

    The epoch under way then begins anew.
    """
    if not progress.step or progress.steps_per_epoch == steps_per_epoch:
        return progress
    return dataclasses.replace(progress, step_in_epoch=0, recut=True)


def _check_executions(steps_per_epoch: int, fused: int, found: Found | None) -> None:
    """Refuses executions between which a step of a checkpoint does not occur.

    Raises:
        ValueError: If an epoch is not a whole number of executions.
    """
    progress = Progress() if found is None else Progress(**found.header["progress"])
    done = _in_new_epochs(progress, steps_per_epoch).step_in_epoch
    if steps_per_epoch % fused or done % fused:
        raise ValueError(
            f"With Checkpoint an epoch must be a whole number of executions, and a run must go on "
            f"at the start of one; received epochs of {steps_per_epoch} steps, {fused} per "
            f"execution, and {done} steps done in the present epoch."
        )


class _ResumedCallbacks(keras.callbacks.CallbackList):
    """Keras's list of callbacks, which hear nothing of the steps that were done before `fit` began.

    In the first epoch Keras counts from 0. Up to the step of the checkpoint the function that would
    train does nothing, and no callback hears of it. The Checkpoint comes last, so that it saves
    what all others have done.

    Args:
        callbacks: Those of the user.
        checkpoint: The one among them that has been resumed.
        first_step: What looks at the first step that is still to be done.
        model: The game.
        **options: As in `keras.callbacks.CallbackList`.
    """

    def __init__(
        self,
        callbacks: list,
        *,
        checkpoint: Checkpoint,
        first_step: FirstStep,
        model: keras.Model,
        **options,
    ):
        super().__init__([*callbacks], add_history=True, model=model, **options)
        self.first_step = first_step
        self.callbacks.remove(checkpoint)
        self.callbacks.append(checkpoint)
        self.resumed: Progress = checkpoint.progress
        self.done = self.resumed.step_in_epoch  # steps to pass over
        self.means = [(v, np.array(keras.ops.convert_to_numpy(v))) for v in model.metrics_variables]
        self.train_function, self.logs = None, {}

    def on_train_begin(self, logs=None):
        """Starts all callbacks; `History` knows the earlier epochs."""
        super().on_train_begin(logs)
        self._history.history = {k: list(v) for k, v in self.resumed.history.items()}
        self._history.epoch = list(self.resumed.epochs)
        for callback in self.callbacks:
            if hasattr(callback, "on_resume"):
                callback.on_resume(self.resumed)

    def on_epoch_begin(self, epoch, logs=None):
        """Starts an epoch, the first with the means that it had."""
        super().on_epoch_begin(epoch, logs)
        if self.done:
            for variable, mean in self.means:
                variable.assign(mean)
            if self.done == self.resumed.steps_per_epoch:  # no step will tell the losses
                means = self.model.get_metrics_result()
                logs = {**means, **self.model.estimates(means)}
                self.logs = {name: float(value) for name, value in logs.items()}
            self.train_function = self.model.train_function
            self.model.train_function = self.model.idle

    def on_epoch_end(self, epoch, logs=None):
        """Ends an epoch, of which all steps may have been done before."""
        self.wake()
        if self.logs:
            logs.update({**self.logs, **logs})
            self.logs = {}
        super().on_epoch_end(epoch, logs)

    def on_train_batch_begin(self, batch, logs=None):
        """Starts a step that is still to be done."""
        if batch < self.done:
            return
        self.wake()
        super().on_train_batch_begin(batch, logs)
        self.first_step.begin()

    def wake(self) -> None:
        """Lets the model train again."""
        if self.train_function is not None:
            self.model.train_function, self.train_function = self.train_function, None
            self.done = 0

    def on_train_batch_end(self, batch, logs=None):
        """Ends a step that has just been done."""
        if batch >= self.done:
            self.first_step.end()
            super().on_train_batch_end(batch, logs)
