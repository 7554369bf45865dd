"""The learning rate of one player, set by a function of the epoch."""

import math
from collections.abc import Callable

import keras
from keras import ops

from keras_gan.checkpoints import Progress
from keras_gan.naming import unknown_name


class LearningRate(keras.callbacks.Callback):
    """Sets one player's learning rate at the start of every epoch.

        rate ← schedule(epoch, rate),    epoch = 0, 1, 2, …

    Each epoch's logs show it as `<player>_learning_rate`. For rates that change from step to step,
    give the player's optimizer a `keras.optimizers.schedules.LearningRateSchedule` instead: it
    counts that player's own updates, k a step of `fit` for a discriminator of k steps. Where `fit`
    goes on within an epoch, that epoch keeps the rate of the `Checkpoint`.

    Args:
        schedule: Function from the epoch and the present rate to the new one.
        player: Whose rate; one callback a player. Defaults to `"generator"`.

    Raises:
        ValueError: In `fit`, before the first step: for an unknown player or an optimizer whose
            rate is a `LearningRateSchedule`. For a rate that is negative or not finite.

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

    def __init__(self, schedule: Callable[[int, float], float], player: str = "generator"):
        super().__init__()
        self.schedule = schedule
        self.player = player

    def on_train_begin(self, logs=None):
        """Checks that the player has a rate that can be set."""
        self.epoch_under_way = None
        optimizers = self.model.optimizer.of_player
        if self.player not in optimizers:
            raise unknown_name("player", self.player, optimizers)
        self.optimizer = optimizers[self.player]
        if isinstance(self.optimizer, keras.optimizers.LossScaleOptimizer):
            self.optimizer = self.optimizer.inner_optimizer
        rate = self.optimizer._learning_rate  # the property gives its value alone
        if isinstance(rate, keras.optimizers.schedules.LearningRateSchedule):
            raise ValueError(
                f"The {self.player}'s learning rate is a {type(rate).__name__}, which follows the "
                f"steps by itself and cannot be set: leave out LearningRate(player="
                f"{self.player!r}), or give the optimizer a number."
            )

    def on_resume(self, progress: Progress) -> None:
        """Notes an epoch that was begun before, with its rate set; `fit` calls it.

        Args:
            progress: Where the checkpoint stands.
        """
        self.epoch_under_way = progress.epoch if progress.step_in_epoch else None

    def on_epoch_begin(self, epoch, logs=None):
        """Sets the rate."""
        if epoch == self.epoch_under_way:
            return
        rate = self.schedule(epoch, float(ops.convert_to_numpy(self.optimizer.learning_rate)))
        if not (math.isfinite(rate) and rate >= 0):
            raise ValueError(
                f"A learning rate must be a finite number of at least 0; the schedule returned "
                f"{rate!r} for the {self.player} in epoch {epoch}."
            )
        self.optimizer.learning_rate = rate

    def on_epoch_end(self, epoch, logs=None):
        """Adds the rate to the logs."""
        rate = float(ops.convert_to_numpy(self.optimizer.learning_rate))
        logs[f"{self.player}_learning_rate"] = rate
