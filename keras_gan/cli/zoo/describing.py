"""What a preset's card says of it in words: what it is, how it was trained, what it cannot do."""

import math
import pathlib

from keras_gan.cli.run_schema import EVALUATION, read_object, timing_in
from keras_gan.cli.settings import Settings
from keras_gan.cli.zoo import named_data
from keras_gan.families.entry import ENTRIES

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
    """How the run went until the model that is published, for the card."""
    weights = [weight for network in model.parts().values() for weight in network.weights]
    timing = timing_in(folder.path)
    return {
        "command": f"KERAS_BACKEND={timing['backend']} keras-gan zoo train {name}",
        "configuration": settings.as_dict(),
        "seed": settings.seed,
        "steps": epochs * settings.steps_per_epoch,
        "seconds": timing["seconds"],
        "machine": timing["machine"],
        "backend": timing["backend"],
        "parameters": int(sum(math.prod(weight.shape) for weight in weights)),
        "generator": "averaged weights"
        if getattr(trained, "average", None) is not None
        else "weights as trained",
    }


def in_training(folder, best: bool) -> dict | None:
    """The run's own evaluations, its final and its best, and which of these is published."""
    path = folder / "evaluation" / "evaluation.json"
    if not path.is_file():
        return None
    return {**read_object(path, EVALUATION), "published": "best" if best else "final"}
