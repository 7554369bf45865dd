"""The names of `--recipe` that train a generator and a discriminator."""

from keras_gan.families.gan.entry import DIVERGENCE, PENALTY_EVERY, PENALTY_WEIGHT, Gan
from keras_gan.families.registry import register
from keras_gan.games import GAN
from keras_gan.recipes import CTGAN, DCGAN, DRAGAN, FGAN, GANGP, R3GAN, SNGAN, WGAN, WGANGP

DEFAULT = "sngan"

for _entry in (
    Gan(
        "sngan",
        SNGAN,
        "spectrally normalized discriminator (Miyato et al. 2018)",
        normalization="spectral",
        # twice the class's rate: the averaged generator tolerates it in short runs
        differing={"generator_learning_rate": 4e-4, "discriminator_learning_rate": 4e-4},
    ),
    Gan(
        "gan",
        GAN,
        "the original game with the minimax loss (Goodfellow et al. 2014)",
        options={"objective": "minimax"},
    ),
    Gan(
        "dcgan",
        DCGAN,
        "batch-normalized networks, no constraint (Radford et al. 2015)",
        normalization="batch",
    ),
    Gan("wgan", WGAN, "Wasserstein distance, critic's weights clipped (Arjovsky et al. 2017)"),
    Gan(
        "wgangp",
        WGANGP,
        "Wasserstein distance, gradient penalty (Gulrajani et al. 2017)",
        normalization="layer",
        settings=PENALTY_WEIGHT,
    ),
    Gan(
        "ctgan",
        CTGAN,
        "WGAN-GP and a consistency term on dropout passes (Wei et al. 2018)",
        normalization="layer",
        settings=PENALTY_WEIGHT,
        discriminator={"dropout": 0.5, "features": True},
    ),
    Gan(
        "dragan",
        DRAGAN,
        "gradient penalty around the data (Kodali et al. 2017)",
        normalization="layer",
        settings=PENALTY_WEIGHT,
    ),
    Gan(
        "gangp",
        GANGP,
        "standard GAN with WGAN-GP's penalty (Fedus et al. 2017)",
        normalization="layer",
        settings=PENALTY_WEIGHT,
    ),
    Gan(
        "fgan",
        FGAN,
        "any f-divergence, see --divergence (Nowozin et al. 2016)",
        settings=DIVERGENCE,
    ),
    Gan(
        "r3gan",
        R3GAN,
        "relativistic pairs, penalties on data and samples (Huang et al. 2025)",
        settings=PENALTY_WEIGHT | PENALTY_EVERY,
    ),
):
    register(_entry)
