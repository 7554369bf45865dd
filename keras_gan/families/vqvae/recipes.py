"""The names of `--recipe` that train VQ-VAEs and the priors of their codes."""

from keras_gan.families.registry import register
from keras_gan.families.vqvae.entry import Vqvae, Vqvae2
from keras_gan.families.vqvae.prior_entry import Prior

register(
    Vqvae(
        "vqvae",
        "keras_gan.autoencoders:VQVAE",
        "autoencoder whose codes are whole numbers (van den Oord et al. 2017)",
    )
)
register(
    Vqvae2(
        "vqvae2",
        "keras_gan.autoencoders:VQVAE2",
        "VQ-VAE of two levels of codes (Razavi et al. 2019)",
    )
)
register(
    Prior(
        "code_prior",
        "keras_gan.autoencoders:CodePrior",
        "distribution of the codes of a trained VQ-VAE, see --codes-of (van den Oord et al. 2016)",
    )
)
