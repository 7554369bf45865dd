"""The learning rate of one player, set by a function of the epoch."""

import inspect
import math
import warnings
from collections.abc import Callable

import keras
from keras import ops

from keras_gan.arguments import unknown_name
from keras_gan.checkpoints import Progress


class LearningRate(keras.callbacks.Callback):
    """Sets one player's learning rate at the start of every epoch.

        rate ← schedule(epoch, rate),    epoch = 0, 1, 2, …

    The logs of each epoch show it as `<player>_learning_rate`. For a rate that changes from step to
    step, give the player's optimizer a `keras.optimizers.schedules.LearningRateSchedule` instead.
    That counts the player's own updates, which are k per step of `fit` for k discriminator steps.
    If `fit` continues in the middle of an epoch, that epoch keeps the rate in the `Checkpoint`.

    Args:
        schedule: Function from the epoch and the present rate, or from the epoch alone, to the new
            rate. A `LearningRateSchedule` is such a function, too. Its steps are then epochs, as
            for Keras's `LearningRateScheduler`: `CosineDecay(2e-4, decay_steps=20)` falls for 20
            epochs.
        player: The player's name; use one callback per player. Defaults to `"generator"`.

    Raises:
        ValueError: For a schedule that is not a function of one or two arguments; in `fit`, before
            the first step, for an unknown player or an optimizer whose rate is a
            `LearningRateSchedule`; and for a rate that is not a finite number of at least 0.

    Example:

    >>> import keras_gan as kg, numpy as np
    >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    >>> gan.compile()
    >>> halve = LearningRate(lambda epoch, rate: rate / 2 if epoch else rate)
    >>> x = np.random.default_rng(0).normal(size=(64, 2))
    >>> history = gan.fit(x, epochs=3, verbose=0, callbacks=[halve]).history
    >>> [f"{rate:.5f}" for rate in history["generator_learning_rate"]]
    ['0.00020', '0.00010', '0.00005']
    """

    def __init__(
        self,
        schedule: Callable[[int, float], float] | Callable[[int], float],
        player: str = "generator",
    ):
        super().__init__()
        self.schedule = schedule
        self.takes_rate = _takes_rate(schedule)
        self.player = player

    def on_train_begin(self, logs=None):
        """Checks that the player's rate can be set."""
        self.epoch_under_way = None
        optimizers = self.model.optimizers_by_player()
        if self.player not in optimizers:
            raise unknown_name("player", self.player, optimizers)
        self.optimizer = optimizers[self.player]
        if isinstance(self.optimizer, keras.optimizers.LossScaleOptimizer):
            self.optimizer = self.optimizer.inner_optimizer
        rate = self.optimizer._learning_rate  # the property returns only its value
        if isinstance(rate, keras.optimizers.schedules.LearningRateSchedule):
            raise ValueError(
                f"The {self.player}'s learning rate is a {type(rate).__name__}, which counts steps "
                f"by itself and cannot be set: leave out LearningRate(player={self.player!r}), or "
                f"give the optimizer a number."
            )
        if isinstance(self.schedule, keras.optimizers.schedules.LearningRateSchedule):
            _warn_of_steps(self.schedule, (self.params or {}).get("epochs") or 0, self.player)

    def on_resume(self, progress: Progress) -> None:
        """Records an epoch that has already begun, whose rate is set; `fit` calls it.

        Args:
            progress: The progress in the checkpoint.
        """
        self.epoch_under_way = progress.epoch if progress.step_in_epoch else None

    def on_epoch_begin(self, epoch, logs=None):
        """Sets the rate."""
        if epoch == self.epoch_under_way:
            return
        present = float(ops.convert_to_numpy(self.optimizer.learning_rate))
        rate = self.schedule(epoch, present) if self.takes_rate else self.schedule(epoch)
        value = _number_in(rate)
        if value is None or not (math.isfinite(value) and value >= 0):
            raise ValueError(
                f"A learning rate must be a finite number of at least 0; the schedule returned "
                f"{rate!r} for the {self.player} in epoch {epoch}."
            )
        self.optimizer.learning_rate = value

    def on_epoch_end(self, epoch, logs=None):
        """Adds the rate to the logs."""
        rate = float(ops.convert_to_numpy(self.optimizer.learning_rate))
        logs[f"{self.player}_learning_rate"] = rate


def _takes_rate(schedule) -> bool:
    """Whether a schedule is a function of epoch and rate, not of the epoch alone.

    Args:
        schedule: What `LearningRate` was given.

    Raises:
        ValueError: If it is neither.

    Example:

    >>> _takes_rate(lambda epoch, rate: rate / 2), _takes_rate(lambda epoch: 0.1**epoch)
    (True, False)
    """
    if not callable(schedule) or isinstance(schedule, type):
        raise ValueError(
            f"LearningRate takes a function of the epoch and the rate, such as lambda epoch, rate: "
            f"0.9 * rate; received {schedule!r}. Give a constant rate to the optimizer."
        )
    try:
        signature = inspect.signature(schedule)
    except (TypeError, ValueError):  # of some functions in C
        return True
    for arguments in ((0, 1e-3), (0,)):
        try:
            signature.bind(*arguments)
        except TypeError:
            continue
        return len(arguments) == 2
    raise ValueError(
        f"LearningRate takes a function of the epoch and the rate, or of the epoch alone; received "
        f"one with the arguments {signature}."
    )


def _number_in(value) -> float | None:
    """A number, or the only element of a tensor or an array; `None` for anything else."""
    try:
        array = ops.convert_to_numpy(value)
        return float(array.reshape(())) if array.size == 1 else None
    except (TypeError, ValueError):
        return None


def _warn_of_steps(schedule, epochs: int, player: str) -> None:
    """Warns of a Keras schedule that hardly changes, probably because it was made for steps.

    Args:
        schedule: A `LearningRateSchedule`.
        epochs: The number of epochs.
        player: The player, for the message.
    """
    rates = [_number_in(schedule(epoch)) for epoch in range(0, epochs, max(1, epochs // 50))]
    if epochs < 2 or None in rates or max(rates) - min(rates) > 0.01 * max(rates):
        return
    name = type(schedule).__name__
    warnings.warn(
        f"{name} hardly changes the {player}'s learning rate in {epochs} epochs, because "
        f"LearningRate counts epochs, whereas an optimizer counts steps: give {name} numbers of "
        f"epochs, or pass it to the optimizer instead of this callback.",
        stacklevel=2,
    )
