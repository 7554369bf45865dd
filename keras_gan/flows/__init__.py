"""Normalizing flows: models of one player with an exact density."""

from keras_gan.flows.ffjord import FFJORD
from keras_gan.flows.flow import Flow
from keras_gan.flows.glow import Glow
from keras_gan.flows.nice import NICE
from keras_gan.flows.real_nvp import RealNVP

__all__ = ["FFJORD", "NICE", "Flow", "Glow", "RealNVP"]
