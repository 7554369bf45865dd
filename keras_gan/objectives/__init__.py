"""Objectives: what the players minimise, as functions of scores."""

from keras_gan.arguments import unknown_name
from keras_gan.objectives import divergences
from keras_gan.objectives.classical import Hinge, LeastSquares, Minimax, NonSaturating, Wasserstein
from keras_gan.objectives.classification import cross_entropy, data_to_data_cross_entropy
from keras_gan.objectives.divergences import Divergence
from keras_gan.objectives.feature_matching import FeatureMatching
from keras_gan.objectives.given import no_objective
from keras_gan.objectives.objective import Objective
from keras_gan.objectives.relativistic import Relativistic
from keras_gan.objectives.saddle import Saddle
from keras_gan.objectives.top_k import TopK
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
            `Variational` if the name is a divergence's. For a function or a loss of Keras, how to
            write an objective.

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
    if callable(objective):
        raise no_objective(objective)
    raise unknown_name("objective", objective, OBJECTIVES)


def of_scores(objective: str | Objective, game: str) -> Objective:
    """Returns what `get` does, for a game that hands no features to its objective.

    Args:
        objective: As in `get`.
        game: The name of the game, for the message.

    Raises:
        ValueError: As `get`, and for an objective of features.
    """
    found = get(objective)
    if found.of_features:
        raise ValueError(
            f"{game} hands scores alone to its objective, and {found!r} needs features, too: take "
            f"another objective, or kg.GAN."
        )
    return found


__all__ = [
    "OBJECTIVES",
    "Divergence",
    "FeatureMatching",
    "Hinge",
    "LeastSquares",
    "Minimax",
    "NonSaturating",
    "Objective",
    "Relativistic",
    "Saddle",
    "TopK",
    "Variational",
    "Wasserstein",
    "cross_entropy",
    "data_to_data_cross_entropy",
    "divergences",
    "get",
]
