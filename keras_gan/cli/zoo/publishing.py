"""From a run of `keras-gan train` to a preset in the zoo."""

import contextlib
import io
import os
import pathlib
import re

from keras_gan.cli.paths import check_run
from keras_gan.cli.run_schema import read_object
from keras_gan.cli.settings import Settings
from keras_gan.cli.zoo import describing, named_data
from keras_gan.families.entry import ENTRIES

NAME = re.compile(r"[a-z0-9][a-z0-9_]*")


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
    """Scores the averaged networks of a run and writes their preset into the gallery.

    In the zoo of this checkout it comes into the package's registry, too.

    Args:
        run: A run folder that came to its end.
        zoo: The folder of all presets.
        name: The preset's name; `None` is the recipe and its data sets.
        overwrite: Whether a preset of that name there is replaced.
        best: Whether the best game of the scores in training is published instead of the last,
            which may have diverged since.
        source: Where the data come from, for a set of one's own.
        licence: Their licence, likewise.

    Returns:
        The preset's name.

    Raises:
        ValueError: For a run that is not finished, is trained at the moment or kept no best game,
            a name that is none or is taken, or data whose source is not known.
    """
    from keras_gan.cli.run_folder import RunFolder

    may_train = os.access(run, os.W_OK)  # where nobody may, there is nothing to hold
    check_run(run)
    folder, settings = RunFolder.of_run(run, lock=may_train)
    with folder.lock if may_train else contextlib.nullcontext():
        return published(folder, settings, zoo, name, overwrite, best, (source, licence))


def published(
    folder, settings: Settings, zoo: str, name: str | None, overwrite: bool, best: bool, origin
) -> str:
    """As `publish`, of a run that nobody trains meanwhile.

    Args:
        folder: The `RunFolder`.
        settings: The run's.
        zoo: This and what follows are as there.
        name: See there.
        overwrite: See there.
        best: See there.
        origin: Source and licence.
    """
    from keras_gan.cli.zoo.gallery import check_page, write_gallery
    from keras_gan.zoo import cards, packing, presets

    run = folder.path
    for file in ("metrics.json", "timing.json"):
        if not (folder / file).is_file():
            raise ValueError(f"{run} has no {file}: let keras-gan train --resume {run} finish it.")
    read_object(folder / "metrics.json")
    gan, model, settings = trained(run, folder, settings, best)
    name = name or describing.default_name(settings)
    target = pathlib.Path(zoo) / name
    check_name(name, target, overwrite)
    data = sources(settings, *origin)
    check_page(target.parent)
    evaluations = describing.in_training(folder, best)
    epochs = evaluations["best"]["epoch"] if best else settings.epochs
    card = {
        **({} if model.unnamed else {"kind": model.kind}),
        "preset": name,
        "summary": model.texts.summary(model, type(gan).__name__, settings),
        "objective": ENTRIES[settings.recipe].objective(gan),
        **data,
        "training": describing.training(gan, model, folder, settings, name, epochs),
        "scores": {**model.evidence.scored(model, name, settings), "in_training": evaluations},
        "samples": model.evidence.shown(model),
        "use": describing.USE,
        "limits": model.texts.limits(model, settings),
        "versions": read_object(folder / "config.json").get("versions", {}),
    }
    picture = as_png(model.evidence.picture(model, settings))
    files = {**packing.pack(model), "samples.png": picture, **cards.content(card)}
    presets.write(target, files)
    if presets.is_checkout(target.parent):
        presets.record(target, card["summary"])
    write_gallery(target.parent)
    return name


def trained(run: str, folder, settings: Settings, best: bool) -> tuple:
    """The model of a run, what its preset holds of it, and its settings with all that was chosen.

    Raises:
        ValueError: If there is no such model, or its weights are not finite.
    """
    import keras_gan as kg
    from keras_gan.backend.finite import refuse_broken_weights
    from keras_gan.cli.defaults import resolve
    from keras_gan.cli.generate import model_file

    gan = kg.load_model(best_file(folder) if best else model_file(run))
    model = ENTRIES[settings.recipe].preset.from_gan(gan)
    refuse_broken_weights(model.parts().values(), "no preset was published")
    return gan, model, resolve(settings, model.data_shape)


def as_png(image) -> bytes:
    """A picture as the bytes of a PNG file."""
    with contextlib.closing(io.BytesIO()) as file:
        image.save(file, format="PNG", optimize=True)
        return file.getvalue()


def sources(settings: Settings, source: str | None, licence: str | None) -> dict:
    """Where the data come from, for the card: under `data`, and a second set under its name.

    Raises:
        ValueError: For a set of one's own whose source or licence is not given.
    """
    from keras_gan.zoo import cards

    found = {}
    for field in named_data.settings():
        key, name = named_data.key_of(field), getattr(settings, field)
        if name is not None:
            known = cards.SOURCES.get(name, (source, licence))
            if None in known:
                raise ValueError(
                    f"A card says where its data come from: pass --source and --licence for {name}."
                )
            found[key] = {"name": name, "source": known[0], "licence": known[1]}
    return found


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
