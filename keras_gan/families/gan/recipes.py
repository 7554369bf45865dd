"""The names of `--recipe` that train a generator and a discriminator."""

from keras_gan.families.gan.entry import DIVERGENCE, PENALTY_EVERY, PENALTY_WEIGHT, Gan
from keras_gan.families.gan.fastgan import RECONSTRUCTION, Reconstructing
from keras_gan.families.gan.projected import Projected
from keras_gan.families.loss_terms import OBJECTIVE, PENALTY
from keras_gan.families.registry import register

DEFAULT = "sngan"

for _entry in (
    Gan(
        "sngan",
        "keras_gan.recipes:SNGAN",
        "spectrally normalized discriminator (Miyato et al. 2018)",
        rate=4e-4,  # twice the class's: the averaged generator tolerates it in short runs
        average=0.999,
        normalization="spectral",
        settings=PENALTY,
    ),
    Gan(
        "gan",
        "keras_gan.games:GAN",
        "the original game with the minimax loss (Goodfellow et al. 2014)",
        rate=2e-4,
        options={"objective": "minimax"},
        settings=OBJECTIVE | PENALTY,
    ),
    Gan(
        "dcgan",
        "keras_gan.recipes:DCGAN",
        "batch-normalized networks, no constraint (Radford et al. 2015)",
        rate=2e-4,
        normalization="batch",
        settings=PENALTY,
    ),
    Gan(
        "wgan",
        "keras_gan.recipes:WGAN",
        "Wasserstein distance, critic's weights clipped (Arjovsky et al. 2017)",
        rate=5e-5,
        steps=5,
        settings=PENALTY,
    ),
    Gan(
        "wgangp",
        "keras_gan.recipes:WGANGP",
        "Wasserstein distance, gradient penalty (Gulrajani et al. 2017)",
        rate=1e-4,
        steps=5,
        normalization="layer",
        settings=PENALTY_WEIGHT,
    ),
    Gan(
        "ctgan",
        "keras_gan.recipes:CTGAN",
        "WGAN-GP and a consistency term on dropout passes (Wei et al. 2018)",
        rate=1e-4,
        steps=5,
        normalization="layer",
        settings=PENALTY_WEIGHT,
        discriminator={"dropout": 0.5, "features": True},
    ),
    Gan(
        "dragan",
        "keras_gan.recipes:DRAGAN",
        "gradient penalty around the data (Kodali et al. 2017)",
        rate=1e-4,
        normalization="layer",
        settings=PENALTY_WEIGHT,
    ),
    Gan(
        "gangp",
        "keras_gan.recipes:GANGP",
        "standard GAN with WGAN-GP's penalty (Fedus et al. 2017)",
        rate=1e-4,
        normalization="layer",
        settings=PENALTY_WEIGHT,
    ),
    Gan(
        "fgan",
        "keras_gan.recipes:FGAN",
        "any f-divergence, see --divergence (Nowozin et al. 2016)",
        rate=2e-4,
        settings=DIVERGENCE | PENALTY,
    ),
    Gan(
        "r3gan",
        "keras_gan.recipes:R3GAN",
        "relativistic pairs, penalties on data and samples (Huang et al. 2025)",
        rate=2e-4,
        average=0.999,
        settings=PENALTY_WEIGHT | PENALTY_EVERY,
    ),
    Gan(
        "acgan",
        "keras_gan.recipes:ACGAN",
        "the discriminator also classifies, needs --labels (Odena et al. 2016)",
        rate=2e-4,
        discriminator={"conditioning": "classifier"},
        labelled=True,
        settings=PENALTY,
    ),
    Gan(
        "reacgan",
        "keras_gan.recipes:ReACGAN",
        "classifies by unit embeddings, needs --labels (Kang et al. 2021)",
        rate=2e-4,
        average=0.999,
        normalization="spectral",
        discriminator={"conditioning": "proxies"},
        labelled=True,
        settings=PENALTY,
    ),
    Gan(
        "stylegan2",
        "keras_gan.recipes:StyleGAN2",
        "lazy R1, mixed styles, penalised path lengths (Karras et al. 2020)",
        rate=2.5e-3,
        average=0.999,
        settings=PENALTY_WEIGHT | PENALTY_EVERY,
        images={"network": "stylegan2"},
    ),
    Reconstructing(
        "fastgan",
        "keras_gan.recipes:FastGAN",
        "the discriminator also reconstructs real images (Liu et al. 2021)",
        rate=2e-4,
        average=0.999,
        settings=RECONSTRUCTION,
        discriminator={"grids": True},
        augment="color,translation",
        images={"network": "fastgan"},
    ),
    Projected(
        "projectedgan",
        "keras_gan.recipes:ProjectedGAN",
        "hinge loss on frozen features of photographs (Sauer et al. 2021)",
        rate=2e-4,
        average=0.9956,
        normalization="spectral",
        augment="color,translation,cutout",
        settings=PENALTY,
    ),
):
    register(_entry)
