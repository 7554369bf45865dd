"""The name of `--recipe` that trains a translation between two sets of images."""

from keras_gan.families.cyclegan.entry import Translation
from keras_gan.families.registry import register

register(
    Translation(
        "cyclegan",
        "keras_gan.games:CycleGAN",
        "translation between two sets of images, see --target (Zhu et al. 2017)",
        rate=2e-4,
        average=0.999,  # the class has none; averaged generators flicker less
        normalization="instance",
    )
)
