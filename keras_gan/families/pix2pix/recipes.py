"""The name of `--recipe` that learns a translation from pairs."""

from keras_gan.families.pix2pix.entry import Paired
from keras_gan.families.registry import register

register(
    Paired(
        "pix2pix",
        "keras_gan.games:Pix2Pix",
        "translation learnt from pairs, folders of equal names, see --target (Isola et al. 2016)",
        rate=2e-4,
        normalization="instance",
    )
)
