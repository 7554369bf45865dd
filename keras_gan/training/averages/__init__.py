"""Averages of weights: which part each step of a training has in them, and other ones afterwards.

`average=` of a model takes a number β, an exponential moving average, or `Power`, several of power
functions, of which any other one can be made once training is over, see `reconstructed`.
"""

from keras_gan.training.averages.profiles import Exponential, Power, exponent, relative_length
from keras_gan.training.averages.reconstruction import (
    Reconstruction,
    recombination,
    reconstruct,
    reconstructed,
)

__all__ = [
    "Exponential",
    "Power",
    "Reconstruction",
    "exponent",
    "recombination",
    "reconstruct",
    "reconstructed",
    "relative_length",
]
