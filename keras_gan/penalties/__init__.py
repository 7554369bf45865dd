"""Penalties: terms of the discriminator's loss that depend on the shape of its score function."""

from keras_gan.penalties.balanced_consistency import BCR
from keras_gan.penalties.consistency import ConsistencyTerm
from keras_gan.penalties.finite_differences import FiniteDifferenceR1, FiniteDifferenceR2
from keras_gan.penalties.gradient import R1, R2, GradientPenalty
from keras_gan.penalties.judge import scores_at, slope_of
from keras_gan.penalties.latent_consistency import ICR, ZCR
from keras_gan.penalties.lecam import LeCam
from keras_gan.penalties.penalty import Penalty

__all__ = [
    "BCR",
    "ICR",
    "R1",
    "R2",
    "ZCR",
    "ConsistencyTerm",
    "FiniteDifferenceR1",
    "FiniteDifferenceR2",
    "GradientPenalty",
    "LeCam",
    "Penalty",
    "scores_at",
    "slope_of",
]
