"""The name of `--recipe` that trains a GAN whose samples show codes."""

from keras_gan.families.infogan.entry import CODES, Infogan
from keras_gan.families.loss_terms import OBJECTIVE, PENALTY
from keras_gan.families.registry import register

register(
    Infogan(
        "infogan",
        "keras_gan.games:InfoGAN",
        "codes that samples show and a network reads, see --categories (Chen et al. 2016)",
        rate=2e-4,
        normalization="batch",
        settings=CODES | OBJECTIVE | PENALTY,
        options={"objective": "non_saturating"},
        images={"latent_dim": 74},  # with the paper's codes 62 numbers of noise
        points={"latent_dim": 16},
    )
)
