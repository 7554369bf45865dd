"""The f-divergences of the f-GAN, each with its conjugate and its output activation."""

from keras_gan.arguments import unknown_name
from keras_gan.objectives.divergences.alpha import Alpha
from keras_gan.objectives.divergences.divergence import Divergence
from keras_gan.objectives.divergences.jeffrey import Jeffrey
from keras_gan.objectives.divergences.mixtures import (
    GANDivergence,
    JensenShannon,
    WeightedJensenShannon,
)
from keras_gan.objectives.divergences.power import KL, Neyman, Pearson, ReverseKL, SquaredHellinger
from keras_gan.objectives.divergences.total_variation import TotalVariation
from keras_gan.texts import in_short

DIVERGENCES = {
    divergence.name: divergence
    for divergence in (
        TotalVariation,
        KL,
        ReverseKL,
        Pearson,
        Neyman,
        SquaredHellinger,
        Jeffrey,
        JensenShannon,
        WeightedJensenShannon,
        GANDivergence,
        Alpha,
    )
}


def get(divergence: str | Divergence) -> Divergence:
    """Returns the divergence of a name, or the divergence that it is given.

    Args:
        divergence: A key of `DIVERGENCES`, or a `Divergence` such as `Alpha(2.0)` or
            `WeightedJensenShannon(0.3)`. The names stand for their defaults.

    Raises:
        ValueError: For an unknown name; the message suggests the nearest known one.

    Example:

    >>> get("pearson"), get(Alpha(2.0))
    (Pearson(), Alpha(alpha=2.0))
    """
    if isinstance(divergence, Divergence):
        return divergence
    if isinstance(divergence, str) and divergence in DIVERGENCES:
        return DIVERGENCES[divergence]()
    if isinstance(divergence, type) and issubclass(divergence, Divergence):
        raise ValueError(f"Pass a divergence, {divergence.__name__}(), not its class.")
    if callable(divergence):
        raise ValueError(
            f"A divergence is an object with f, f', f* and an activation, and "
            f"{in_short(divergence)} is a function: subclass "
            f"kg.objectives.divergences.Divergence, whose docstring says with which methods, "
            f"decorate the class with @keras.saving.register_keras_serializable(), and pass an "
            f"object of it."
        )
    raise unknown_name("divergence", divergence, DIVERGENCES)


__all__ = [
    "DIVERGENCES",
    "KL",
    "Alpha",
    "Divergence",
    "GANDivergence",
    "Jeffrey",
    "JensenShannon",
    "Neyman",
    "Pearson",
    "ReverseKL",
    "SquaredHellinger",
    "TotalVariation",
    "WeightedJensenShannon",
    "get",
]
