"""Augmentation inside the game: differentiable transforms of what a discriminator sees."""

from keras_gan.augment.adaptive import Adaptive
from keras_gan.augment.augmentation import Augmentation
from keras_gan.augment.choosing import get
from keras_gan.augment.color import Brightness, Contrast, Hue, LumaFlip, Saturation
from keras_gan.augment.diffaugment import DiffAugment
from keras_gan.augment.geometry import (
    Flip,
    FractionalTranslation,
    IntegerTranslation,
    QuarterTurn,
    Rotation,
    Scaling,
    Stretching,
)
from keras_gan.augment.layer_transform import LayerTransform
from keras_gan.augment.noise import Noise
from keras_gan.augment.transform import Transform

__all__ = [
    "Adaptive",
    "Augmentation",
    "Brightness",
    "Contrast",
    "DiffAugment",
    "Flip",
    "FractionalTranslation",
    "Hue",
    "IntegerTranslation",
    "LayerTransform",
    "LumaFlip",
    "Noise",
    "QuarterTurn",
    "Rotation",
    "Saturation",
    "Scaling",
    "Stretching",
    "Transform",
    "get",
]
