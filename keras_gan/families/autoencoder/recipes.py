"""The name of `--recipe` that trains autoencoders."""

from keras_gan.families.autoencoder.entry import Plain
from keras_gan.families.registry import register

register(
    Plain(
        "autoencoder",
        "keras_gan.autoencoders:Autoencoder",
        "plain or, with --corruption, denoising autoencoder (Vincent et al. 2010)",
    )
)
