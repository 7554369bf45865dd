"""Bijections: invertible maps from data to latent vectors, with exact log-determinants."""

from keras_gan.bijections.affine import ActNorm, Affine, ElementwiseAffine, InvertibleConvolution
from keras_gan.bijections.affine_coupling import AdditiveCoupling, AffineCoupling
from keras_gan.bijections.batch_normalization import BatchNormalization
from keras_gan.bijections.bijection import Bijection
from keras_gan.bijections.chain import Chain
from keras_gan.bijections.check import check
from keras_gan.bijections.conditioner import Conditioner
from keras_gan.bijections.coupling import Coupling
from keras_gan.bijections.dequantize import Dequantize
from keras_gan.bijections.inverse import Inverse
from keras_gan.bijections.monotone import Logit, MixtureCDF, Probit
from keras_gan.bijections.ode import ODE
from keras_gan.bijections.reshaping import Flatten, Permutation, Squeeze
from keras_gan.bijections.spline import RationalQuadraticCoupling
from keras_gan.bijections.split import Split
from keras_gan.bijections.vector_field import VectorField

__all__ = [
    "ODE",
    "ActNorm",
    "AdditiveCoupling",
    "Affine",
    "AffineCoupling",
    "BatchNormalization",
    "Bijection",
    "Chain",
    "Conditioner",
    "Coupling",
    "Dequantize",
    "ElementwiseAffine",
    "Flatten",
    "Inverse",
    "InvertibleConvolution",
    "Logit",
    "MixtureCDF",
    "Permutation",
    "Probit",
    "RationalQuadraticCoupling",
    "Split",
    "Squeeze",
    "VectorField",
    "check",
]
