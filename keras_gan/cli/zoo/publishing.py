"""From a run of `keras-gan train` to a preset in the zoo."""

import contextlib
import dataclasses
import io
import json
import pathlib
import re

import numpy as np

from keras_gan.cli.settings import Settings

COUNTS = {"images": 64, "points": 1000}  # samples of the picture
SEED = 0
NAME = re.compile(r"[a-z0-9][a-z0-9_]*")
USE = (
    "For teaching, for trying out and comparing methods, as a start for further training. Not for "
    "making training data or documents."
)


def publish(
    run: str,
    zoo: str,
    name: str | None,
    *,
    overwrite: bool = False,
    best: bool = False,
    source: str | None = None,
    licence: str | None = None,
) -> str:
    """Scores the averaged generator of a run and writes its preset into the gallery.

    In the zoo of this checkout it comes into the package's registry, too.

    Args:
        run: A run folder that came to its end.
        zoo: The folder of all presets.
        name: The preset's name; `None` is `<recipe>_<data set>`.
        overwrite: Whether a preset of that name there is replaced.
        best: Whether the best game of the scores in training is published instead of the last,
            which may have diverged since.
        source: Where the data come from, for a set of one's own.
        licence: Their licence, likewise.

    Returns:
        The preset's name.

    Raises:
        ValueError: For a run that is not finished or kept no best game, a name that is none or is
            taken, or data whose source is not known.
    """
    import keras_gan as kg
    from keras_gan.cli.generate import model_file
    from keras_gan.cli.real_data import open_dataset
    from keras_gan.cli.run_folder import RunFolder
    from keras_gan.cli.zoo.gallery import check_page, write_gallery
    from keras_gan.cli.zoo.scoring import scored
    from keras_gan.zoo import cards, packing, presets

    folder, settings = RunFolder.of_run(run)
    for file in ("metrics.json", "timing.json"):
        if not (folder / file).is_file():
            raise ValueError(f"{run} has no {file}: let keras-gan train --resume {run} finish it.")
    gan = kg.load_model(best_file(folder) if best else model_file(run))
    generator = kg.Generator.from_gan(gan)
    settings = resolved(settings, generator.output_shape[1:])
    name = name or default_name(settings)
    target = pathlib.Path(zoo) / name
    check_name(name, target, overwrite)
    known = cards.SOURCES.get(settings.dataset, (source, licence))
    if None in known:
        raise ValueError(
            f"A card says where its data come from: pass --source and --licence for "
            f"{settings.dataset}."
        )
    check_page(target.parent)
    samples = picture(generator, open_dataset(settings))
    evaluations = in_training(folder, best)
    epochs = evaluations["best"]["epoch"] if best else settings.epochs
    card = {
        "preset": name,
        "summary": summary(gan, settings),
        "objective": objective(gan),
        "data": {"name": settings.dataset, "source": known[0], "licence": known[1]},
        "training": training(gan, generator, folder, settings, name, epochs),
        "scores": {**scored(generator, name, settings), "in_training": evaluations},
        "samples": {"count": count_of(generator), "seed": SEED},
        "use": USE,
        "limits": limits(settings, generator),
        "versions": json.loads((folder / "config.json").read_text()).get("versions", {}),
    }
    files = {**packing.pack(generator), "samples.png": samples, **cards.content(card)}
    presets.write(target, files)
    if presets.is_checkout(target.parent):
        presets.record(target, card["summary"])
    write_gallery(target.parent)
    return name


def check_name(name: str, target: pathlib.Path, overwrite: bool) -> None:
    """Refuses a preset's name that is none, or is taken.

    Args:
        name: The name.
        target: The folder that it would have.
        overwrite: Whether a preset there is replaced.

    Raises:
        ValueError: See above.
    """
    from keras_gan.zoo import presets

    if not NAME.fullmatch(name):
        raise ValueError(
            f"A preset's name has small letters, digits and underscores; received {name!r}: choose "
            f"another with --name."
        )
    if name in presets.registry() and not presets.is_checkout(target.parent):
        raise ValueError(f"{name} is a preset of this package: choose another --name.")
    if target.exists() and not overwrite:
        raise ValueError(f"There is something at {target}: choose another --name or --overwrite.")


