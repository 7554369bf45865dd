"""What holds up to the first step of a training that goes on, and what that step shows."""

import itertools
import warnings

import keras
import numpy as np

from keras_gan.checkpoints.state import variables_of
from keras_gan.checkpoints.unsaved_randomness import UnsavedRandomness
from keras_gan.checkpoints.vanished_folders import Guard


class FirstStep:
    """A scope after which a game is as it was before, where `fit` fails before its first step.

    Once that has begun nothing is undone, nor where a folder has vanished: the state is then saved
    elsewhere. When the first step has ended, random numbers in it are warned of whose state no
    checkpoint holds.

    Args:
        game: The game, compiled.
        callbacks: Those of the user, and what looks after their folders.
    """

    def __init__(self, game: keras.Model, callbacks: list):
        variables = itertools.chain(*variables_of(game).values())
        self.game, self.seed, self.look = game, game.seed, None
        self.guards = [each for each in callbacks if isinstance(each, Guard)]
        self.before = [(v, np.array(keras.ops.convert_to_numpy(v))) for v in variables]

    def begin(self) -> None:
        """Forgets what was before, when all callbacks have begun the step."""
        if self.before is not None:
            self.before, self.look = None, UnsavedRandomness(self.game)

    def end(self) -> None:
        """Looks at what the step has drawn, before any callback ends it."""
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
            self.game.seed = self.seed
        self.before = None


def warn_of_inexact(notes: list[tuple[str, str]]) -> None:
    """Warns of what keeps a run that is resumed from the bits of one that never stopped.

    Args:
        notes: Sentences without their ends, each with what to do.
    """
    for what, remedy in notes:
        warnings.warn(
            f"{what}, so a run that goes on from its Checkpoint may end otherwise than one that "
            f"never stopped: {remedy}.",
            stacklevel=2,
        )
