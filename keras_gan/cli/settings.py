"""The settings of a training run: one table from which flags, JSON and checks follow."""

import argparse
import dataclasses
import json
import math
import pathlib

from keras_gan.arguments import unknown_name
from keras_gan.cli.paths import hint
from keras_gan.cli.recipes import NETWORKS, NORMALIZATIONS, RECIPES
from keras_gan.cli.run_schema import MOST, VERSION
from keras_gan.files.json_fields import check_version
from keras_gan.files.plain import NoPlainFileError, content_of
from keras_gan.metrics.features import EXTRACTORS
from keras_gan.objectives.divergences import DIVERGENCES


def setting(kind, default, text, *, least=None, below=None, above=None, names=None, chosen=None):
    """A field of `Settings`.

    Args:
        kind: `str`, `int`, `float` or `bool`.
        default: The value; `None` where it is chosen later.
        text: What the help says.
        least: The smallest allowed number.
        below: Numbers must be smaller than this.
        above: Numbers must be greater than this.
        names: The allowed names.
        chosen: What a default of `None` is chosen by, for the help.
    """
    metadata = {
        "kind": kind,
        "text": text,
        "least": least,
        "below": below,
        "above": above,
        "names": names,
        "chosen": chosen,
    }
    return dataclasses.field(default=default, metadata=metadata)


@dataclasses.dataclass(frozen=True)
class Settings:
    """All that decides a training run; `None` is a value still to be chosen by data and recipe.

    Raises:
        ValueError: For a value of the wrong type or out of range, or an unknown recipe or network.
    """

    dataset: str = setting(
        str,
        "digits",
        "a data set below, any image set of TensorFlow Datasets by its name, a folder "
        "of images, or a .npy or .npz array of images or points",
    )
    recipe: str = setting(str, "sngan", "how to train", names=RECIPES)
    target: str = setting(
        str,
        None,
        "the data set of the other domain, for cyclegan alone, which translates between the two",
        chosen="none",
    )
    target_crop: int = setting(
        int,
        None,
        "cut out the middle square of this side of the target's images, in pixels, first",
        least=1,
        chosen="as they are",
    )
    copies: int = setting(
        int,
        None,
        "train also on so many turned, slanted, stretched and shifted copies of every image, for "
        "cyclegan alone",
        least=1,
        chosen="none",
    )
    labels: bool = setting(
        bool,
        False,
        "train on the data set's class labels, so that samples can be made of a chosen class",
    )
    divergence: str = setting(
        str,
        None,
        f"what fgan estimates and lowers, for that recipe alone: {', '.join(DIVERGENCES)}",
        names=DIVERGENCES,
        chosen="gan",
    )
    network: str = setting(
        str,
        None,
        "the kind of networks",
        names=NETWORKS,
        chosen="dcgan for images, mlp for points and for bigan",
    )
    image_size: int = setting(
        int, None, "crop and resize images to squares of this side", least=1, chosen="as they are"
    )
    width: int = setting(
        int,
        None,
        "channels of the networks' widest images, or units of the mlp's layers",
        least=1,
        chosen="by data set",
    )
    discriminator_width: int = setting(
        int, None, "the same of the discriminator alone", least=1, chosen="--width"
    )
    discriminator_normalization: str = setting(
        str,
        None,
        f"what the discriminator normalizes: {', '.join(NORMALIZATIONS)}",
        names=NORMALIZATIONS,
        chosen="by recipe",
    )
    latent_dim: int = setting(int, None, "components of z", least=1, chosen="by data set")
    epochs: int = setting(
        int, None, "epochs, each of which ends with a picture", least=1, chosen="by data set"
    )
    steps_per_epoch: int = setting(
        int, None, "generator steps an epoch", least=1, chosen="by data set"
    )
    batch_size: int = setting(
        int, None, "samples a step of one network", least=1, chosen="by data set"
    )
    discriminator_steps: int = setting(
        int,
        None,
        "discriminator steps a generator step, each on samples of its own",
        least=1,
        chosen="by recipe",
    )
    generator_learning_rate: float = setting(
        float, None, "the generator's learning rate", above=0, chosen="by recipe"
    )
    discriminator_learning_rate: float = setting(
        float, None, "the discriminator's learning rate", above=0, chosen="by recipe"
    )
    learning_rate_schedule: str = setting(
        str,
        "constant",
        "what becomes of both learning rates: constant, or a half cosine down to 0",
        names=("constant", "cosine"),
    )
    beta_1: float = setting(
        float, None, "Adam's β₁, of both players", least=0, below=1, chosen="by recipe"
    )
    beta_2: float = setting(
        float, None, "Adam's β₂, of both players", least=0, below=1, chosen="by recipe"
    )
    penalty_weight: float = setting(
        float,
        None,
        "weight of the gradient penalty, for recipes that have one",
        above=0,
        chosen="by recipe",
    )
    penalty_every: int = setting(
        int,
        None,
        "steps from one gradient penalty to the next, for r3gan alone",
        least=1,
        chosen="by recipe",
    )
    average: float = setting(
        float,
        None,
        "decay of the averaged generator; 0 for none",
        least=0,
        below=1,
        chosen="by recipe",
    )
    steps_per_execution: int = setting(
        int,
        None,
        "steps in one call of the compiled function; speeds up small networks",
        least=1,
        chosen="by data set",
    )
    checkpoint_steps: int = setting(
        int,
        500,
        "steps between checkpoints, from which --resume goes on; one is written after every epoch "
        "too",
        least=1,
    )
    score_samples: int = setting(
        int, 5000, "samples on either side of the scores, at most", least=2
    )
    features: str = setting(str, "pixels", "the feature extractor of the scores", names=EXTRACTORS)
    evaluate_epochs: int = setting(
        int,
        0,
        "epochs between scores in training, of which the best game is kept; 0 for none",
        least=0,
    )
    seed: int = setting(int, 0, "fixes all random numbers", least=0, below=2**32 - 1)

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value = checked(field, getattr(self, field.name))
            object.__setattr__(self, field.name, value)


