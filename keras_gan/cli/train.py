"""`keras-gan train`."""

import argparse

from keras_gan.checkpoints.comparing import OVERRIDES
from keras_gan.cli.classes import write_names
from keras_gan.cli.computing import computing
from keras_gan.cli.config_file import given_in
from keras_gan.cli.defaults import resolve
from keras_gan.cli.fitting import WRITTEN, fit, interrupted, rescued, save
from keras_gan.cli.introduction import introduce, say_further
from keras_gan.cli.other_runs import naming_runs, place_of, with_inherited
from keras_gan.cli.paths import check_run
from keras_gan.cli.run_folder import RunFolder, default_path
from keras_gan.cli.settings import Settings, add_flags, given_flags, table
from keras_gan.families.places import located
from keras_gan.families.registry import ENTRIES
from keras_gan.families.setting import flag_of
from keras_gan.texts import lines, one_line

SUMMARY = "train a model, draw its samples and score them"
DESCRIPTION = """Trains a model on a data set and writes a run folder:

  config.json         all settings and versions; --config reproduces the run from it
  checkpoints/        the last states of the training, from which --resume continues
  model.keras         the model: networks, optimizers, averages, random state
  samples/            one picture per epoch, from the same latent vectors
  samples.gif .png    all of these pictures in turn, and the last one
  history.csv         the losses of every epoch
  evaluation/         with --evaluate-epochs: the best model, the curve of its scores, a chart
  logs/               losses and pictures for tensorboard --logdir
  timing.json         how long it trained, and on what
  metrics.json        the final scores, and how they were measured

examples:
  keras-gan train --dataset digits
  keras-gan train --dataset mnist --epochs 5 --average 0.99 --out runs/quick
  keras-gan train --config runs/sngan_digits/config.json --out runs/again
  keras-gan train --resume runs/quick

--resume continues a run that was killed, was interrupted or filled the disk, any number of times.
The run ends with the weights, pictures, losses and scores of a run that never stopped. Only the
event files in logs/ may contain the steps after a checkpoint twice.
"""


