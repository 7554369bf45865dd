"""What a preset's card says of it in words: what it is, how it was trained, what it cannot do."""

import dataclasses
import math
import pathlib
import re

from keras_gan.cli.run_schema import EVALUATION, read_object, timing_in
from keras_gan.cli.settings import Settings

USE = (
    "For teaching, for trying out and comparing methods, as a start for further training. Not for "
    "making training data or documents."
)
CONDITIONAL = (
    "On labels: Mirza and Osindero 2014, Conditional Generative Adversarial Nets, arXiv 1411.1784."
)


def default_name(settings: Settings) -> str:
    """`<recipe>_<data set>`: an f-GAN with its divergence, with labels after a c as conditional."""
    divergence = {"squared_hellinger": "hellinger"}.get(settings.divergence, settings.divergence)
    recipe = settings.recipe if settings.recipe != "fgan" else f"fgan_{divergence}"
    data = [name for name in (settings.dataset, settings.target) if name is not None]
    stems = [pathlib.Path(name).stem.replace("/", "_") for name in data]
    return "_".join([f"{'c' if settings.labels else ''}{recipe}", *stems])


def summary(gan, model, settings: Settings) -> str:
    """One sentence on what the preset is."""
    networks = f"{settings.network} networks of width {settings.width}"
    game = type(gan).__name__
    if model.kind == "translator":
        return f"{game} between {settings.dataset} and {settings.target}: {networks}."
    further = "" if model.classes is None else f", {model.classes} classes to choose from"
    further += "" if model.encoder is None else ", with the encoder"
    return (
        f"{game} on {settings.dataset}: {networks}, latent vectors of {settings.latent_dim} "
        f"numbers{further}."
    )


def objective(gan) -> str:
    """The recipe, what it minimises, and the papers in its docstring."""
    text = " ".join((type(gan).__doc__ or "").split())
    reference = re.sub(r".*References?: | Example: .*", "", text)
    parts = [
        called(type(each).__name__, each.get_config()) for each in (gan.objective, *gan.penalties)
    ]
    on_labels = getattr(gan, "conditional", False)
    name = f"{type(gan).__name__}{' on class labels' if on_labels else ''}"
    labels = f" {CONDITIONAL}" if on_labels else ""
    return f"{name}: {' and '.join(parts)}. {reference}{labels}"


def called(name: str, config: dict) -> str:
    """An object as it is called, with what Keras has serialized among its arguments likewise."""

    def value(given):
        serialized = isinstance(given, dict) and "class_name" in given
        return called(given["class_name"], given["config"]) if serialized else given

    return f"{name}({', '.join(f'{key}={value(given)}' for key, given in config.items())})"


def training(gan, model, folder, settings: Settings, name: str, epochs: int) -> dict:
    """How the run went until the game that is published, for the card."""
    weights = [weight for network in model.parts().values() for weight in network.weights]
    timing = timing_in(folder.path)
    return {
        "command": f"KERAS_BACKEND={timing['backend']} keras-gan zoo train {name}",
        "configuration": dataclasses.asdict(settings),
        "seed": settings.seed,
        "steps": epochs * settings.steps_per_epoch,
        "seconds": timing["seconds"],
        "machine": timing["machine"],
        "backend": timing["backend"],
        "parameters": int(sum(math.prod(weight.shape) for weight in weights)),
        "generator": "averaged weights" if gan.average is not None else "weights as trained",
    }


def in_training(folder, best: bool) -> dict | None:
    """The run's own evaluations, its final and its best, and which of these is published."""
    path = folder / "evaluation" / "evaluation.json"
    if not path.is_file():
        return None
    return {**read_object(path, EVALUATION), "published": "best" if best else "final"}


def limits(settings: Settings, model) -> str:
    """What the networks cannot do."""
    if model.kind == "translator":
        return (
            f"It makes images like those of {settings.target} of images like those of "
            f"{settings.dataset}, and the other way round, and nothing else."
        )
    shape = model.output_shape[1:]
    kind = f"points of the plane like those of {settings.dataset}"
    if len(shape) == 3:
        kind = f"images of {shape[0]} × {shape[1]} pixels like those of {settings.dataset}"
    choice = "without a choice of class" if model.classes is None else "of the class asked for"
    sentence = f"It makes {kind} and nothing else, {choice}."
    if model.encoder is not None:
        sentence += " Its encoder gives latent vectors of such samples alone."
    return sentence