def checked(field: dataclasses.Field, value):
    """The value of a setting, once it is known to be allowed.

    Raises:
        ValueError: If it is not.
    """
    rule, flag = field.metadata, flag_of(field.name)
    if value is None and field.default is None:
        return None
    if rule["kind"] is bool:
        if not isinstance(value, bool):
            raise ValueError(f"{flag} must be true or false; received {value!r}.")
        return value
    if rule["kind"] is str:
        if not isinstance(value, str):
            raise ValueError(f"{flag} must be a name; received {value!r}.")
        if rule["names"] is not None and value not in rule["names"]:
            raise unknown_name(field.name, value, rule["names"])
        return value
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    whole = rule["kind"] is int
    fits = number and math.isfinite(value) and (isinstance(value, int) or not whole)
    bounds = {
        "at least {}": (rule["least"], lambda bound: value >= bound),
        "greater than {}": (rule["above"], lambda bound: value > bound),
        "less than {}": (rule["below"], lambda bound: value < bound),
    }
    bounds = {text.format(b): (b, holds) for text, (b, holds) in bounds.items() if b is not None}
    if not fits or not all(holds(bound) for bound, holds in bounds.values()):
        kind = "a whole number" if whole else "a number"
        raise ValueError(f"{flag} must be {kind}, {' and '.join(bounds)}; received {value!r}.")
    return rule["kind"](value)


def flag_of(name: str) -> str:
    """The flag of a setting."""
    return f"--{name.replace('_', '-')}"


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Gives a parser one flag a setting; only those that are given end in the namespace."""
    for field in dataclasses.fields(Settings):
        rule = field.metadata
        default = rule["chosen"] if field.default is None else field.default
        if rule["kind"] is bool:
            parser.add_argument(
                flag_of(field.name),
                action=argparse.BooleanOptionalAction,
                default=argparse.SUPPRESS,
                help=rule["text"],
            )
            continue
        parser.add_argument(
            flag_of(field.name),
            type=rule["kind"],
            default=argparse.SUPPRESS,
            metavar="NAME" if rule["kind"] is str else "N",
            help=f"{rule['text']} (default: {default})",
        )


def from_flags(arguments: argparse.Namespace, config: str | None) -> Settings:
    """The settings that flags give, over those of a configuration file, over the defaults.

    Args:
        arguments: What a parser with `add_flags` returned.
        config: The path of a JSON file such as a run's `config.json`, or `None`.

    Raises:
        ValueError: For a file that is none, an unknown setting, or a value that is not allowed.
    """
    given = {} if config is None else from_file(pathlib.Path(config))
    names = [field.name for field in dataclasses.fields(Settings)]
    return Settings(
        **(given | {name: value for name, value in vars(arguments).items() if name in names})
    )


def from_file(path: pathlib.Path) -> dict:
    """The settings in a JSON file; the versions that a run notes there are passed over.

    Raises:
        ValueError: As in `from_flags`.
    """
    if path.is_dir():
        inside = path / "config.json"
        remedy = f"take {inside}" if inside.is_file() else "name a JSON file in it"
        raise ValueError(f"--config {path} is a folder: {remedy}.")
    try:
        given = json.loads(text_in(path))
    except FileNotFoundError:
        raise ValueError(f"There is no configuration file {path}{hint(str(path))}.") from None
    except NoPlainFileError as error:
        raise ValueError(f"{path} is not a JSON file, for {error}.") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not a JSON file: {error}.") from error
    return checked_object(given, path)


def text_in(path: pathlib.Path) -> str:
    """The text of a plain file, or of what a shell hands over by a name in `/dev`."""
    if path.is_absolute() and path.parts[1] in ("dev", "proc"):  # --config <(command)
        with open(path, "rb") as file:  # whose length nothing tells, such as /dev/zero
            content = file.read(MOST + 1)
        if len(content) > MOST:
            raise NoPlainFileError(f"it has more than {MOST:,} bytes")
        return content.decode()
    return content_of(path, MOST).decode()


def checked_object(given, where) -> dict:
    """The settings in an object of JSON, without the versions that a run notes there.

    Those of the format that a later version of this library has introduced are refused.

    Args:
        given: The object.
        where: Where it stands, for messages.

    Raises:
        ValueError: For anything else than settings.
    """
    if not isinstance(given, dict):
        raise ValueError(
            f"{where} must hold a JSON object of settings; received a {type(given).__name__}."
        )
    try:
        check_version(given, VERSION)
    except ValueError as error:
        raise ValueError(f"{where} cannot be used: {error}.") from error
    given = {name: value for name, value in given.items() if name not in ("version", "versions")}
    names = [field.name for field in dataclasses.fields(Settings)]
    for name in given:
        if name not in names:
            raise unknown_name(f"setting in {where}", name, names)
    try:
        Settings(**given)
    except ValueError as error:
        raise ValueError(f"In {where}: {error}") from error
    return given
