"""What is wrong with the arguments of `compile`, or with going without it."""

import warnings

import keras

from keras_gan.naming import unknown_name


def fused_steps(replicas: int, steps_per_execution: int, jit_compile) -> tuple:
    """How many steps an execution has, and whether XLA compiles it, where Keras can do that.

    Raises:
        ValueError: For a count of steps below 1.

    Warns:
        UserWarning: Under a distribution strategy, where Keras can do neither.
    """
    if type(steps_per_execution) is not int or steps_per_execution < 1:
        raise ValueError(
            f"steps_per_execution must be a whole number of at least 1; "
            f"received {steps_per_execution!r}."
        )
    if replicas > 1 and (steps_per_execution > 1 or jit_compile is True):
        warnings.warn(
            f"Keras fuses and compiles no steps that {replicas} replicas share: instead of "
            f"steps_per_execution={steps_per_execution} and jit_compile={jit_compile}, this game "
            f"runs single steps without XLA, with the same results.",
            stacklevel=3,
        )
        return 1, False
    return steps_per_execution, jit_compile


def optimizers_by_player(optimizers: dict, players: tuple[str, ...]) -> dict:
    """The optimizers of `compile(<player>_optimizer=…)`, by player: an optimizer or `None`.

    Raises:
        ValueError: For an argument that belongs to no player.
    """
    arguments = {f"{player}_optimizer": player for player in players}
    for name in optimizers:
        if name in ("optimizer", "loss"):
            raise ValueError(
                f"A game has an optimizer a player and its losses from its objective: pass "
                f"{' and '.join(f'{argument}=…' for argument in arguments)} instead of {name}=."
            )
        if name not in arguments:
            raise unknown_name("argument of compile", name, arguments)
    chosen = dict.fromkeys(players)
    for name, optimizer in optimizers.items():
        try:
            chosen[arguments[name]] = optimizer and keras.optimizers.get(optimizer)
        except ValueError as error:
            raise ValueError(
                f"{name} must be a Keras optimizer or the name of one, such as "
                f"keras.optimizers.Adam(2e-4); received {optimizer!r}."
            ) from error
    return chosen


def check_compiled(model, method: str) -> None:
    """Refuses to train or to evaluate a model without optimizers."""
    if not model.compiled:
        kind = type(model).__name__
        raise ValueError(
            f"This {kind} is not compiled: call gan.compile() before gan.{method}(...). Without "
            f"arguments it takes the optimizers of {kind}."
        )