def notes() -> str:
    """The lists at the end of the help."""
    from keras_gan.data import DATASETS

    def listing(title, rows):
        return "\n".join([f"{title}:", *(f"  {name:<16}{text}" for name, text in rows.items())])

    recipes, networks, defaults = {}, {}, {}
    for name, entry in ENTRIES.items():
        shown = entry.shown_defaults().splitlines()
        recipes[name] = "\n".join([entry.summary, *(f"{'':18}{line}" for line in shown)])
        networks, defaults = entry.networks | networks, entry.defaults_by_data | defaults
    columns = ("epochs", "steps_per_epoch", "batch_size", "width", "latent_dim")
    heads = "".join(f"{column:>17}" for column in columns)
    rows = {name: "".join(f"{row[c]:>17}" for c in columns) for name, row in defaults.items()}
    return "\n\n".join(
        [
            listing("data sets", DATASETS),
            listing("recipes", recipes),
            listing("networks", networks),
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
        help="continue the run in this folder, with the settings in its config.json; flags "
        "change them: --epochs 40, for example, trains longer",
    )
    parser.add_argument(
        "--override",
        nargs="+",
        choices=OVERRIDES,
        metavar="WHAT",
        default=[],
        help="with --resume: what may differ from the checkpoint, because you changed it on "
        f"purpose: {', '.join(OVERRIDES)}; otherwise a difference is an error. The number of "
        "epochs, the steps between checkpoints and the scores may always differ, except that "
        "another number of epochs needs --override optimizer with --learning-rate-schedule cosine, "
        "which ends with the last epoch",
    )
    add_flags(parser.add_argument_group("settings"))


def run(arguments: argparse.Namespace) -> int:
    """Trains, saves and scores; returns the exit code.

    Raises:
        ValueError: For invalid settings or data, before anything is written.
    """
    if arguments.resume is None:
        if arguments.override:
            raise ValueError("--override works only with --resume: leave it out, or add --resume.")
        given = given_in(arguments, arguments.config)
        settings = with_inherited(Settings(**given), given)
        return begun(settings, arguments.out or default_path(settings), arguments.overwrite)
    _check_alone(arguments)
    check_run(arguments.resume)
    folder, settings = RunFolder.of_run(arguments.resume)
    try:
        folder.override = tuple(arguments.override)
        given = given_flags(arguments)
        epochs = {"epochs": None} if "steps" in given else {}  # in steps as long as they were
        settings = with_inherited(settings.replaced(**(epochs | given)), given)
        return _trained(settings, folder, resumed=True)
    finally:
        folder.lock.release()


def begun(settings: Settings, out: str, overwrite: bool) -> int:
    """Trains, saves and scores in a new folder; returns the exit code.

    Args:
        settings: The run's settings.
        out: The folder.
        overwrite: Whether to replace an earlier run there.

    Raises:
        ValueError: As `run`.
    """
    folder = RunFolder(out, overwrite)
    try:
        return _trained(settings, folder, resumed=False)
    finally:
        folder.lock.release()


def _trained(settings: Settings, folder: RunFolder, resumed: bool) -> int:
    """Trains, saves and scores in a run's folder; returns the exit code.

    Args:
        settings: The settings from flags or the run.
        folder: The run's folder.
        resumed: Whether an earlier run continues.

    Raises:
        ValueError: As `run`.
        FolderLostError: If the folder vanishes.
    """
    with computing(settings):
        return _trained_here(settings, folder, resumed)


def _trained_here(settings: Settings, folder: RunFolder, resumed: bool) -> int:
    """As `_trained`, on the device and in the precision of this process."""
    import keras

    keras.utils.set_random_seed(settings.seed)
    entry, settings = ENTRIES[settings.recipe], with_places(settings)
    entry.check(settings)
    data = entry.open(settings)
    settings = resolve(settings, data.shape)
    model = entry.build(settings, data)
    batches = entry.batches(settings, data)
    if not resumed:
        folder.prepare()
        folder.write_config(settings)
        write_names(folder, data, settings)
    untrained = entry.before_training(model, settings, data)
    pictures = entry.pictures(settings, data, folder / "samples", folder / "logs" / "samples")
    evaluations = entry.evaluations(settings, data, folder / "evaluation")
    introduce(model, entry.data_facts(settings, data), settings, folder.path)
    with rescued(model, settings, folder):
        try:
            finished = fit(model, batches, settings, folder, pictures, evaluations)
            save(model, pictures.picture(), folder)
            if not finished:
                return interrupted(folder)
            scores = entry.scores(model, settings, data, untrained)
        except KeyboardInterrupt:  # while it saves or scores
            return interrupted(folder)
        folder.write_json("metrics.json", scores)
    print(f"\n{lines(entry.table(scores))}\n")
    print(f"The run is in {one_line(folder.path)}: {', '.join(WRITTEN)}.")
    say_further(entry.further(settings, folder.path))
    return 0


def with_places(settings: Settings) -> Settings:
    """The settings with absolute paths to data sets, and to runs, that are files or folders."""
    ways = {name: located for name, rule in table().items() if rule.names_data}
    ways |= dict.fromkeys(naming_runs(), place_of)
    ways |= {name: place_of for name, rule in table().items() if rule.names_file}
    given = {name: getattr(settings, name) for name in ways}
    found = {name: ways[name](each) for name, each in given.items() if each is not None}
    return settings.replaced(**found)


def _check_alone(arguments: argparse.Namespace) -> None:
    """Refuses options for a new run together with --resume.

    Raises:
        ValueError: Names the options.
    """
    given = [name for name in ("out", "overwrite", "config") if getattr(arguments, name)]
    if given:
        raise ValueError(
            f"--resume continues in the folder of the run, but also received "
            f"{', '.join(map(flag_of, given))}: leave that out, or start another run with "
            f"--config {arguments.resume}/config.json --out FOLDER."
        )
