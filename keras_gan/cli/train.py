"""`keras-gan train`."""

import argparse
import dataclasses

from keras_gan.checkpoints.comparing import OVERRIDES
from keras_gan.cli import settings as settings_module
from keras_gan.cli.defaults import BY_DATASET, IMAGES, POINTS, SMALL_TRANSLATION, resolve
from keras_gan.cli.fitting import WRITTEN, fit, interrupted, rescued, save
from keras_gan.cli.paths import check_run
from keras_gan.cli.recipes import NETWORKS, RECIPES, build
from keras_gan.cli.run_folder import RunFolder, default_path
from keras_gan.cli.settings import Settings
from keras_gan.texts import lines, one_line

SUMMARY = "train a GAN, draw its samples and score them"
DESCRIPTION = """Trains a GAN on a data set and leaves a run folder behind:

  config.json         all settings and versions; --config reproduces the run from it
  checkpoints/        the last states of the training, from which --resume goes on
  model.keras         the game: networks, optimizers, averaged generator, random state
  samples/            a picture an epoch from the same latent vectors
  samples.gif .png    these pictures in turn, and the last one
  history.csv         the losses of every epoch
  evaluation/         with --evaluate-epochs: the best game, the curve of its scores, a chart
  logs/               losses and pictures for tensorboard --logdir
  timing.json         how long it trained, and on what
  metrics.json        the scores that are printed at the end, and how they were taken

examples:
  keras-gan train --dataset digits
  keras-gan train --dataset mnist --epochs 5 --average 0.99 --out runs/quick
  keras-gan train --config runs/sngan_digits/config.json --out runs/again
  keras-gan train --resume runs/quick
  keras-gan train --recipe cyclegan --dataset digits --target mnist --image-size 16

A run that was killed, interrupted or out of disk goes on with --resume, as often as need be, and
ends with the weights, pictures, losses and scores of a run that never stopped. Only the event
files in logs/ may hold the steps since the last checkpoint twice.
"""
IMAGES_SHOWN, POINTS_SHOWN = 64, 1000


