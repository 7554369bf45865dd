"""One optimizer to Keras, one a player to us."""

import keras

from keras_gan.parallel.replicas import sum_over_replicas


def is_scaled(optimizer: keras.optimizers.Optimizer) -> bool:
    """Whether an optimizer scales its loss, as float16 needs it."""
    return isinstance(optimizer, keras.optimizers.LossScaleOptimizer)


def scaled(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """The optimizer behind a loss scale, unless it has one."""
    return optimizer if is_scaled(optimizer) else keras.optimizers.LossScaleOptimizer(optimizer)


def inner(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """The optimizer behind a loss scale, or the one itself."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def build(optimizer: keras.optimizers.Optimizer, variables: list) -> None:
    """Makes an optimizer's slot variables.

    Args:
        optimizer: A player's.
        variables: What the player moves.
    """
    optimizer.build(variables)
    inner(optimizer)._all_reduce_sum_gradients = _unreduced


def move(optimizer: keras.optimizers.Optimizer, gradients: list, variables: list) -> None:
    """Lets an optimizer update a player's variables.

    Args:
        optimizer: The player's, built.
        gradients: One tensor a variable, or `None`; scaled where the optimizer scales losses.
        variables: What the player moves.
    """
    if not is_scaled(optimizer) or keras.backend.backend() == "tensorflow":
        optimizer.apply(gradients, variables)
        return
    # Whether it skips the step is decided within a branch, from which JAX lets no assignment
    # out; Keras's function for this hands out the values.
    moved = optimizer.stateless_apply(
        [v.value for v in optimizer.variables], gradients, [v.value for v in variables]
    )
    for group, values in zip((variables, optimizer.variables), moved, strict=True):
        for variable, value in zip(group, values, strict=True):
            variable.assign(value)


def rates(optimizers: dict[str, keras.optimizers.Optimizer]) -> dict[str, float]:
    """The present learning rates of players for which they are numbers.

    Args:
        optimizers: A dict from player to optimizer.
    """
    schedule = keras.optimizers.schedules.LearningRateSchedule
    return {
        player: float(1.0 * inner(optimizer).learning_rate)  # a tensor, of replicas' copies, too
        for player, optimizer in optimizers.items()
        if not isinstance(inner(optimizer)._learning_rate, schedule)
    }


class PlayerOptimizers(keras.optimizers.Optimizer):
    """Holds the optimizer of every player of a game and shows itself to Keras as one.

    Keras saves, restores and backs up a model's one `optimizer`: its `variables` are here those of
    all players in a fixed order, built at once when the model is compiled.

    Args:
        optimizers: A dict from player to `keras.optimizers.Optimizer`, one instance each.

    Raises:
        ValueError: When two players share an optimizer instance.

    Example:

    >>> import keras
    >>> optimizers = PlayerOptimizers({"generator": keras.optimizers.SGD()})
    >>> type(optimizers["generator"]).__name__
    'SGD'
    """

    def __init__(self, optimizers: dict[str, keras.optimizers.Optimizer]):
        super().__init__(learning_rate=0.0, name="player_optimizers")
        if len({id(optimizer) for optimizer in optimizers.values()}) < len(optimizers):
            raise ValueError(
                f"Each player needs an optimizer of its own, since an optimizer keeps the moments "
                f"of its player's weights; received one instance for several of {list(optimizers)}."
            )
        self.of_player = dict(optimizers)

    def __getitem__(self, player: str) -> keras.optimizers.Optimizer:
        """The optimizer of a player."""
        return self.of_player[player]

    def move(self, player: str, gradients: list, variables: list) -> None:
        """Lets a player's optimizer update its variables, as the function `move` does."""
        move(self[player], gradients, variables)

    def build(self, variables_of: dict) -> None:
        """Makes every optimizer's slot variables.

        Args:
            variables_of: A dict from player to the variables that it moves.
        """
        for player, optimizer in self.of_player.items():
            build(optimizer, variables_of[player])
        self.built = True

    @property
    def variables(self) -> list:
        """The variables of all players' optimizers, player after player."""
        return [v for optimizer in self.of_player.values() for v in optimizer.variables]

    @property
    def learning_rate(self):
        """The learning rate of the player that moves last, the generator as a rule."""
        return list(self.of_player.values())[-1].learning_rate

    @learning_rate.setter
    def learning_rate(self, value) -> None:
        raise ValueError(
            f"A game has one learning rate a player, so {value!r} cannot be set for all: set "
            f"gan.optimizer['generator'].learning_rate, or give each player's optimizer a "
            f"keras.optimizers.schedules.LearningRateSchedule. Keras's LearningRateScheduler and "
            f"ReduceLROnPlateau cannot drive two players."
        )

    @property
    def iterations(self):
        """The number of updates of the player that moves last, the generator as a rule."""
        return list(self.of_player.values())[-1].iterations

    def finalize_variable_values(self, var_list) -> None:
        """Lets every optimizer that averages weights itself (`use_ema`) overwrite its player's."""
        for optimizer in self.of_player.values():
            optimizer.finalize_variable_values(optimizer._trainable_variables)
            if keras.backend.backend() == "jax" and inner(optimizer).use_ema:
                # Keras gives weight and average one and the same array, which a step gives up twice
                for variable in optimizer._trainable_variables:
                    variable.assign(keras.ops.copy(variable))

    def get_config(self) -> dict:
        """The players' optimizers, serialized."""
        serialize = keras.saving.serialize_keras_object
        return {"optimizers": {p: serialize(o) for p, o in self.of_player.items()}}

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "PlayerOptimizers":
        """The optimizers that `get_config` described, not built yet."""
        deserialize = keras.saving.deserialize_keras_object
        return cls({p: deserialize(o, custom_objects) for p, o in config["optimizers"].items()})


def _unreduced(gradients_and_variables: list) -> list:
    """What Keras is to do where it would sum gradients over replicas: nothing.

    It sums them after it has clipped each replica's own, while `gradients_of_all_replicas` comes
    before. And on one replica TensorFlow's `all_reduce` wraps the identity in a custom gradient,
    which stays registered by name for good and holds on to the whole graph of the step: every model
    ever trained would stay in memory (TensorFlow 2.21; so it does with Keras's own models).
    """
    return gradients_and_variables


def gradients_of_all_replicas(gradients: list) -> list:
    """The sums of the gradients over replicas; an overflow on any of them is one on all.

    Args:
        gradients: This replica's tensors, or `None`.
    """
    sums = iter(sum_over_replicas([g for g in gradients if g is not None]))
    return [None if g is None else next(sums) for g in gradients]
