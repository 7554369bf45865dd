"""From a run of `keras-gan train` to a preset in the zoo."""

import contextlib
import io
import os
import pathlib
import re

from keras_gan.cli.classes import classes_of
from keras_gan.cli.paths import check_run
from keras_gan.cli.run_schema import read_object
from keras_gan.cli.settings import Settings, table
from keras_gan.cli.zoo import describing, named_data
from keras_gan.families.registry import ENTRIES
from keras_gan.families.setting import flag_of
from keras_gan.files.atomic import write_atomically

NAME = re.compile(r"[a-z0-9][a-z0-9_]*")


def publish(
    run: str,
    zoo: str,
    name: str | None,
    *,
    overwrite: bool = False,
    best: bool = False,
    discriminator: bool = False,
    source: str | None = None,
    licence: str | None = None,
) -> str:
    """Scores the averaged networks of a run and writes their preset into a zoo.

    In the zoo of this checkout, the preset also enters the package's registry.

    Args:
        run: The folder of a finished run.
        zoo: The folder of all presets.
        name: The preset's name; `None` is the recipe and its data sets.
        overwrite: Whether to replace a preset of that name.
        best: Whether to publish the model that scored best in training, instead of the last, which
            may have diverged.
        discriminator: Whether the preset also holds the discriminator, to train on from both.
        source: Where the data come from, for the user's own data.
        licence: Their licence, for the user's own data.

    Returns:
        The preset's name.

    Raises:
        ValueError: If the run is unfinished, in training or without a best model, if the name is
            invalid or taken, or if the source of the data is unknown.
    """
    from keras_gan.cli.run_folder import RunFolder

    may_train = os.access(run, os.W_OK)  # a folder that is not writable needs no lock
    check_run(run)
    folder, settings = RunFolder.of_run(run, lock=may_train)
    with folder.lock if may_train else contextlib.nullcontext():
        which = best, discriminator
        return _published(folder, settings, zoo, name, overwrite, which, (source, licence))


def _published(
    folder, settings: Settings, zoo: str, name: str | None, overwrite: bool, which, origin
) -> str:
    """Publishes a run whose lock is held, see `publish`.

    Args:
        folder: The `RunFolder`.
        settings: The run's settings.
        zoo: As in `publish`.
        name: As in `publish`.
        overwrite: As in `publish`.
        which: `best` and `discriminator`.
        origin: Source and licence.
    """
    from keras_gan.cli.zoo.gallery import check_page, write_gallery
    from keras_gan.zoo import cards, hub_card, packing, presets

    run, entry = folder.path, ENTRIES[settings.recipe]
    if entry.preset is None:
        raise ValueError(f"The run {run} of {entry.name} {entry.instead_of_preset(run)}")
    for field, rule in table().items():
        if rule.names_file and getattr(settings, field) is not None:
            raise ValueError(
                f"The run {run} was trained with {flag_of(field)}, a file that no card may name: "
                f"share its model.keras instead."
            )
    for file in ("metrics.json", "timing.json"):
        if not (folder / file).is_file():
            raise ValueError(f"{run} has no {file}: let keras-gan train --resume {run} finish it.")
    read_object(folder / "metrics.json")
    best, discriminator = which
    gan, model, settings = _trained(run, folder, settings, best, discriminator)
    name = name or describing.default_name(settings)
    target = pathlib.Path(zoo) / name
    _check_name(name, target, overwrite)
    data = _sources(settings, *origin)
    check_page(target.parent)
    evaluations = describing.in_training(folder, best)
    epochs = evaluations["best"]["epoch"] if best else settings.epochs
    card = {
        **({} if model.unnamed else {"kind": model.kind}),
        "preset": name,
        "summary": model.texts.summary(model, type(gan).__name__, settings),
        "objective": entry.objective(gan),
        **data,
        **classes_of(run),
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
    write_atomically(target / hub_card.FILE, hub_card.content(card, name))
    if presets.is_checkout(target.parent):
        presets.record(target, card["summary"])
    write_gallery(target.parent)
    return name


def _trained(run, folder, settings: Settings, best: bool, discriminator: bool) -> tuple:
    """The model of a run, the copy for its preset, and the settings with all defaults resolved.

    Raises:
        ValueError: If there is no such model, if its kind of preset holds no discriminator, or if
            its weights are not finite.
    """
    from keras_gan.backend.finite import refuse_broken_weights
    from keras_gan.cli.defaults import resolve
    from keras_gan.cli.models import model_file
    from keras_gan.models.loading import load_model
    from keras_gan.zoo import CLASSES

    gan = load_model(_best_file(folder) if best else model_file(run))
    cls, options = CLASSES[ENTRIES[settings.recipe].preset.kind], {}
    if discriminator:
        if "discriminator" not in {role for roles in cls.roles for role in roles}:
            raise ValueError(
                f"A preset that holds a {cls.kind} has no discriminator: leave --discriminator out."
            )
        options["discriminator"] = True
    model = cls.from_gan(gan, **options)
    refuse_broken_weights(model.weighted().values(), "no preset was published")
    return gan, model, resolve(settings, model.data_shape)


def as_png(image) -> bytes:
    """A picture as the bytes of a PNG file."""
    with contextlib.closing(io.BytesIO()) as file:
        image.save(file, format="PNG", optimize=True)
        return file.getvalue()


def _sources(settings: Settings, source: str | None, licence: str | None) -> dict:
    """Where the data come from, for the card: under `data`, and a second set under its name.

    Raises:
        ValueError: If the source or licence of the user's own data is missing.
    """
    from keras_gan.zoo import cards

    found = {}
    for field in named_data.settings():
        key, name = named_data.key_of(field), getattr(settings, field)
        if name is not None:
            known = cards.source_of(name) or (source, licence)
            if None in known:
                raise ValueError(
                    f"A card must name the source of its data: pass --source and --licence for "
                    f"{name}."
                )
            found[key] = {"name": name, "source": known[0], "licence": known[1]}
    return found


def _check_name(name: str, target: pathlib.Path, overwrite: bool) -> None:
    """Refuses an invalid or taken name of a preset.

    Args:
        name: The name.
        target: The preset's folder.
        overwrite: Whether a preset there may be replaced.

    Raises:
        ValueError: In each of these cases.
    """
    from keras_gan.zoo import presets

    if not NAME.fullmatch(name):
        raise ValueError(
            f"A preset's name has only lower-case letters, digits and underscores; received "
            f"{name!r}: choose another with --name."
        )
    if name in presets.registry() and not presets.is_checkout(target.parent):
        raise ValueError(f"{name} is a preset of this package: choose another --name.")
    if target.exists() and not overwrite:
        raise ValueError(f"{target} exists already: choose another --name, or pass --overwrite.")


def _best_file(folder: pathlib.Path) -> pathlib.Path:
    """The file of the model that scored best in training.

    Raises:
        ValueError: If the run has none.
    """
    path = folder / "evaluation" / "best.keras"
    if not path.is_file():
        raise ValueError(
            f"{folder} has no best model, which needs train --evaluate-epochs: leave --best out."
        )
    return path
