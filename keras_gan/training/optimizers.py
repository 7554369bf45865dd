"""One optimizer per player, which Keras sees as a single one."""

import keras

from keras_gan.parallel.replicas import sum_over_replicas
from keras_gan.training.fused_adam import fuse


def is_scaled(optimizer: keras.optimizers.Optimizer) -> bool:
    """Whether an optimizer scales its loss, as float16 requires."""
    return isinstance(optimizer, keras.optimizers.LossScaleOptimizer)


def scaled(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """The optimizer with a loss scale around it; unchanged if it has one already."""
    return optimizer if is_scaled(optimizer) else keras.optimizers.LossScaleOptimizer(optimizer)


def _inner(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer:
    """The optimizer without the loss scale around it, if there is one."""
    return getattr(optimizer, "inner_optimizer", optimizer)


def build(optimizer: keras.optimizers.Optimizer, variables: list, fused: bool = True) -> None:
    """Makes an optimizer's slot variables.

    Args:
        optimizer: A player's optimizer.
        variables: The variables that the player moves.
        fused: Whether an Adam may update each weight in one kernel. Defaults to `True`.
    """
    optimizer.build(variables)
    _inner(optimizer)._all_reduce_sum_gradients = _unreduced
    if fused:
        fuse(_inner(optimizer))


def move(optimizer: keras.optimizers.Optimizer, gradients: list, variables: list) -> None:
    """Lets an optimizer update a player's variables.

    Args:
        optimizer: The player's, built.
        gradients: For each variable a tensor, or `None`; scaled if the optimizer scales losses.
        variables: The variables that the player moves.
    """
    if not is_scaled(optimizer) or keras.backend.backend() == "tensorflow":
        optimizer.apply(gradients, variables)
        return
    # It decides within a branch whether to skip the step, and JAX allows no assignment there;
    # Keras's stateless function returns the values instead.
    moved = optimizer.stateless_apply(
        [v.value for v in optimizer.variables], gradients, [v.value for v in variables]
    )
    for group, values in zip((variables, optimizer.variables), moved, strict=True):
        for variable, value in zip(group, values, strict=True):
            variable.assign(value)


def rates(optimizers: dict[str, keras.optimizers.Optimizer]) -> dict[str, float]:
    """The present learning rates of the players whose rate is a number, not a schedule.

    Args:
        optimizers: A dict from player to optimizer.
    """
    schedule = keras.optimizers.schedules.LearningRateSchedule
    return {
        player: float(1.0 * _inner(optimizer).learning_rate)  # a tensor, of replicas' copies, too
        for player, optimizer in optimizers.items()
        if not isinstance(_inner(optimizer)._learning_rate, schedule)
    }


class PlayerOptimizers(keras.optimizers.Optimizer):
    """Holds the optimizers of all players of a game, and looks like one optimizer to Keras.

    Keras saves, restores and backs up the one `optimizer` of a model. Here its `variables` are
    those of all players' optimizers in a fixed order. They are built when the model is compiled.

    Args:
        optimizers: A dict from player to `keras.optimizers.Optimizer`, a separate one for each.

    Raises:
        ValueError: If two players share an optimizer.

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
                f"Each player needs its own optimizer, because an optimizer stores moments of its "
                f"player's weights; received the same one for several of {list(optimizers)}: make "
                f"one for each."
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
        """The learning rate of the player that moves last, usually the generator."""
        return list(self.of_player.values())[-1].learning_rate

    @learning_rate.setter
    def learning_rate(self, value) -> None:
        raise ValueError(
            f"A game has one learning rate per player, so {value!r} cannot be set for all: set "
            f"gan.optimizer['generator'].learning_rate, or give each player's optimizer a "
            f"keras.optimizers.schedules.LearningRateSchedule. Instead of Keras's "
            f"LearningRateScheduler and ReduceLROnPlateau, use kg.callbacks.LearningRate."
        )

    @property
    def iterations(self):
        """The number of updates of the player that moves last, usually the generator."""
        return list(self.of_player.values())[-1].iterations

    def finalize_variable_values(self, var_list) -> None:
        """Lets every optimizer with `use_ema` replace its player's weights by their average."""
        for optimizer in self.of_player.values():
            optimizer.finalize_variable_values(optimizer._trainable_variables)
            if keras.backend.backend() == "jax" and _inner(optimizer).use_ema:
                # Keras makes weight and average the same array, which a step would donate twice
                for variable in optimizer._trainable_variables:
                    variable.assign(keras.ops.copy(variable))

    def get_config(self) -> dict:
        """The serialized optimizers of the players."""
        serialize = keras.saving.serialize_keras_object
        return {"optimizers": {p: serialize(o) for p, o in self.of_player.items()}}

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "PlayerOptimizers":
        """The optimizers that `get_config` described, not yet built."""
        deserialize = keras.saving.deserialize_keras_object
        return cls({p: deserialize(o, custom_objects) for p, o in config["optimizers"].items()})


def _unreduced(gradients_and_variables: list) -> list:
    """Replaces Keras's sum of gradients over replicas by the identity.

    Keras sums after it has clipped the gradients of each replica; `gradients_of_all_replicas` sums
    before. Besides, on one replica TensorFlow's `all_reduce` wraps the identity in a custom
    gradient, which stays registered and keeps the whole graph of the step alive: every model ever
    trained would stay in memory (TensorFlow 2.21; Keras's own models do).
    """
    return gradients_and_variables


def gradients_of_all_replicas(gradients: list) -> list:
    """The sums of gradients over replicas; an overflow on one replica is an overflow on all.

    Args:
        gradients: The tensors of this replica, or `None` for variables without a gradient.
    """
    sums = iter(sum_over_replicas([g for g in gradients if g is not None]))
    return [None if g is None else next(sums) for g in gradients]
