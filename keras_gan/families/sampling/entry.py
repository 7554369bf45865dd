"""Runs of models that make samples: one data set, pictures of samples, scores beside real ones."""

import functools
from typing import ClassVar

from keras_gan.backend.finite import refuse_broken_samples
from keras_gan.callbacks import Evaluation, Samples
from keras_gan.data import batches
from keras_gan.families.datasets import open_dataset, open_reference
from keras_gan.families.entry import Entry
from keras_gan.families.sampling import run_scores
from keras_gan.families.sampling.defaults import BY_DATASET, IMAGES, POINTS
from keras_gan.families.sampling.generator import Generator

IMAGES_SHOWN, POINTS_SHOWN = 64, 1000  # samples of a picture


class Sampled:
    """The data of a run: samples to train on, and those that scores compare with.

    Args:
        settings: As in `Entry.open`.

    Raises:
        ValueError: For data that cannot be read.
    """

    def __init__(self, settings):
        self.settings = settings
        self.dataset = open_dataset(settings, settings.labels)
        spec = self.dataset.element_spec
        self.shape = tuple((spec[0] if settings.labels else spec).shape)

    @functools.cached_property
    def reference(self):
        """Real samples, as many as scores take."""
        return open_reference(self.settings)

    @property
    def classes(self) -> int | None:
        """How many classes the networks are to know; `None` without labels.

        Raises:
            ValueError: For labels of one class.
        """
        if not self.settings.labels:
            return None
        if self.reference.classes < 2:
            raise ValueError(
                f"--labels needs data of at least two classes; {self.settings.dataset} has "
                f"{self.reference.classes}."
            )
        return self.reference.classes


class Sampling(Entry):
    """The part of an entry that opens, draws and scores: for any model with `generate`.

    A subclass defines `game`; what is published is the `kg.Generator` of the model, unless it says
    otherwise.

    Args:
        name: As in `Entry`.
        model: As in `Entry`.
        summary: As in `Entry`.
        images: Default settings for images, over those of the data set.
        points: The same for points.
    """

    networks: ClassVar = {
        "dcgan": "convolutional, for square images from 8x8 up",
        "resnet": "residual, for images of 16, 32, 64, … pixels",
        "mlp": "fully connected, for points and small images",
    }
    defaults_by_data: ClassVar = {**BY_DATASET, "other images": IMAGES, "other points": POINTS}
    preset = Generator

    def __init__(
        self,
        name: str,
        model: type,
        summary: str,
        *,
        images: dict | None = None,
        points: dict | None = None,
    ):
        super().__init__(name, model, summary)
        self.images, self.points = images or {}, points or {}

    def game(self, settings, sample_shape: tuple[int, ...], classes: int | None = None):
        """The compiled model that settings describe.

        Args:
            settings: `Settings` without a `None` that matters here.
            sample_shape: The shape of one sample, `(height, width, channels)` or `(d,)`.
            classes: How many class labels the networks take; `None` where they take none.

        Raises:
            ValueError: For networks that cannot make such samples.
        """
        raise NotImplementedError

    def defaults(self, settings, sample_shape):
        """Those of the data set, and over them the model's own."""
        is_points = len(sample_shape) == 1
        return {
            "network": "mlp" if is_points else "dcgan",
            **BY_DATASET.get(settings.dataset, POINTS if is_points else IMAGES),
            **(self.points if is_points else self.images),
        }

    def shown_defaults(self):
        """Those of images, where they are not the data set's."""
        own = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in self.images.items())
        return own and f"for images {own}"

    def open(self, settings):
        """The training split of the data set."""
        return Sampled(settings)

    def build(self, settings, data):
        """As `game`."""
        data.reference  # noqa: B018  which is read before any network is made
        return self.game(settings, data.shape, data.classes)

    def batches(self, settings, data):
        """The data, with as many minibatches in a batch as the model takes in a step."""
        parts = getattr(settings, "discriminator_steps", None) or 1
        return batches(data.dataset, settings.batch_size, parts, settings.seed).repeat()

    def pictures(self, settings, data, folder, log_dir):
        """Samples of the same latent vectors; points beside those of the data."""
        first, shown = data.reference.first, {"count": IMAGES_SHOWN, "real": None}
        if first.ndim == 2:
            shown = {"count": POINTS_SHOWN, "real": first[:POINTS_SHOWN]}
        return Samples(folder, seed=settings.seed, log_dir=log_dir, **shown)

    def evaluations(self, settings, data, folder):
        """Scores of samples every so many epochs."""
        if not settings.evaluate_epochs:
            return []
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
        """Fréchet distances, and the classes or modes that appear."""
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
        return run_scores.table(scores)

    def title(self, settings):
        """With labels after a c, as conditional."""
        return f"{'c' if settings.labels else ''}{self.name}"
