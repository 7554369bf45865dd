"""The words on a preset's card: what it is, how it was trained, what it cannot do."""

import math
import pathlib

from keras_gan.cli.other_runs import is_preset, named_alone, naming_runs, run_of
from keras_gan.cli.run_folder import RunFolder
from keras_gan.cli.run_schema import EVALUATION, read_object, timing_in
from keras_gan.cli.settings import Settings
from keras_gan.cli.zoo import named_data
from keras_gan.families.registry import ENTRIES

USE = (
    "For teaching, for trying out and comparing methods, as a start for further training. Not for "
    "making training data or documents."
)


def default_name(settings: Settings) -> str:
    """The recipe's title and the data sets, such as `wgangp_ring`."""
    data = [getattr(settings, name) for name in named_data.settings()]
    stems = [pathlib.Path(name).stem.replace("/", "_") for name in data if name is not None]
    return "_".join([ENTRIES[settings.recipe].title(settings), *stems])


def training(trained, model, folder, settings: Settings, name: str, epochs: int) -> dict:
    """How the published model was trained, for the card."""
    weights = [weight for each in model.weighted().values() for weight in each.weights]
    timing, others = timing_in(folder.path), _started_from(settings)
    return {
        "command": f"KERAS_BACKEND={timing['backend']} keras-gan zoo train {name}",
        "configuration": named_alone(settings),
        "seed": settings.seed,
        "steps": epochs * settings.steps_per_epoch,
        "seconds": timing["seconds"],
        "machine": timing["machine"],
        "backend": timing["backend"],
        "parameters": int(sum(math.prod(weight.shape) for weight in weights)),
        "generator": "averaged weights"
        if getattr(trained, "average", None) is not None
        else "weights as trained",
        **({"started_from": others} if others else {}),
    }


def _started_from(settings: Settings) -> dict:
    """The runs from which a run started, by the setting that names them; none that are gone.

    Args:
        settings: The run's settings.
    """
    named = {name: getattr(settings, name) for name in naming_runs()}
    found = {name: _described(name, source) for name, source in named.items() if source is not None}
    return {name: run for name, run in found.items() if run is not None}


def _described(name: str, source: str) -> dict | None:
    """The settings of a run or preset, how long it trained, and on what; `None` if unknown.

    Args:
        name: The setting that names it.
        source: Its folder, its model's file, or a preset's name or folder.
    """
    from keras_gan.cli.zoo.reading import card_in
    from keras_gan.zoo import presets

    if is_preset(source):  # which holds what its own run started from
        with presets.opened(source) as (folder, content):
            return card_in(folder, content)["training"].get("started_from", {}).get(name)
    run = run_of(source) if pathlib.Path(source).exists() else None
    timing = {} if run is None else timing_in(run)
    if not timing:
        return None
    settings = RunFolder.of_run(str(run), lock=False)[1]
    kept = {key: timing[key] for key in ("seconds", "machine", "backend")}
    return {"configuration": named_alone(settings), **kept}


def in_training(folder, best: bool) -> dict | None:
    """The run's own final and best scores, and which of the two models is published."""
    path = folder / "evaluation" / "evaluation.json"
    if not path.is_file():
        return None
    return {**read_object(path, EVALUATION), "published": "best" if best else "final"}
