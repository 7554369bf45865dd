"""Runs of models that make samples: one data set, pictures of samples, scores."""

import shlex
from typing import ClassVar

from keras_gan.families.one_data_set import OneDataSet
from keras_gan.families.sampling.defaults import BY_DATASET, BY_RANK, IMAGES, POINTS
from keras_gan.families.sampling.kind import GeneratorKind
from keras_gan.families.setting import in_flag

IMAGES_SHOWN, POINTS_SHOWN = 64, 1000  # samples in a picture
SHAPED = {2: "conv1d", 4: "conv3d"}  # the networks of series and of volumes
TOLERANCE = 1e-3  # as much data in [-1, 1] may leave it


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
        "conv1d": "convolutional, for series in a .npy or .npz file, (n, time, channels)",
        "conv3d": "convolutional, for volumes, (n, depth, height, width, channels)",
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
        rank = len(sample_shape)
        own = {1: self.points, 3: self.images}.get(rank, {})
        if rank in SHAPED and not ({*SHAPED.values()} & {*self.networks}):
            raise ValueError(
                f"--recipe {self.name} is for images and points; {settings.dataset} has samples of "
                f"shape {tuple(sample_shape)}: take --recipe sngan."
            )
        return {
            "network": SHAPED.get(rank, "mlp" if rank == 1 else "dcgan"),
            **BY_DATASET.get(settings.dataset, BY_RANK.get(rank, IMAGES)),
            **own,
        }

    def shown_defaults(self):
        """The defaults for images that differ from the data set's."""
        own = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in self.images.items())
        return own and f"for images {own}"

    def build(self, settings, data):
        """As `game`."""
        if len(data.shape) in SHAPED and settings.output_activation == "tanh":
            check_signed(data.reference, settings.dataset)
        data.reference  # noqa: B018  read it before any network is built
        return self.game(settings, data.shape, data.classes)

    def pictures(self, settings, data, folder, log_dir):
        """Samples of fixed latent vectors; points are drawn over those of the data."""
        from keras_gan.callbacks import Samples
        from keras_gan.families.condition_tables import shown_of

        first, shown = data.reference.first, {"count": IMAGES_SHOWN, "real": None}
        shown |= {} if data.conditions is None else {"labels": shown_of(data.conditions)}
        if first.ndim == 2:
            shown |= {"count": POINTS_SHOWN, "real": first[:POINTS_SHOWN]}
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
        from keras_gan.families.condition_tables import asked_of

        asked = data.conditions
        if asked is not None:
            asked = asked_of(asked, data.reference.n, settings.seed + 1)
        return [
            Evaluation(
                data.reference,
                every=settings.evaluate_epochs,
                features=settings.features,
                seed=settings.seed,
                folder=folder,
                labels=asked,
            )
        ]

    def before_training(self, model, settings, data):
        """Samples of the untrained model."""
        return self.drawn(model, settings, data)

    def drawn(self, model, settings, data):
        """As many samples as the scores compare, with conditions as the data have them."""
        from keras_gan.families.condition_tables import asked_of

        n, asked = data.reference.n, {}
        if data.conditions is not None:
            asked = {"labels": asked_of(data.conditions, n, settings.seed + 1)}
        return model.generate(n, seed=settings.seed + 1, **asked)

    def scores(self, model, settings, data, untrained):
        """Fréchet distances, and the classes or modes among the samples."""
        from keras_gan.backend.finite import refuse_broken_samples
        from keras_gan.families.sampling import run_scores

        reference = data.reference
        samples = self.drawn(model, settings, data)
        refuse_broken_samples(samples, "there are no scores", model)
        coverage = run_scores.coverage_scores(
            settings.dataset, reference, samples, settings.seed, model.classes
        )
        if coverage is not None and coverage["total"] == len(data.class_names or ()):
            coverage["names"] = data.class_names
        return {
            "frechet": run_scores.frechet_scores(reference, samples, untrained, settings.features),
            "coverage": coverage,
            "protocol": run_scores.protocol(settings, reference),
        }

    def table(self, scores):
        """The scores as text."""
        from keras_gan.families.sampling import run_scores

        return run_scores.table(scores)

    def title(self, settings):
        """With a c in front for a conditional model."""
        return f"{'c' if settings.labels else ''}{self.name}"


def check_signed(reference, name: str) -> None:
    """Refuses series and volumes that no network ending in tanh makes.

    Args:
        reference: Real samples.
        name: The data set's name.

    Raises:
        ValueError: For values beyond [-1, 1].
    """
    halves = reference.first, reference.second
    low, high = min(half.min() for half in halves), max(half.max() for half in halves)
    if low < -1 - TOLERANCE or high > 1 + TOLERANCE:
        raise ValueError(
            f"{name} has values from {low:.3g} to {high:.3g}, and generators that end in tanh make "
            f"values in [-1, 1]: scale the data, or pass --output-activation linear."
        )
