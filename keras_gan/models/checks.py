"""Checks of a model before training: players, weights to move, distribution strategy."""

import keras

from keras_gan.arguments import unknown_name
from keras_gan.parallel.replicas import is_mirrored, unsupported_strategy


def check_players(schedule, known: tuple[str, ...]) -> None:
    """Refuses a schedule that moves an unknown player or leaves one out.

    Args:
        schedule: A schedule of `kg.schedules`.
        known: The names of the model's players.

    Raises:
        ValueError: Names the player.
    """
    for player in schedule.players:
        if player not in known:
            raise unknown_name("player in the schedule", player, known)
    missing = set(known) - set(schedule.players)
    if missing:
        raise ValueError(
            f"{schedule!r} never moves {sorted(missing)[0]!r}: each of the players "
            f"{list(known)} needs a move."
        )


def check_trainable(variables_of: dict) -> None:
    """Refuses a player without trainable weights.

    Args:
        variables_of: The trainable variables by the name of the player.

    Raises:
        ValueError: Names the player.
    """
    for player, variables in variables_of.items():
        if not variables:
            raise ValueError(
                f"The {player} has no trainable weights: set trainable = True on its networks. "
                f"Each player moves only its own weights, so you need not freeze the others."
            )


def check_strategy() -> None:
    """Refuses a distribution strategy that `Model.fit` of the installed Keras does not support.

    Raises:
        ValueError: Names the strategy, and one that works.
    """
    name = unsupported_strategy()
    if name is not None:
        raise ValueError(
            f"Keras cannot fit a model under {name}: use tf.distribute.MirroredStrategy, which "
            f"trains on all GPUs of one machine, or no strategy."
        )


def check_scope(variables) -> None:
    """Refuses weights that were made outside the strategy's scope in which the model is compiled.

    Args:
        variables: The weights of the model.

    Raises:
        ValueError: Names the first such weight.
    """
    strays = [variable.path for variable in variables if not is_mirrored(variable)]
    if strays:
        scope = {
            "tensorflow": ("strategy.scope()", "inside `with strategy.scope():`"),
            "jax": ("distribution", "after keras.distribution.set_distribution(…)"),
        }
        name, remedy = scope[keras.backend.backend()]
        raise ValueError(
            f"Build the networks, build the model and call compile() in the same {name}; "
            f"{strays[0]} was made outside it: build the networks {remedy}."
        )
