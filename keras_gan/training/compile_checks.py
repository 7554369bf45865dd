"""What is wrong with the arguments of `compile`, or with going without it."""

import warnings

import keras

from keras_gan.arguments import unknown_name, whole
from keras_gan.backend.precision import has_float64


def fused_steps(replicas: int, steps_per_execution: int, jit_compile) -> tuple:
    """How many steps an execution has, and whether XLA compiles it, where Keras can do that.

    Raises:
        ValueError: For a count of steps below 1.

    Warns:
        UserWarning: Under a distribution strategy, where Keras can do neither.
    """
    steps_per_execution = whole("steps_per_execution", steps_per_execution)
    if replicas > 1 and (steps_per_execution > 1 or jit_compile is True):
        warnings.warn(
            f"Keras neither fuses nor compiles steps of {replicas} replicas: instead of "
            f"steps_per_execution={steps_per_execution} and jit_compile={jit_compile}, this game "
            f"runs single steps without XLA, with the same results.",
            stacklevel=3,
        )
        return 1, False
    return steps_per_execution, jit_compile


def chosen_optimizers(optimizers: dict, players: tuple[str, ...]) -> dict:
    """The optimizers of `compile(<player>_optimizer=…)`, by player; each is an optimizer or `None`.

    Raises:
        ValueError: For an argument that belongs to no player.
    """
    arguments = {f"{player}_optimizer": player for player in players}
    for name in optimizers:
        if name in ("optimizer", "loss"):
            raise ValueError(
                f"A game has one optimizer per player, and its objective gives its losses: pass "
                f"{' and '.join(f'{argument}=…' for argument in arguments)} instead of {name}=."
            )
        if name not in arguments:
            raise unknown_name("argument of compile", name, arguments)
    given = {arguments[name]: checked_optimizer(name, each) for name, each in optimizers.items()}
    return {**dict.fromkeys(players), **given}


def checked_optimizer(name: str, optimizer) -> keras.optimizers.Optimizer | None:
    """The optimizer that an argument of `compile` names; `None` for the default.

    Args:
        name: The argument's name, for the message.
        optimizer: What was received.

    Raises:
        ValueError: For anything else than an optimizer or the name of one.
    """
    try:
        return optimizer and keras.optimizers.get(optimizer)
    except ValueError as error:
        raise ValueError(
            f"{name} must be a Keras optimizer or the name of one, such as "
            f"keras.optimizers.Adam(2e-4); received {optimizer!r}."
        ) from error


def check_precision(variables_of: dict) -> None:
    """Refuses weights of float16; warns of bfloat16, and of float64 where JAX computes in float32.

    An update of Adam(2e-4) is less than half of the distance between a weight of 0.5 and the next
    number of float16 or bfloat16, and is rounded away.

    Args:
        variables_of: A dict from player to the variables that it moves.

    Raises:
        ValueError: For a weight of float16.

    Warns:
        UserWarning: For weights of bfloat16, and of float64 on a JAX that computes in float32.
    """
    weights = [
        (keras.backend.standardize_dtype(v.dtype), player, v.path)
        for player, variables in variables_of.items()
        for v in variables
    ]
    for dtype, player, path in weights:
        if dtype in ("float16", "bfloat16"):
            advice = (
                f"The {player} has weights in {dtype}, such as {path!r}, which round most updates "
                f"away: build the networks under keras.config.set_dtype_policy('mixed_{dtype}'), "
                f"which computes in {dtype} and keeps weights in float32."
            )
        elif dtype == "float64" and not has_float64():
            advice = (
                f"The {player} asks for float64, such as in {path!r}, but JAX computes in float32: "
                f"call jax.config.update('jax_enable_x64', True) before networks are built, or "
                f"leave float64 out."
            )
        else:
            continue
        if dtype == "float16":  # in which Adam's epsilon is 0, besides
            raise ValueError(advice)
        warnings.warn(advice, stacklevel=5)
        return


def check_compiled(model, method: str) -> None:
    """Refuses to train or to evaluate a model without optimizers."""
    if not model.compiled:
        kind = type(model).__name__
        raise ValueError(
            f"This {kind} is not compiled: call gan.compile() before gan.{method}(...). Without "
            f"arguments it takes the optimizers of {kind}."
        )


def refuse_weights(arguments: dict) -> None:
    """Refuses weights of samples or classes, for which no loss of a game has a place.

    Args:
        arguments: Those of `fit` or its like by name.

    Raises:
        ValueError: If there are any.
    """
    for name in ("sample_weight", "class_weight"):
        if arguments.get(name) is not None:
            raise ValueError(f"Games do not use {name}: leave it out.")
