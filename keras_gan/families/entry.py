"""What a family of models says of itself to the command line: one entry a name of `--recipe`."""

import inspect
import pathlib
import re
from typing import ClassVar

from keras_gan.families.setting import Setting


class Entry:
    """A model that `keras-gan train` trains under a name of `--recipe`.

    A family of models is a subclass, each of its models an object of it, which `register` makes
    known; then all commands know it. The family says which settings it alone has, how data are
    opened, networks built, pictures drawn and scores taken; the runs of all families are otherwise
    the same one, `keras_gan.cli.train`.

    Args:
        name: The name of the recipe.
        model: The class of the model.
        summary: What the help says.
    """

    settings: ClassVar[dict[str, Setting]] = {}  # those that not all families have, by name
    without: ClassVar[tuple[str, ...]] = ()  # settings of all families that have no meaning here
    networks: ClassVar[dict[str, str]] = {}  # the names of --network, with what the help says
    defaults_by_data: ClassVar[dict[str, dict]] = {}  # settings by kind of data, for the help
    preset: ClassVar[type]  # what is published of a run: a class of `keras_gan.zoo.kinds.CLASSES`

    def __init__(self, name: str, model: type, summary: str):
        self.name, self.model, self.summary = name, model, summary

    def check(self, settings) -> None:
        """Refuses settings that do not go together, before data are opened.

        Args:
            settings: `Settings` in which defaults are still open.

        Raises:
            ValueError: If there are any.
        """

    def defaults(self, settings, sample_shape: tuple[int, ...]) -> dict:
        """The settings that this model takes where nothing else is said, by name.

        Args:
            settings: As in `check`.
            sample_shape: The shape of one sample of the data.
        """
        raise NotImplementedError

    def shown_defaults(self) -> str:
        """What of these the help says of this model, in its list of recipes."""
        return ""

    def open(self, settings):
        """The data of a run; an object with the `shape` of one sample.

        Args:
            settings: As in `check`.

        Raises:
            ValueError: For data that cannot be read.
        """
        raise NotImplementedError

    def build(self, settings, data):
        """The compiled model.

        Args:
            settings: `Settings` with all that this model needs.
            data: What `open` returned.

        Raises:
            ValueError: For networks that cannot make such samples.
        """
        raise NotImplementedError

    def batches(self, settings, data):
        """The endless `tf.data.Dataset` that `fit` takes."""
        raise NotImplementedError

    def pictures(self, settings, data, folder: pathlib.Path, log_dir: pathlib.Path):
        """The callback that draws a picture an epoch, one of `keras_gan.callbacks.pictures`."""
        raise NotImplementedError

    def evaluations(self, settings, data, folder: pathlib.Path) -> list:
        """The callbacks that score the model in training, which `--evaluate-epochs` asks for."""
        return []

    def before_training(self, model, settings, data):
        """Whatever of the untrained model `scores` compares with."""
        return

    def scores(self, model, settings, data, untrained) -> dict:
        """The scores that end a run, as plain values for `metrics.json`.

        Args:
            model: The trained model.
            settings: As in `build`.
            data: What `open` returned.
            untrained: What `before_training` returned.

        Raises:
            NotFiniteSamplesError: For a model that training has made useless.
        """
        raise NotImplementedError

    def table(self, scores: dict) -> str:
        """What `scores` returned as text."""
        raise NotImplementedError

    def title(self, settings) -> str:
        """How the name of a preset begins that is published of such a run."""
        return self.name

    def objective(self, model) -> str:
        """What the model minimises, and where that is from, for a card."""
        return f"{type(model).__name__}. {reference_of(type(model))}"

    def instead_of_samples(self, path: pathlib.Path) -> str | None:
        """What is said where samples are asked of a model that makes none of nothing.

        Args:
            path: Where the model is.

        Returns:
            The end of a sentence, or `None` for a model with `generate`.
        """
        return None


ENTRIES: dict[str, Entry] = {}  # by name
NETWORKS: dict[str, str] = {}  # of all of them


def register(entry: Entry) -> Entry:
    """Makes an entry known to all commands.

    Raises:
        ValueError: For a name that is taken, or a setting that another family has otherwise.
    """
    if entry.name in ENTRIES:
        raise ValueError(f"There is a recipe {entry.name!r} already.")
    known = own_settings()
    for name, setting in entry.settings.items():
        if known.get(name, setting) is not setting:
            raise ValueError(f"The setting {name!r} of {entry.name} is one of another recipe.")
    ENTRIES[entry.name] = entry
    for name, text in entry.networks.items():
        NETWORKS.setdefault(name, text)
    return entry


def own_settings() -> dict[str, Setting]:
    """The settings that not all entries have, by name."""
    return {name: each for entry in ENTRIES.values() for name, each in entry.settings.items()}


def entries_with(setting: str) -> list[str]:
    """The names of the entries that have such a setting of their own."""
    return [name for name, entry in ENTRIES.items() if setting in entry.settings]


def entry_of(model) -> Entry | None:
    """An entry of a model's class; `None` where none has it."""
    return next((each for each in ENTRIES.values() if type(model) is each.model), None)


def reference_of(cls: type) -> str:
    """The papers that a class names in its docstring, behind `Reference:`."""
    text = " ".join((inspect.cleandoc(cls.__doc__ or "")).split())
    return re.sub(r".*References?: | Example: .*", "", text)
