"""The name of `--recipe` that trains a bidirectional GAN."""

from keras_gan.families.bigan.entry import Bigan
from keras_gan.families.loss_terms import OBJECTIVE, PENALTY
from keras_gan.families.registry import register

register(
    Bigan(
        "bigan",
        "keras_gan.games:BiGAN",
        "an encoder beside the generator, a discriminator of pairs (Donahue et al. 2016)",
        options={"prior": "uniform"},
        settings=OBJECTIVE | PENALTY,
        rate=2e-4,
        average=0.999,  # the class has none; averaged networks serve better
        images={"network": "mlp", "width": 512, "latent_dim": 50, "batch_size": 128},
        points={"latent_dim": 2},  # G and E are inverse to each other where the dimensions agree
    )
)
