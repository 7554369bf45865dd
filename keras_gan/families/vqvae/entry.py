"""Runs of a VQ-VAE."""

import pathlib
from typing import ClassVar

from keras_gan.families import likelihood
from keras_gan.families.memory import within_memory
from keras_gan.families.reconstructing import Reconstructing
from keras_gan.families.setting import Setting
from keras_gan.families.vqvae import score_texts

SMALL = 16  # pixels: smaller images are halved once
IMAGES = {
    "network": "vqvae",
    "width": 64,
    "epochs": 12,
    "steps_per_epoch": 468,
    "batch_size": 128,
    "steps_per_execution": 36,
}
SMALL_IMAGES = {**IMAGES, "width": 32, "steps_per_epoch": 100, "steps_per_execution": 20}
SETTINGS = {
    **likelihood.SETTINGS,
    "codes": Setting(
        int, None, "number of codes, of each level", least=2, chosen="128", decides="networks"
    ),
    "code_dim": Setting(
        int, None, "components of a code's vector", least=1, chosen="16", decides="networks"
    ),
    "halvings": Setting(
        int,
        None,
        "how often the size of an image is halved, to that of its grid of codes",
        least=1,
        chosen="2, of images below 16 pixels 1",
        decides="networks",
    ),
    "commitment_weight": Setting(
        float, None, "weight of the commitment term", least=0, chosen="0.25", decides="game"
    ),
    "ema": Setting(
        float,
        None,
        "decay of the codebook's moving averages; 0 for a codebook that the optimizer trains",
        least=0,
        below=1,
        chosen="0.99",
        decides="game",
    ),
    "restart_dead_codes": Setting(
        float,
        None,
        "codes with fewer than this share of an equal share of uses move to outputs of the "
        "encoder; 0 moves none",
        least=0,
        below=1,
        chosen="0.03",
        decides="game",
    ),
}
CHOSEN = {
    "average": 0.0,
    "codes": 128,
    "code_dim": 16,
    "commitment_weight": 0.25,
    "ema": 0.99,
    "restart_dead_codes": 0.03,
}


class Vqvae(Reconstructing):
    """An entry of a `kg.VQVAE`, on the convolutional networks of its paper."""

    settings: ClassVar = SETTINGS
    without = (*Reconstructing.without, "latent_dim")
    networks: ClassVar = {"vqvae": "strided convolutions and residual blocks, for codes of images"}

    def defaults(self, settings, sample_shape):
        """The benchmark's, or fewer and smaller of everything for small images."""
        check_images(settings, sample_shape)
        is_small = min(sample_shape[:2]) < SMALL
        own = {"learning_rate": self.learning_rate, "halvings": 1 if is_small else 2}
        return {**CHOSEN, **own, **(SMALL_IMAGES if is_small else IMAGES)}

    def shown_defaults(self):
        """Those for images, beside those that the settings name."""
        return f"learning rate {self.learning_rate}, batch size {IMAGES['batch_size']}"

    def networks_for(self, settings, sample_shape) -> tuple:
        """Builds encoder and decoder."""
        from keras_gan import networks

        sizes = {
            "image_shape": sample_shape,
            "code_dim": settings.code_dim,
            "width": settings.width,
            "halvings": settings.halvings,
        }
        return networks.vqvae_encoder(**sizes), networks.vqvae_decoder(**sizes)

    def build(self, settings, data):
        """Builds and compiles the model."""
        with within_memory():
            parts = self.networks_for(settings, data.shape)
        model = self.model(
            *parts,
            codes=settings.codes,
            commitment_weight=settings.commitment_weight,
            ema=settings.ema or None,
            restart_dead_codes=settings.restart_dead_codes or None,
            average=settings.average or None,
            seed=settings.seed,
        )
        return self.compiled(model, settings)

    def scores(self, model, settings, data, untrained):
        """The error of reconstructions, the codes in use, and bits per image."""
        from keras_gan.families.vqvae import compression

        return compression.of_vqvae(model, settings)

    def table(self, scores):
        """The scores as text."""
        return score_texts.table(scores)

    def instead_of_samples(self, path):
        """Says what makes samples of its codes."""
        return (
            f"makes codes of images and no images: train a prior of its codes with {_prior(path)}"
        )

    def instead_of_preset(self, run):
        """Says what is published of it."""
        return f"is published together with the prior of its codes: train one with {_prior(run)}"


class Vqvae2(Vqvae):
    """An entry of a `kg.VQVAE2`, whose `halvings` are those of its top."""

    def defaults(self, settings, sample_shape):
        """As of a VQ-VAE, with a top of half the size of the bottom."""
        return {**super().defaults(settings, sample_shape), "halvings": 2}

    def networks_for(self, settings, sample_shape) -> tuple:
        """Builds both encoders and the decoder.

        Raises:
            ValueError: For a top that is not smaller than the bottom.
        """
        from keras_gan import networks

        if settings.halvings < 2:
            raise ValueError(
                f"--recipe {settings.recipe} halves images at least twice, the second time for its "
                f"top; received --halvings {settings.halvings}."
            )
        sizes = {
            "image_shape": sample_shape,
            "code_dim": settings.code_dim,
            "width": settings.width,
        }
        return (
            networks.vqvae_encoder(**sizes, halvings=settings.halvings, name="top_encoder"),
            networks.vqvae2_bottom_encoder(**sizes, halvings=settings.halvings - 1),
            networks.vqvae2_decoder(**sizes, halvings=settings.halvings - 1),
        )


def _prior(path: pathlib.Path) -> str:
    """The command that trains a prior, the end of a sentence.

    Args:
        path: A run's folder, or the model's file.
    """
    run = path.parent if path.name == "model.keras" else path
    return f"keras-gan train --model code_prior --codes-of {run}."


def check_images(settings, sample_shape: tuple[int, ...]) -> None:
    """Refuses data that are not grey or colour images.

    Raises:
        ValueError: See above.
    """
    if len(sample_shape) != 3 or sample_shape[-1] not in (1, 3):
        raise ValueError(
            f"--recipe {settings.recipe} is for grey and colour images, (height, width, channels); "
            f"{settings.dataset} has samples of shape {tuple(sample_shape)}."
        )
