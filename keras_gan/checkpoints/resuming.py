"""Lets `fit` continue from a Checkpoint, even in the middle of an epoch."""

import contextlib
import dataclasses
from collections.abc import Iterator

import keras

from keras_gan.checkpoints import Progress
from keras_gan.checkpoints.callback import Checkpoint
from keras_gan.checkpoints.first_step import FirstStep, warn_of_inexact
from keras_gan.checkpoints.reading import Found
from keras_gan.checkpoints.resumed_callbacks import ResumedCallbacks
from keras_gan.parallel import processes
from keras_gan.texts import one_line
from keras_gan.training.callback_checks import callback_notes, callbacks_in, check_beside_checkpoint


@contextlib.contextmanager
def resumable(model: keras.Model, arguments: dict) -> Iterator[dict]:
    """A scope with the arguments with which `fit` continues from its Checkpoint.

    Without a Checkpoint, they are unchanged.

    Args:
        model: The model, compiled.
        arguments: The user's arguments of `keras.Model.fit`, by name.

    Raises:
        ValueError: For several Checkpoints, or data or settings with which a Checkpoint cannot
            work.
    """
    callbacks = callbacks_in(arguments.get("callbacks"))
    checkpoints = [each for each in callbacks if isinstance(each, Checkpoint)]
    if not checkpoints:
        yield arguments
        return
    if len(checkpoints) > 1:
        raise ValueError(
            f"fit takes one Checkpoint; received {len(checkpoints)}: leave out all but one."
        )
    checkpoint = checkpoints[0]
    if arguments.get("validation_split"):
        raise ValueError("With a Checkpoint, pass validation_data instead of validation_split.")
    if arguments.get("sample_weight") is not None or arguments.get("class_weight") is not None:
        raise ValueError(
            "Models of keras_gan do not use sample_weight and class_weight: leave them out."
        )
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
    """As `resumable`, while the Checkpoint's folder is locked."""
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
            print(one_line(_standing(progress, checkpoint.folder.path)))
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
                "callbacks": ResumedCallbacks(
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
    """The arguments, in a scope in which a signal does not interrupt the running step."""
    train_function = model.train_function
    try:
        with checkpoint.interruption:
            yield arguments
        if checkpoint.interruption.received is not None:  # after the last callback
            checkpoint.leave()
    finally:
        checkpoint.interruption.received = None
        if train_function is not None:
            model.train_function = train_function


def _standing(progress: Progress, path) -> str:
    """Says from where a run continues, or that nothing is left to do."""
    if progress.stopped or progress.epoch >= progress.planned:
        end = "was stopped by a callback" if progress.stopped else "was done"
        most = progress.planned if progress.stopped else progress.epoch
        return (
            f"The training in {path} {end} at step {progress.step}, after {progress.epoch} epochs: "
            f"nothing is left to do. To train longer, ask for more than {most} epochs."
        )
    return (
        f"Continues after step {progress.step}, {progress.step_in_epoch} of "
        f"{progress.steps_per_epoch} in epoch {progress.epoch + 1}, from {path}."
    )


def _in_new_epochs(progress: Progress, steps_per_epoch: int) -> Progress:
    """The progress, in epochs whose length an override may have changed.

    In that case the present epoch starts again.
    """
    if not progress.step or progress.steps_per_epoch == steps_per_epoch:
        return progress
    return dataclasses.replace(progress, step_in_epoch=0, recut=True)


def _check_executions(steps_per_epoch: int, fused: int, found: Found | None) -> None:
    """Refuses fused steps that do not fit into epochs, or into the rest of the present one.

    Raises:
        ValueError: If an epoch, or its completed part, is not a whole number of executions.
    """
    progress = Progress() if found is None else Progress(**found.header["progress"])
    done = _in_new_epochs(progress, steps_per_epoch).step_in_epoch
    if steps_per_epoch % fused or done % fused:
        raise ValueError(
            f"With a Checkpoint, an epoch must be a whole number of executions, and a run must "
            f"continue at the start of one; received epochs of {steps_per_epoch} steps, {fused} "
            f"steps per execution, and {done} completed steps in the present epoch: change "
            f"steps_per_execution."
        )
