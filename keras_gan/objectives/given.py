"""The answer to whoever passes something else for an objective: how to write one."""

from keras_gan.texts import in_short

REGISTER = "@keras.saving.register_keras_serializable()"


def no_objective(given) -> ValueError:
    """Returns the error for a function, a Keras loss or a class; the caller raises it.

    Args:
        given: What was received in the place of an objective, and can be called.

    Example:

    >>> from keras_gan.objectives import Hinge
    >>> print(no_objective(Hinge))
    Pass an objective, Hinge(…), not its class.
    """
    if isinstance(given, type) and hasattr(given, "generator_loss"):
        return ValueError(f"Pass an objective, {given.__name__}(…), not its class.")
    name = getattr(given, "__name__", type(given).__name__)
    return ValueError(
        f"An objective is an object with three functions of a score, and {in_short(name)} is a "
        f"function or a loss of Keras: write a class Mine(kg.objectives.Objective) with the "
        f"methods real_term(self, scores), fake_term(self, scores) and generator_term(self, "
        f"scores), decorate it with {REGISTER}, so that a saved model can be loaded, and pass "
        f"objective=Mine(). The docstring of kg.objectives.Objective has one in full."
    )
