"""Runs of a prior over the codes of a VQ-VAE that was trained before."""

import functools
from typing import ClassVar

from keras_gan.families import likelihood
from keras_gan.families.entry import reference_of
from keras_gan.families.likelihood import Likelihood
from keras_gan.families.memory import within_memory
from keras_gan.families.one_data_set import Sampled
from keras_gan.families.sampling.entry import Sampling
from keras_gan.families.setting import Setting
from keras_gan.families.vqvae import score_texts
from keras_gan.families.vqvae.entry import IMAGES, SMALL, SMALL_IMAGES, check_images
from keras_gan.families.vqvae.kind import CodePriorKind

OURS = {"network": "pixelcnn", "width": 48, "depth": 6, "dropout": 0.1, "average": 0.0}
SETTINGS = {
    **likelihood.SETTINGS,
    "codes_of": Setting(
        str,
        None,
        "the run of the VQ-VAE whose codes are learned, or a preset that holds one; data set and "
        "image size are those of that run",
        names_run=True,
        chosen="none",
        decides="data",
    ),
    "depth": likelihood.DEPTH,
    "dropout": Setting(
        float,
        None,
        "rate at which channels of the pixelcnn are dropped before its logits",
        least=0,
        below=1,
        chosen="0.1",
        decides="networks",
    ),
}


class Coded(Sampled):
    """The data of a run, and the VQ-VAE of their codes."""

    @functools.cached_property
    def vqvae(self):
        """The VQ-VAE.

        Raises:
            ValueError: If there is none, or it is of samples of another shape.
        """
        from keras_gan.backend.shapes import shapes_agree
        from keras_gan.families.vqvae.frozen import vqvae_in

        source = self.settings.codes_of
        found = vqvae_in(source)
        if not shapes_agree(tuple(found.sample_shape), self.shape):
            raise ValueError(
                f"The VQ-VAE of {source} takes samples of shape {tuple(found.sample_shape)}; those "
                f"of {self.settings.dataset} have the shape {self.shape}: train on its data."
            )
        return found


class Prior(Likelihood, Sampling):
    """An entry of a `kg.CodePrior` with a `kg.networks.pixelcnn` a level."""

    settings: ClassVar = SETTINGS
    without = ("latent_dim",)
    inherits = ("dataset", "image_size")
    networks: ClassVar = {"pixelcnn": "gated masked convolutions, for grids of codes"}
    preset = CodePriorKind

    def check(self, settings):
        """Refuses a run without a VQ-VAE.

        Raises:
            ValueError: See above.
        """
        if settings.codes_of is None:
            raise ValueError(
                f"--recipe {settings.recipe} learns the codes of a VQ-VAE that was trained before: "
                f"name its run, for example keras-gan train --model vqvae --dataset mnist and then "
                f"--model {settings.recipe} --codes-of runs/vqvae_mnist."
            )

    def defaults(self, settings, sample_shape):
        """Those of a run of VQ-VAE, with a network of its own."""
        check_images(settings, sample_shape)
        budget = SMALL_IMAGES if min(sample_shape[:2]) < SMALL else IMAGES
        return {**budget, **OURS, "learning_rate": self.learning_rate}

    def shown_defaults(self):
        """Those that other settings do not name."""
        return f"learning rate {self.learning_rate}, width {OURS['width']}"

    def open(self, settings):
        """The training split, and the VQ-VAE."""
        return Coded(settings)

    def build(self, settings, data):
        """Builds and compiles the model."""
        data.reference  # noqa: B018  read it before any network is built
        vqvae = data.vqvae
        with within_memory():
            parts = _pixelcnns(vqvae, settings, data.classes)
        model = self.model(vqvae, *parts, average=settings.average or None, seed=settings.seed)
        return self.compiled(model, settings)

    def scores(self, model, settings, data, untrained):
        """Those of samples, and what the codes are worth."""
        from keras_gan.families.vqvae import compression

        found = super().scores(model, settings, data, untrained)
        return {**found, "compression": compression.of_prior(model, settings)}

    def table(self, scores):
        """The scores as text."""
        return "\n".join([super().table(scores), score_texts.table(scores["compression"])])

    def objective(self, model):
        """What is minimised, of which codes, and the papers."""
        vqvae = model.vqvae
        return (
            f"{type(model).__name__}: −log p of the codes of a {type(vqvae).__name__}. "
            f"{reference_of(type(model))} {reference_of(type(vqvae))}"
        )


def _pixelcnns(vqvae, settings, classes: int | None) -> list:
    """The network of each level, which sees the codes of the level above."""
    from keras_gan import networks

    shapes, counts = vqvae.code_shapes, [quantizer.codes for quantizer in vqvae.quantizers]
    made = []
    for i, (shape, count) in enumerate(zip(shapes, counts, strict=True)):
        above = {"condition_shape": shapes[0], "condition_codes": counts[0]} if i else {}
        made.append(
            networks.pixelcnn(
                shape,
                count,
                width=settings.width,
                depth=settings.depth,
                dropout=settings.dropout,
                classes=classes,
                name="bottom_prior" if i else "prior",
                **above,
            )
        )
    return made