def notes() -> str:
    """The lists at the end of the help."""
    from keras_gan.data import DATASETS

    def listing(title, table):
        return "\n".join([f"{title}:", *(f"  {name:<16}{text}" for name, text in table.items())])

    defaults = {**BY_DATASET, "other images": IMAGES, "other points": POINTS}
    defaults["small pairs"] = SMALL_TRANSLATION | {"latent_dim": "-"}
    columns = ("epochs", "steps_per_epoch", "batch_size", "width", "latent_dim")
    heads = "".join(f"{column:>17}" for column in columns)
    rows = {name: "".join(f"{row[c]:>17}" for c in columns) for name, row in defaults.items()}

    def own(defaults):
        chosen = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in defaults.items())
        return f"\n{'':18}for images {chosen}" if defaults else ""

    rates = {
        name: f"{r.summary}\n{'':18}learning rates {r.learning_rate}, average {r.average}, "
        f"discriminator steps {r.discriminator_steps}{own(r.images)}"
        for name, r in RECIPES.items()
    }
    return "\n\n".join(
        [
            listing("data sets", DATASETS),
            listing("recipes", rates),
            listing("networks", NETWORKS),
            listing("defaults by data set", {"": heads, **rows}),
        ]
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of the sub-command."""
    parser.add_argument(
        "--out", metavar="FOLDER", help="the run folder (default: runs/<recipe>_<dataset>)"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace an earlier run in that folder"
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="settings from a JSON file, such as a run's config.json; flags override them",
    )
    parser.add_argument(
        "--resume",
        metavar="RUN",
        help="go on with the run in this folder, with the settings in its config.json; flags "
        "change them, such as --epochs 40, which prolongs it",
    )
    parser.add_argument(
        "--override",
        nargs="+",
        choices=OVERRIDES,
        metavar="WHAT",
        default=[],
        help="with --resume: what may differ from the checkpoint, for you have changed it on "
        f"purpose: {', '.join(OVERRIDES)}; otherwise it is refused. The number of epochs, of steps "
        "between checkpoints and how samples are scored may always differ; only with "
        "--learning-rate-schedule cosine, which ends with the last epoch, do other epochs need "
        "--override optimizer",
    )
    settings_module.add_flags(parser.add_argument_group("settings"))


def run(arguments: argparse.Namespace) -> int:
    """Trains, saves and scores; returns the exit code.

    Raises:
        ValueError: For settings or data that cannot be trained on, before anything is written.
    """
    if arguments.resume is None:
        if arguments.override:
            raise ValueError("--override goes with --resume, whose checkpoint may then differ.")
        settings = settings_module.from_flags(arguments, arguments.config)
        folder = RunFolder(arguments.out or default_path(settings), arguments.overwrite)
    else:
        check_alone(arguments)
        check_run(arguments.resume)
        folder, settings = RunFolder.of_run(arguments.resume)
        settings = dataclasses.replace(settings, **given_settings(arguments))
        folder.override = tuple(arguments.override)
    try:
        return trained(settings, folder, resumed=arguments.resume is not None)
    finally:
        folder.lock.release()


def trained(settings: Settings, folder: RunFolder, resumed: bool) -> int:
    """Trains, saves and scores in a run's folder; returns the exit code.

    Args:
        settings: As flags or a run gave them.
        folder: The run's.
        resumed: Whether the run goes on.

    Raises:
        ValueError: As `run`.
        FolderLostError: If the folder vanishes.
    """
    import keras

    from keras_gan.callbacks import Samples
    from keras_gan.cli.real_data import located, open_dataset, open_reference
    from keras_gan.data import batches

    keras.utils.set_random_seed(settings.seed)
    settings = located(settings)
    if RECIPES[settings.recipe].translates:
        from keras_gan.cli import translation

        return translation.run(settings, folder, resumed)
    dataset = open_dataset(settings, settings.labels)
    spec = dataset.element_spec[0] if settings.labels else dataset.element_spec
    shape = tuple(spec.shape)
    settings = resolve(settings, shape)
    reference = open_reference(settings)
    gan = build(settings, shape, class_count(settings, reference))
    steps = settings.discriminator_steps
    endless = batches(dataset, settings.batch_size, steps, settings.seed).repeat()
    if not resumed:
        folder.prepare()
        folder.write_config(settings)

    untrained = gan.generate(reference.n, seed=settings.seed + 1)
    pictures = Samples(
        folder / "samples",
        **picture_options(settings, reference),
        log_dir=folder / "logs" / "samples",
    )
    evaluations = evaluation_of(settings, reference, folder)
    with rescued(gan, settings, folder):
        finished = fit(gan, endless, settings, folder, pictures, evaluations)
        save(gan, pictures.picture(), folder)
        if not finished:
            return interrupted(folder)
        finish(gan, settings, reference, untrained, folder)
    return 0


def class_count(settings: Settings, reference) -> int | None:
    """How many classes the networks are to know; `None` without labels.

    Raises:
        ValueError: For labels of one class.
    """
    if not settings.labels:
        return None
    if reference.classes < 2:
        raise ValueError(
            f"--labels needs data of at least two classes; {settings.dataset} has "
            f"{reference.classes}."
        )
    return reference.classes


def check_alone(arguments: argparse.Namespace) -> None:
    """Refuses options for a new run beside --resume.

    Raises:
        ValueError: If there are any.
    """
    given = [name for name in ("out", "overwrite", "config") if getattr(arguments, name)]
    if given:
        raise ValueError(
            f"--resume goes on in the folder of the run; received "
            f"{', '.join(map(settings_module.flag_of, given))} too: leave that out, or begin "
            f"another run with --config {arguments.resume}/config.json --out FOLDER."
        )


def given_settings(arguments: argparse.Namespace) -> dict:
    """The settings that were given as flags."""
    names = settings_module.Settings.__dataclass_fields__
    return {name: value for name, value in vars(arguments).items() if name in names}


def evaluation_of(settings: Settings, reference, folder: RunFolder) -> list:
    """The callback that scores the game in training, where that is asked for."""
    from keras_gan.callbacks import Evaluation

    if not settings.evaluate_epochs:
        return []
    return [
        Evaluation(
            reference,
            every=settings.evaluate_epochs,
            features=settings.features,
            seed=settings.seed,
            folder=folder / "evaluation",
        )
    ]


def picture_options(settings: Settings, reference) -> dict:
    """How many samples a picture shows, of which latent vectors, and the data beneath points."""
    if reference.first.ndim == 2:
        return {
            "count": POINTS_SHOWN,
            "seed": settings.seed,
            "real": reference.first[:POINTS_SHOWN],
        }
    return {"count": IMAGES_SHOWN, "seed": settings.seed, "real": None}


def finish(gan, settings: Settings, reference, untrained, folder: RunFolder) -> None:
    """Scores the model, and writes and prints the scores.

    Raises:
        NotFiniteSamplesError: For a generator that training has made useless.
    """
    from keras_gan.backend.finite import refuse_broken_samples
    from keras_gan.cli import scores

    samples = gan.generate(reference.n, seed=settings.seed + 1)
    refuse_broken_samples(samples, "there are no scores", gan)
    found = {
        "frechet": scores.frechet_scores(reference, samples, untrained, settings.features),
        "coverage": scores.coverage_scores(
            settings.dataset, reference, samples, settings.seed, gan.classes
        ),
        "protocol": scores.protocol(settings, reference),
    }
    folder.write_json("metrics.json", found)
    print(f"\n{lines(scores.table(found))}\n")
    print(f"The run is in {one_line(folder.path)}: {', '.join(WRITTEN)}.")
