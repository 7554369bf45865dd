"""What the command line needs to know about a model: one entry per name of `--recipe`."""

import functools
import inspect
import pathlib
import re
import shlex
from typing import ClassVar

from keras_gan.backend.lazy import named
from keras_gan.families.setting import Setting
from keras_gan.zoo.kind_registry import Kind


class Entry:
    """A model that `keras-gan train` trains under a name of `--recipe`.

    A family of models is a subclass, and each of its models is an instance that `register` adds to
    all commands. The family defines its own settings, and how to open data, build networks, draw
    pictures and measure scores. Everything else in a run is the same for all families, see
    `keras_gan.cli.train`.

    The help of the command line says what all entries say, without Keras. Hence an entry's module
    imports within functions whatever loads Keras or NumPy.

    Args:
        name: The name of the recipe.
        model: The class of the model, or its place, such as `"keras_gan.games:GAN"`.
        summary: The help text.
    """

    settings: ClassVar[dict[str, Setting]] = {}  # the family's own settings, by name
    without: ClassVar[tuple[str, ...]] = ()  # common settings without a meaning here
    networks: ClassVar[dict[str, str]] = {}  # names of --network with help texts; none: any
    defaults_by_data: ClassVar[dict[str, dict]] = {}  # defaults by kind of data, for the help
    inherits: ClassVar[tuple[str, ...]] = ()  # settings that a run from which it starts decides
    preset: ClassVar[type[Kind] | None] = None  # the kind of its presets

    def __init__(self, name: str, model: type | str, summary: str):
        self.name, self.place, self.summary = name, model, summary

    @functools.cached_property
    def model(self) -> type:
        """The class of the model."""
        return named(self.place)

    def check(self, settings) -> None:
        """Refuses settings that contradict each other, before data are opened.

        Args:
            settings: `Settings` before defaults are resolved.

        Raises:
            ValueError: Names the settings.
        """

    def defaults(self, settings, sample_shape: tuple[int, ...]) -> dict:
        """The defaults of this model's settings, by name.

        Args:
            settings: As in `check`.
            sample_shape: The shape of one sample of the data.
        """
        raise NotImplementedError

    def shown_defaults(self) -> str:
        """The defaults that the help shows in its list of recipes, in words."""
        return ""

    def open(self, settings):
        """Opens the data of a run; returns an object with the `shape` of one sample.

        Args:
            settings: As in `check`.

        Raises:
            ValueError: For data that cannot be read.
        """
        raise NotImplementedError

    def build(self, settings, data):
        """Builds and compiles the model.

        Args:
            settings: Resolved `Settings`.
            data: What `open` returned.

        Raises:
            ValueError: If the networks cannot make such samples.
        """
        raise NotImplementedError

    def batches(self, settings, data):
        """The endless `tf.data.Dataset` for `fit`."""
        raise NotImplementedError

    def pictures(self, settings, data, folder: pathlib.Path, log_dir: pathlib.Path):
        """The callback that draws one picture per epoch, from `keras_gan.callbacks.pictures`."""
        raise NotImplementedError

    def evaluations(self, settings, data, folder: pathlib.Path) -> list:
        """The callbacks that score the model during training, for `--evaluate-epochs`."""
        return []

    def data_facts(self, settings, data) -> dict[str, str]:
        """What a run says of its data before its first epoch, in words by name.

        Args:
            settings: As in `build`.
            data: What `open` returned.
        """
        return {"data": str(settings.dataset)}

    def further(self, settings, run: pathlib.Path) -> list[str]:
        """The commands that show more of a finished run than its pictures and scores.

        Args:
            settings: As in `build`.
            run: The run's folder.
        """
        return [f"tensorboard --logdir {shlex.quote(str(run / 'logs'))}"]

    def before_training(self, model, settings, data):
        """Whatever `scores` needs of the untrained model."""
        return

    def scores(self, model, settings, data, untrained) -> dict:
        """The final scores of a run, as plain values for `metrics.json`.

        Args:
            model: The trained model.
            settings: As in `build`.
            data: What `open` returned.
            untrained: What `before_training` returned.

        Raises:
            NotFiniteSamplesError: If the model makes NaN.
        """
        raise NotImplementedError

    def table(self, scores: dict) -> str:
        """The scores as text.

        Args:
            scores: What `scores` returned.
        """
        raise NotImplementedError

    def title(self, settings) -> str:
        """The start of the name of a preset from such a run."""
        return self.name

    def objective(self, model) -> str:
        """What the model minimises, and its papers, for a card."""
        return f"{type(model).__name__}. {reference_of(type(model))}"

    def instead_of_samples(self, path: pathlib.Path) -> str | None:
        """The end of the error message for a model that cannot generate samples.

        Args:
            path: The model's file.

        Returns:
            The end of a sentence, or `None` for a model with `generate`.
        """
        return None

    def instead_of_preset(self, run: pathlib.Path) -> str:
        """The end of the error message for a run that is not published, since it has no `preset`.

        Args:
            run: The run's folder.

        Returns:
            The end of a sentence.
        """
        return "has no kind of preset: share its model.keras instead."


def reference_of(cls: type) -> str:
    """The papers in a class's docstring, after `Reference:`."""
    text = " ".join((inspect.cleandoc(cls.__doc__ or "")).split())
    return re.sub(r".*References?: | Example: .*", "", text)
