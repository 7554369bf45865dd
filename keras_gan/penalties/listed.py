"""The penalties of a game: checked, by their logged names, and what they keep."""

import re

import keras

from keras_gan.backend.shapes import single_shape
from keras_gan.parallel.replicas import replica_count
from keras_gan.penalties.penalty import Penalty
from keras_gan.texts import in_short

RESERVED = "_(loss|regularization|gradient_norm|accuracy|estimate|learning_rate)$"


def checked(penalties, discriminator: keras.Model, packing: int = 1) -> list[Penalty]:
    """Returns the penalties as a list, after a check of each and of the discriminator.

    Args:
        penalties: A `Penalty` or a sequence of them.
        discriminator: The built network that they penalise.
        packing: How many samples it takes as one of so many times the channels. Defaults to 1.

    Raises:
        ValueError: For anything but a `Penalty`, or if a penalty refuses the discriminator.
    """
    alone = isinstance(penalties, Penalty) or callable(penalties)
    penalties = [penalties] if alone else list(penalties)
    for penalty in penalties:
        if not isinstance(penalty, Penalty) and callable(penalty):
            raise _no_penalty(penalty)
        if not isinstance(penalty, Penalty):
            raise ValueError(
                f"penalties must be a list of kg.penalties.Penalty, such as "
                f"[kg.penalties.GradientPenalty()]; received {penalty!r} in it."
            )
        if re.search(RESERVED, penalty.name):
            raise ValueError(
                f"A penalty cannot have the name {penalty.name!r}, which the logs use for "
                f"something else: give it another name=, such as "
                f"{type(penalty).__name__.lower()!r}."
            )
        penalty.check(discriminator)
        penalty.check_samples(_sample_shape(discriminator, packing))
        _check_branch(penalty, discriminator)
    return penalties


def _sample_shape(discriminator: keras.Model, packing: int) -> tuple:
    """The shape of one sample, of which a discriminator takes so many as one."""
    shape = tuple(single_shape(discriminator.input_shape)[1:])
    if packing == 1 or not shape or shape[-1] is None:
        return shape
    return (*shape[:-1], shape[-1] // packing)


def _no_penalty(given) -> ValueError:
    """The error for a function or a class in the place of a penalty: how to write one."""
    if isinstance(given, type) and issubclass(given, Penalty):
        return ValueError(f"Pass a penalty, {given.__name__}(…), not its class.")
    name = getattr(given, "__name__", type(given).__name__)
    return ValueError(
        f"A penalty is an object with a weight and a value, and {in_short(name)} is a function: "
        f"write a class Mine(kg.penalties.Penalty) with the method value(self, discriminator, "
        f"points), decorate it with @keras.saving.register_keras_serializable(), so that a saved "
        f"model can be loaded, and pass penalties=[Mine(…)]. The docstring of kg.penalties.Penalty "
        f"has one in full."
    )


def refuse_generator_terms(penalties: list[Penalty], game: str) -> None:
    """Refuses penalties that the generator pays for, in a game whose generator does not.

    Args:
        penalties: The game's.
        game: Its name, for the message.

    Raises:
        ValueError: Names the penalty.
    """
    for penalty in penalties:
        if penalty.on_generator:
            raise ValueError(
                f"{type(penalty).__name__} has a term for a generator that makes samples of z "
                f"alone, which a {game} has not: leave it out."
            )


def _check_branch(penalty: Penalty, discriminator: keras.Model) -> None:
    """Refuses a lazy penalty on a layer that sees the samples of several replicas.

    Raises:
        ValueError: Names the layer.
    """
    if penalty.every == 1 or replica_count() == 1:
        return
    for layer in discriminator._flatten_layers():
        if getattr(layer, "gathers", False):
            raise ValueError(
                f"{penalty!r} is computed every {penalty.every} steps, in a branch, where the "
                f"{type(layer).__name__} layer {layer.name!r} cannot see the samples of other "
                f"replicas: take every=1, or train on one replica."
            )


def states_of(penalties: list[Penalty], name: str = "{}") -> dict[str, keras.Layer]:
    """Makes what the penalties keep from step to step, by their logged names.

    Args:
        penalties: The penalties on one discriminator.
        name: The form of the names. Defaults to `"{}"`, the logged ones.
    """
    made = {logged: penalty.make_state() for logged, penalty in by_name(penalties).items()}
    return {name.format(logged): state for logged, state in made.items() if state is not None}


def by_name(penalties: list[Penalty]) -> dict[str, Penalty]:
    """Returns the penalties by their logged names; repeated names get `_2`, `_3`, …

    Example:

    >>> from keras_gan.penalties import R1
    >>> list(by_name([R1(1.0), R1(10.0, every=16)]))
    ['r1_penalty', 'r1_penalty_2']
    """
    named = {}
    for penalty in penalties:
        name, count = penalty.name, 1
        while name in named:
            count += 1
            name = f"{penalty.name}_{count}"
        named[name] = penalty
    return named
