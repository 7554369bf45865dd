"""The names of `--recipe` that train variational autoencoders."""

from keras_gan.families.registry import register
from keras_gan.families.vae.entry import BETA, SAMPLES, Vae

register(
    Vae(
        "vae",
        "keras_gan.autoencoders:VAE",
        "variational autoencoder (Kingma and Welling 2013)",
        BETA,
    )
)
register(
    Vae(
        "beta_vae",
        "keras_gan.autoencoders:BetaVAE",
        "its KL term weighted, so that components of z are independent (Higgins et al. 2017)",
        BETA,
    )
)
register(
    Vae(
        "iwae",
        "keras_gan.autoencoders:IWAE",
        "importance-weighted autoencoder, of a tighter bound (Burda et al. 2015)",
        SAMPLES,
    )
)