def resolved(settings: Settings, shape) -> Settings:
    """A run's settings with what data set and recipe chose."""
    from keras_gan.cli.defaults import resolve

    return resolve(settings, tuple(shape))


def default_name(settings: Settings) -> str:
    """`<recipe>_<data set>`, an f-GAN with its divergence."""
    divergence = {"squared_hellinger": "hellinger"}.get(settings.divergence, settings.divergence)
    recipe = settings.recipe if settings.recipe != "fgan" else f"fgan_{divergence}"
    return f"{recipe}_{pathlib.Path(settings.dataset).stem.replace('/', '_')}"


def summary(gan, settings: Settings) -> str:
    """One sentence on what the preset is."""
    return (
        f"{type(gan).__name__} on {settings.dataset}: {settings.network} networks of width "
        f"{settings.width}, latent vectors of {settings.latent_dim} numbers."
    )


def objective(gan) -> str:
    """The recipe, what it minimises, and the papers in its docstring."""
    text = " ".join((type(gan).__doc__ or "").split())
    reference = re.sub(r".*References?: | Example: .*", "", text)
    parts = [
        called(type(each).__name__, each.get_config()) for each in (gan.objective, *gan.penalties)
    ]
    return f"{type(gan).__name__}: {' and '.join(parts)}. {reference}"


def best_file(folder: pathlib.Path) -> pathlib.Path:
    """The game that scored best in training.

    Raises:
        ValueError: If the run kept none.
    """
    path = folder / "evaluation" / "best.keras"
    if not path.is_file():
        raise ValueError(
            f"{folder} kept no best game, which takes train --evaluate-epochs: leave --best out."
        )
    return path


def called(name: str, config: dict) -> str:
    """An object as it is called, with what Keras has serialized among its arguments likewise."""

    def value(given):
        serialized = isinstance(given, dict) and "class_name" in given
        return called(given["class_name"], given["config"]) if serialized else given

    return f"{name}({', '.join(f'{key}={value(given)}' for key, given in config.items())})"


def training(gan, generator, folder, settings: Settings, name: str, epochs: int) -> dict:
    """How the run went until the game that is published, for the card."""
    timing = json.loads((folder / "timing.json").read_text())
    return {
        "command": f"KERAS_BACKEND={timing['backend']} keras-gan zoo train {name}",
        "configuration": dataclasses.asdict(settings),
        "seed": settings.seed,
        "steps": epochs * settings.steps_per_epoch,
        "seconds": timing["seconds"],
        "machine": timing["machine"],
        "backend": timing["backend"],
        "parameters": int(sum(np.prod(w.shape) for w in generator.weights)),
        "generator": "averaged weights" if gan.average is not None else "weights as trained",
    }


def in_training(folder, best: bool) -> dict | None:
    """The run's own evaluations, its final and its best, and which of these is published."""
    path = folder / "evaluation" / "evaluation.json"
    if not path.is_file():
        return None
    return {**json.loads(path.read_text()), "published": "best" if best else "final"}


def limits(settings: Settings, generator) -> str:
    """What the generator cannot do."""
    shape = generator.output_shape[1:]
    kind = f"points of the plane like those of {settings.dataset}"
    if len(shape) == 3:
        kind = f"images of {shape[0]} × {shape[1]} pixels like those of {settings.dataset}"
    return f"It makes {kind} and nothing else, without a choice of class."


def count_of(generator) -> int:
    """How many samples its picture shows."""
    return COUNTS["images" if len(generator.output_shape) == 4 else "points"]


def picture(generator, real) -> bytes:
    """The picture of a generator's samples of the fixed seed, as PNG.

    Args:
        generator: A `kg.Generator`.
        real: The data set, whose first points are drawn beneath those of the generator; images
            have nothing beneath them.
    """
    from keras_gan.pictures import picture_of

    samples, beneath = generator.generate(count_of(generator), seed=SEED), None
    if samples.ndim == 2:
        beneath = np.stack(list(real.take(len(samples)).as_numpy_iterator()))
    with contextlib.closing(io.BytesIO()) as file:
        picture_of(samples, beneath).save(file, format="PNG", optimize=True)
        return file.getvalue()
