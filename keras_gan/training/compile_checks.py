"""Checks of the arguments of `compile`, and of models that need it."""

import warnings

import keras

from keras_gan.arguments import unknown_name, whole
from keras_gan.backend.precision import has_float64


def fused_steps(replicas: int, steps_per_execution: int, jit_compile) -> tuple:
    """The steps per execution and whether XLA compiles them, as far as Keras supports it.

    Args:
        replicas: The number of replicas.
        steps_per_execution: As in `compile`.
        jit_compile: As in `compile`.

    Raises:
        ValueError: For fewer than one step.

    Warns:
        UserWarning: For several replicas, with which Keras supports neither.
    """
    steps_per_execution = whole("steps_per_execution", steps_per_execution)
    if replicas > 1 and (steps_per_execution > 1 or jit_compile is True):
        warnings.warn(
            f"Keras neither fuses nor compiles steps of {replicas} replicas: instead of using "
            f"steps_per_execution={steps_per_execution} and jit_compile={jit_compile}, this model "
            f"runs single steps without XLA, with the same results.",
            stacklevel=3,
        )
        return 1, False
    return steps_per_execution, jit_compile


def chosen_optimizers(optimizers: dict, players: tuple[str, ...]) -> dict:
    """The optimizers of `compile(<player>_optimizer=…)` by player, `None` for the default.

    Raises:
        ValueError: For an argument without a player.
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
    """The optimizer in an argument of `compile`; `None` for the default.

    Args:
        name: The argument's name, for the message.
        optimizer: What was received.

    Raises:
        ValueError: For anything except an optimizer or the name of one.
    """
    try:
        return optimizer and keras.optimizers.get(optimizer)
    except ValueError as error:
        raise ValueError(
            f"{name} must be a Keras optimizer or the name of one, such as "
            f"keras.optimizers.Adam(2e-4); received {optimizer!r}."
        ) from error


def check_precision(variables_of: dict) -> None:
    """Refuses float16 weights; warns of bfloat16, and of float64 if JAX computes in float32.

    An update of Adam(2e-4) is less than half the distance between a weight of 0.5 and the next
    number in float16 or bfloat16, so it is rounded away.

    Args:
        variables_of: A dict from player to the variables that it moves.

    Raises:
        ValueError: For float16 weights.

    Warns:
        UserWarning: For bfloat16 weights, and for float64 weights if JAX computes in float32.
    """
    weights = [
        (keras.backend.standardize_dtype(v.dtype), player, v.path)
        for player, variables in variables_of.items()
        for v in variables
    ]
    for dtype, player, path in weights:
        if dtype in ("float16", "bfloat16"):
            advice = (
                f"The {player} has weights in {dtype}, such as {path!r}, in which most updates are "
                f"rounded away: build the networks under "
                f"keras.config.set_dtype_policy('mixed_{dtype}'), which computes in {dtype} and "
                f"keeps weights in float32."
            )
        elif dtype == "float64" and not has_float64():
            advice = (
                f"The {player} asks for float64, such as in {path!r}, but JAX computes in float32: "
                f"call jax.config.update('jax_enable_x64', True) before networks are built, or "
                f"leave float64 out."
            )
        else:
            continue
        if dtype == "float16":  # in which Adam's epsilon is also 0
            raise ValueError(advice)
        warnings.warn(advice, stacklevel=5)
        return


def check_compiled(model, method: str) -> None:
    """Refuses to train or evaluate a model that is not compiled."""
    if not model.compiled:
        kind = type(model).__name__
        raise ValueError(
            f"This {kind} is not compiled: call model.compile() before model.{method}(...). "
            f"Without arguments, compile uses the defaults of {kind}."
        )


def refuse_weights(arguments: dict) -> None:
    """Refuses weights of samples or classes, which no loss here uses.

    Args:
        arguments: The arguments of `fit` or `evaluate` by name.

    Raises:
        ValueError: If any are given.
    """
    for name in ("sample_weight", "class_weight"):
        if arguments.get(name) is not None:
            raise ValueError(f"Models of keras_gan do not use {name}: leave it out.")
