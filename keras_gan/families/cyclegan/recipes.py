"""The name of `--recipe` that trains a translation between two sets of images."""

from keras_gan.families.cyclegan.entry import Translation
from keras_gan.families.registry import register
from keras_gan.games import CycleGAN

register(
    Translation(
        "cyclegan",
        CycleGAN,
        "translation between two sets of images, see --target (Zhu et al. 2017)",
        normalization="instance",
        differing={"average": 0.999},  # the class has none; averaged generators flicker less
    )
)
