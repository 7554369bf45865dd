"""Calls callbacks only for the steps that a resumed epoch still has to do."""

import keras
import numpy as np

from keras_gan.checkpoints import Progress
from keras_gan.checkpoints.callback import Checkpoint
from keras_gan.checkpoints.first_step import FirstStep


class ResumedCallbacks(keras.callbacks.CallbackList):
    """Keras's list of callbacks, which are not called for steps that are already completed.

    Keras counts the steps of the first epoch from 0. Up to the step of the checkpoint, the train
    function does nothing and no callback is called. The Checkpoint comes last, so that it saves
    what all others have done.

    Args:
        callbacks: The user's callbacks.
        checkpoint: The Checkpoint among them.
        first_step: The scope of the first step that is still to be done.
        model: The model.
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
        self.done = self.resumed.step_in_epoch  # steps to skip
        self.means = [(v, np.array(keras.ops.convert_to_numpy(v))) for v in model.metrics_variables]
        self.train_function, self.logs = None, {}

    def on_train_begin(self, logs=None):
        """Starts all callbacks; `History` gets the earlier epochs."""
        super().on_train_begin(logs)
        self._history.history = {k: list(v) for k, v in self.resumed.history.items()}
        self._history.epoch = list(self.resumed.epochs)
        for callback in self.callbacks:
            if hasattr(callback, "on_resume"):
                callback.on_resume(self.resumed)

    def on_epoch_begin(self, epoch, logs=None):
        """Starts an epoch; the first one gets its running means back."""
        super().on_epoch_begin(epoch, logs)
        if self.done:
            for variable, mean in self.means:
                variable.assign(mean)
            if self.done == self.resumed.steps_per_epoch:  # no step will log the losses
                means = self.model.get_metrics_result()
                logs = {**means, **self.model.estimates(means)}
                self.logs = {name: float(value) for name, value in logs.items()}
            self.train_function = self.model.train_function
            self.model.train_function = self.model.idle

    def on_epoch_end(self, epoch, logs=None):
        """Ends an epoch, whose steps may all have been completed before."""
        self.wake()
        if self.logs:
            logs.update({**self.logs, **logs})
            self.logs = {}
        super().on_epoch_end(epoch, logs)

    def on_train_batch_begin(self, batch, logs=None):
        """Starts a step, unless it is already completed."""
        if batch < self.done:
            return
        self.wake()
        super().on_train_batch_begin(batch, logs)
        self.first_step.begin()

    def wake(self) -> None:
        """Gives the model its train function back."""
        if self.train_function is not None:
            self.model.train_function, self.train_function = self.train_function, None
            self.done = 0

    def on_train_batch_end(self, batch, logs=None):
        """Ends a step, unless it was already completed."""
        if batch >= self.done:
            self.first_step.end()
            super().on_train_batch_end(batch, logs)
