"""Runs of models that make samples: one data set, pictures of samples, scores."""

import shlex
from typing import ClassVar

from keras_gan.families.one_data_set import OneDataSet
from keras_gan.families.sampling.defaults import BY_DATASET, IMAGES, POINTS
from keras_gan.families.sampling.kind import GeneratorKind
from keras_gan.families.setting import in_flag

IMAGES_SHOWN, POINTS_SHOWN = 64, 1000  # samples in a picture


class Sampling(OneDataSet):
    """The part of an entry that draws and scores, for any model with `generate`.

    A subclass defines `game`. Its presets are of the class `kg.Generator`, unless it sets another
    kind.

    Args:
        name: As in `Entry`.
        model: As in `Entry`.
        summary: As in `Entry`.
        images: Default settings for images, which override those of the data set.
        points: Default settings for points, likewise.
    """

    networks: ClassVar = {
        "dcgan": "convolutional, for images from 8 pixels up",
        "resnet": "residual, for images from 8 pixels up",
        "r3gan": "residual, without normalization, for images of 28, 32, 48, … pixels",
        "stylegan2": "mapping and modulated convolutions, for images of 28, 32, 48, … pixels",
        "fastgan": "light, with skip-layer excitation, for images of 28, 32, 48, … pixels",
        "mlp": "fully connected, for points and small images",
    }
    defaults_by_data: ClassVar = {**BY_DATASET, "other images": IMAGES, "other points": POINTS}
    preset = GeneratorKind

    def __init__(
        self,
        name: str,
        model: type | str,
        summary: str,
        *,
        images: dict | None = None,
        points: dict | None = None,
    ):
        super().__init__(name, model, summary)
        self.images, self.points = images or {}, points or {}

    def game(self, settings, sample_shape: tuple[int, ...], classes: int | None = None):
        """Builds and compiles the model.

        Args:
            settings: Resolved `Settings`.
            sample_shape: The shape of one sample, `(height, width, channels)` or `(d,)`.
            classes: The number of classes. Defaults to `None`: no labels.

        Raises:
            ValueError: If the networks cannot make samples of this shape.
        """
        raise NotImplementedError

    def defaults(self, settings, sample_shape):
        """The defaults of the data set, overridden by the model's own."""
        is_points = len(sample_shape) == 1
        return {
            "network": "mlp" if is_points else "dcgan",
            **BY_DATASET.get(settings.dataset, POINTS if is_points else IMAGES),
            **(self.points if is_points else self.images),
        }

    def shown_defaults(self):
        """The defaults for images that differ from the data set's."""
        own = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in self.images.items())
        return own and f"for images {own}"

    def build(self, settings, data):
        """As `game`."""
        data.reference  # noqa: B018  read it before any network is built
        return self.game(settings, data.shape, data.classes)

    def pictures(self, settings, data, folder, log_dir):
        """Samples of fixed latent vectors; points are drawn over those of the data."""
        from keras_gan.callbacks import Samples

        first, shown = data.reference.first, {"count": IMAGES_SHOWN, "real": None}
        if first.ndim == 2:
            shown = {"count": POINTS_SHOWN, "real": first[:POINTS_SHOWN]}
        return Samples(folder, seed=settings.seed, log_dir=log_dir, **shown)

    def further(self, settings, run):
        """Also the commands that draw more samples and score them."""
        size, here = settings.image_size, shlex.quote(str(run))
        flags = [] if size is None else [f"--image-size {in_flag(size)}"]
        flags += [] if settings.features == "pixels" else [f"--features {settings.features}"]
        against = " ".join([f"--against {shlex.quote(settings.dataset)}", *flags])
        return [
            *super().further(settings, run),
            f"keras-gan generate {here} --count 64 --out grid.png",
            f"keras-gan evaluate {here} {against}",
        ]

    def evaluations(self, settings, data, folder):
        """Scores of samples, every `evaluate_epochs` epochs."""
        if not settings.evaluate_epochs:
            return []
        from keras_gan.callbacks import Evaluation

        return [
            Evaluation(
                data.reference,
                every=settings.evaluate_epochs,
                features=settings.features,
                seed=settings.seed,
                folder=folder,
            )
        ]

    def before_training(self, model, settings, data):
        """Samples of the untrained model."""
        return model.generate(data.reference.n, seed=settings.seed + 1)

    def scores(self, model, settings, data, untrained):
        """Fréchet distances, and the classes or modes among the samples."""
        from keras_gan.backend.finite import refuse_broken_samples
        from keras_gan.families.sampling import run_scores

        reference = data.reference
        samples = model.generate(reference.n, seed=settings.seed + 1)
        refuse_broken_samples(samples, "there are no scores", model)
        return {
            "frechet": run_scores.frechet_scores(reference, samples, untrained, settings.features),
            "coverage": run_scores.coverage_scores(
                settings.dataset, reference, samples, settings.seed, model.classes
            ),
            "protocol": run_scores.protocol(settings, reference),
        }

    def table(self, scores):
        """The scores as text."""
        from keras_gan.families.sampling import run_scores

        return run_scores.table(scores)

    def title(self, settings):
        """With a c in front for a conditional model."""
        return f"{'c' if settings.labels else ''}{self.name}"
