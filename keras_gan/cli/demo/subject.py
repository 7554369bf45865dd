"""What the page shows: a trained model, what it can do, its card and its scores."""

import dataclasses
import functools
import inspect
import pathlib

import numpy as np

from keras_gan.texts import escaped, one_line

KEPT = 4  # models in memory
DRAWS = 1_000  # latent vectors that say how far the sliders reach


@dataclasses.dataclass(frozen=True)
class Subject:
    """A trained model under a name.

    What it can do is asked of the model: no kind of model is named here.

    Args:
        name: The preset or the run.
        model: The model.
        card: What it is, in Markdown, like the next two.
        scores: Its scores. Defaults to `""`.
        training: How it was trained. Defaults to `""`.
    """

    name: str
    model: object
    card: str
    scores: str = ""
    training: str = ""

    @property
    def sample_shape(self) -> tuple:
        """The shape of one sample that it takes and makes."""
        return tuple(getattr(self.model, "sample_shape", ()) or ())

    @property
    def draws(self) -> bool:
        """Whether it makes samples."""
        return hasattr(self.model, "generate")

    def draws_with(self, option: str) -> bool:
        """Whether `generate` takes an option, such as `truncation`."""
        return self.draws and option in inspect.signature(self.model.generate).parameters

    @property
    def has_latents(self) -> bool:
        """Whether samples are made of latent vectors."""
        return all(hasattr(self.model, name) for name in ("latents", "samples_of", "interpolate"))

    @property
    def makes_points(self) -> bool:
        """Whether samples are points instead of images."""
        return self.draws and len(self.sample_shape) == 1

    @property
    def classes(self) -> int:
        """The number of classes to choose from; 0 without."""
        return int(getattr(self.model, "classes", None) or 0) if self.draws else 0

    @property
    def ways(self) -> dict[str, str]:
        """What is made of an uploaded picture: the names of buttons, and the target domain."""
        from keras_gan.families.given_samples import ways_of

        found = ways_of(self.model)
        can = hasattr(self.model, "reconstruct") and not self.makes_points
        if can and getattr(self.model, "encoder", self.model) is not None:
            found["reconstruct"] = ""
        return found

    def shape_of_upload(self, way: str) -> tuple:
        """The shape of the picture that one of `ways` takes."""
        to = self.ways[way]
        if not to:
            return self.sample_shape
        return tuple(self.model.sample_shapes[{"y": 0, "x": 1}[to]])

    @functools.cached_property
    def reach(self) -> tuple[float, float]:
        """The ends of the sliders: nearly all latent vectors of the prior lie between them."""
        z = self.model.latents(DRAWS, seed=0)
        ends = np.quantile(z, [0.001, 0.999])
        return float(np.floor(10 * ends[0]) / 10), float(np.ceil(10 * ends[1]) / 10)


@functools.lru_cache(maxsize=KEPT)
def loaded(name: str) -> Subject:
    """The model of a name, with what is said of it.

    Args:
        name: The name or folder of a preset, a run folder, or a `.keras` file.

    Raises:
        ValueError: If there is no such thing, it cannot be loaded, or the page cannot show it.
    """
    from keras_gan.cli.other_runs import is_preset
    from keras_gan.plotting.samples import is_drawn

    found = _of_preset(name) if is_preset(name) else _of_run(name)
    shapes = [found.sample_shape] if found.draws else []
    shapes += [found.shape_of_upload(way) for way in found.ways]
    if not shapes:
        raise ValueError(f"{one_line(name)} neither makes samples nor takes pictures.")
    for shape in shapes:
        if not is_drawn(shape):
            raise ValueError(
                f"The page shows points of the plane and images, grey or RGB; the samples of "
                f"{one_line(name)} have shape {shape}."
            )
    return found


def names() -> list[str]:
    """The names of all presets on this machine."""
    from keras_gan.zoo import presets

    return [name for name, entry in presets.known().items() if entry["at_hand"]]


def _of_preset(name: str) -> Subject:
    """A preset, its card and its scores."""
    from keras_gan.cli.zoo.reading import card_in, complaints
    from keras_gan.zoo import cards, packing, presets, trust

    with presets.opened(name) as (folder, content):
        model = packing.loaded(folder, content)
        try:
            with complaints(name):
                card = card_in(folder, content)
                parts = cards.sections(card)
                summary = escaped(card)["summary"]
        except trust.UntrustedPresetError:
            raise
        except ValueError as error:
            return Subject(name, model, escaped(str(error)))
    about = [summary, "", *parts["Use and limits"]]
    return Subject(name, model, *map("\n".join, (about, parts["Scores"], parts["Training"])))


def _of_run(name: str) -> Subject:
    """A run or a file, its settings and its scores."""
    from keras_gan.cli.models import model_file
    from keras_gan.cli.run_folder import RunFolder
    from keras_gan.cli.run_schema import read_object
    from keras_gan.families.registry import ENTRIES
    from keras_gan.models.loading import load_model

    path = model_file(name)
    model, folder = load_model(path), path.parent
    summary = f"A {type(model).__name__} from {escaped(path.name)}."
    if not (folder / "config.json").is_file() or pathlib.Path(name).is_file():
        return Subject(name, model, summary)
    settings = RunFolder.of_run(str(folder), lock=False)[1]
    rows = ((k, v) for k, v in settings.as_dict().items() if v not in (None, ""))
    table = ["| setting | value |", "|---|---|"]
    table += [f"| {escaped(key)} | {escaped(str(value))} |" for key, value in rows]
    scores = ""
    if (folder / "metrics.json").is_file():
        said = ENTRIES[settings.recipe].table(read_object(folder / "metrics.json"))
        scores = f"```text\n{said.replace('`', '')}\n```"
    return Subject(name, model, summary, scores, "\n".join(table))
