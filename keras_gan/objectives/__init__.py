"""Objectives: what the players minimise, as functions of scores."""

from keras_gan.arguments import unknown_name
from keras_gan.objectives import divergences
from keras_gan.objectives.classical import Hinge, LeastSquares, Minimax, NonSaturating, Wasserstein
from keras_gan.objectives.divergences import Divergence
from keras_gan.objectives.objective import Objective
from keras_gan.objectives.relativistic import Relativistic
from keras_gan.objectives.saddle import Saddle
from keras_gan.objectives.variational import Variational

OBJECTIVES = {
    "minimax": Minimax,
    "non_saturating": NonSaturating,
    "wasserstein": Wasserstein,
    "hinge": Hinge,
    "least_squares": LeastSquares,
    "relativistic": Relativistic,
    "saddle": Saddle,
}


def get(objective: str | Objective) -> Objective:
    """Returns the objective of a name, or the objective that it is given.

    Args:
        objective: A key of `OBJECTIVES`, or an `Objective`.

    Raises:
        ValueError: For an unknown name; the message suggests the nearest known one, or
            `Variational` if the name is a divergence's.

    Example:

    >>> get("hinge")
    Hinge()
    """
    if isinstance(objective, Objective):
        return objective
    if isinstance(objective, str) and objective in OBJECTIVES:
        return OBJECTIVES[objective]()
    if isinstance(objective, Divergence) or str(objective) in divergences.DIVERGENCES:
        raise ValueError(
            f"{objective!r} is a divergence, not an objective: pass "
            f"kg.objectives.Variational({objective!r}) or use kg.FGAN."
        )
    raise unknown_name("objective", objective, OBJECTIVES)


__all__ = [
    "OBJECTIVES",
    "Divergence",
    "Hinge",
    "LeastSquares",
    "Minimax",
    "NonSaturating",
    "Objective",
    "Relativistic",
    "Saddle",
    "Variational",
    "Wasserstein",
    "divergences",
    "get",
]
