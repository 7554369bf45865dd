"""Runs of a normalizing flow."""

from typing import ClassVar

from keras_gan.families import likelihood
from keras_gan.families.flow import score_texts
from keras_gan.families.flow.kind import FlowKind
from keras_gan.families.memory import within_memory
from keras_gan.families.sampling.entry import Sampling
from keras_gan.families.setting import Setting

COUPLINGS = {
    "couplings": Setting(
        int, None, "couplings of a flow of points", least=2, chosen="by recipe", decides="networks"
    )
}
LEVELS = {
    "levels": Setting(
        int,
        None,
        "scales of a flow of images",
        least=1,
        chosen="by recipe and image size",
        decides="networks",
    )
}
STEPS = {
    "steps_per_level": Setting(
        int, None, "steps of flow at each scale", least=1, chosen="8", decides="networks"
    )
}
EQUATIONS = {
    "blocks": Setting(
        int, None, "equations of a flow of points", least=1, chosen="1", decides="networks"
    ),
}
POINTS = {"width": 128, "batch_size": 512, "steps_per_epoch": 500, "steps_per_execution": 50}
IMAGES = {"batch_size": 64, "steps_per_epoch": 900, "steps_per_execution": 10}


class FlowEntry(likelihood.Likelihood, Sampling):
    """An entry of a named flow, such as `kg.RealNVP`.

    Args:
        name: As in `Entry`.
        model: As in `Entry`.
        summary: As in `Entry`.
        settings: Those of its arguments that are settings, beside width and depth.
        of_points: Those of them that only points have, where the class is of images, too.
        of_images: Those of them that only images have, where the class is of points, too.
        **options: As in `Sampling`.
    """

    networks: ClassVar = {}
    without = ("network", "latent_dim")
    preset = FlowKind

    def __init__(
        self,
        name: str,
        model: type | str,
        summary: str,
        settings: dict,
        *,
        of_points: tuple[str, ...] = (),
        of_images: tuple[str, ...] = (),
        **options,
    ):
        points, images = options.get("points", {}), options.get("images", {})
        budgets = {"points": {**POINTS, **points}, "images": {**IMAGES, **images}}
        super().__init__(name, model, summary, **budgets)
        self.of_points, self.of_images = of_points, of_images
        self.own = ("width", "depth", *settings)
        self.settings = {**likelihood.SETTINGS, "depth": likelihood.DEPTH, **settings}

    def defaults(self, settings, sample_shape):
        """The class's own arguments for such samples, and those of the data set."""
        chosen = super().defaults(settings, sample_shape)
        is_points = len(sample_shape) == 1
        unused = self._unused(settings, is_points)
        given = {"width": settings.width or (self.points if is_points else self.images)["width"]}
        given |= {
            name: getattr(settings, name)
            for name in self.own
            if getattr(settings, name) is not None
        }
        arguments = self.model.arguments_of(tuple(sample_shape), **given)
        own = {name: arguments[name] for name in self.own if name not in unused}
        others = dict.fromkeys(("network", "latent_dim", *unused))
        return {**chosen, **own, **others, "learning_rate": self.learning_rate, "average": 0.0}

    def _unused(self, settings, is_points: bool) -> tuple[str, ...]:
        """The settings that only samples of the other kind have.

        Raises:
            ValueError: If one of them was given.
        """
        unused = self.of_images if is_points else self.of_points
        for name in unused:
            if getattr(settings, name) is not None:
                raise ValueError(
                    f"--{name} of --recipe {self.name} is for "
                    f"{'images' if is_points else 'points'}; leave it out for {settings.dataset}."
                )
        return unused

    def game(self, settings, sample_shape, classes=None):
        """The compiled model that settings describe."""
        with within_memory():
            model = self.model(
                sample_shape,
                classes=classes,
                average=settings.average or None,
                seed=settings.seed,
                **{
                    name: getattr(settings, name)
                    for name in self.own
                    if getattr(settings, name) is not None
                },
            )
        return self.compiled(model, settings)

    def build(self, settings, data):
        """The compiled model, whose ActNorms begin at the data."""
        model = super().build(settings, data)
        reference = data.reference
        labels = reference.labels[: len(reference.first)] if model.conditional else None
        model.adapt(reference.first[:1024], None if labels is None else labels[:1024])
        return model

    def scores(self, model, settings, data, untrained):
        """Those of samples, and the likelihood of data that it was not trained on."""
        from keras_gan.families.flow import nats

        found = super().scores(model, settings, data, untrained)
        return {**found, "likelihood": nats.of_run(model, settings)}

    def table(self, scores):
        """The scores as text."""
        return "\n".join([super().table(scores), score_texts.sentence(scores["likelihood"])])
