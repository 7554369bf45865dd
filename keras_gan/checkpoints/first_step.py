"""The first step of a resumed training: undone if it fails, checked for unsaved randomness."""

import itertools
import warnings

import keras
import numpy as np

from keras_gan.checkpoints.state import variables_of
from keras_gan.checkpoints.unsaved_randomness import UnsavedRandomness
from keras_gan.checkpoints.vanished_folders import Guard


class FirstStep:
    """A scope that restores a model's state if `fit` fails before its first step.

    Once the first step has started, nothing is undone; nor if a folder vanished, since the state is
    then saved elsewhere. After the first step, a warning names random numbers whose state no
    checkpoint holds.

    Args:
        model: The model, compiled.
        callbacks: The user's callbacks, and the `Guard` of their folders.
    """

    def __init__(self, model: keras.Model, callbacks: list):
        variables = itertools.chain(*variables_of(model).values())
        self.model, self.seed, self.look = model, model.seed, None
        self.guards = [each for each in callbacks if isinstance(each, Guard)]
        self.before = [(v, np.array(keras.ops.convert_to_numpy(v))) for v in variables]

    def begin(self) -> None:
        """Starts the step: from here on nothing is undone."""
        if self.before is not None:
            self.before, self.look = None, UnsavedRandomness(self.model)

    def end(self) -> None:
        """Checks the random numbers of the step, before any callback ends it."""
        if self.look is not None:
            warn_of_inexact(self.look.notes())
            self.look = None

    def __enter__(self) -> "FirstStep":
        return self

    def __exit__(self, kind, error, trace) -> None:
        failed = isinstance(error, Exception) and self.before is not None
        if failed and all(guard.gone() is None for guard in self.guards):
            for variable, value in self.before:
                variable.assign(value)
            self.model.seed = self.seed
        self.before = None


def warn_of_inexact(notes: list[tuple[str, str]]) -> None:
    """Warns about what makes a resumed run differ from one that never stopped.

    Args:
        notes: Pairs of the start of a sentence and the remedy.
    """
    for what, remedy in notes:
        warnings.warn(
            f"{what}, so a run that continues from its Checkpoint may end differently from one "
            f"that never stopped: {remedy}.",
            stacklevel=2,
        )
