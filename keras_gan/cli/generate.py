"""`keras-gan generate`."""

import argparse
import itertools
import pathlib
from collections.abc import Iterator

from keras_gan.arguments import amount, whole
from keras_gan.cli.paths import check_output, hint
from keras_gan.families.registry import entry_of
from keras_gan.texts import one_line

SUMMARY = "make samples with a trained model"
DESCRIPTION = """Makes samples with a preset, or a model that keras-gan train or model.save() wrote.

examples:
  keras-gan generate runs/sngan_digits
  keras-gan generate sngan_mnist
  keras-gan generate runs/labelled --labels 7          one class, if the model takes labels
  keras-gan generate runs/labelled --labels 0 1 2 3    these classes in turn
  keras-gan generate runs/photos --labels flower       by name, for data in folders by class
  keras-gan generate gan.keras --count 100 --seed 7 --out grid.png
  keras-gan generate sngan_mnist --truncation 0.7      better samples, which differ less
  keras-gan generate runs/sngan_digits --count 10000 --out samples.npz
"""
FORMATS = (".png", ".npz")
notes = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of the sub-command."""
    parser.add_argument(
        "run_or_file",
        metavar="RUN_OR_FILE",
        help="a run folder with a model.keras, a .keras file, or a preset's name or folder",
    )
    parser.add_argument(
        "--count", type=int, default=64, metavar="N", help="number of samples (default: 64)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="fixes the latent vectors (default: 0)"
    )
    parser.add_argument(
        "--labels",
        nargs="+",
        metavar="Y",
        help="the classes of the samples, in turn, by number or name, if the model takes labels "
        "(default: all)",
    )
    parser.add_argument(
        "--truncation",
        type=float,
        metavar="T",
        help="draw components of the latent vectors anew that are beyond T, in standard deviations "
        "of a normal prior or halves of the width of a uniform one; of a network with styles, T "
        "times their distance from the mean style (default: none)",
    )
    parser.add_argument(
        "--out",
        default="grid.png",
        metavar="FILE",
        help=".png for one picture of all samples, .npz for the float32 array `samples` (n, ...) "
        "with images in [-1, 1], beyond which a decoder without an activation may go a little "
        "(default: grid.png)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Writes the samples; returns the exit code.

    Raises:
        ValueError: For a flag that is not allowed, a model that cannot be loaded, or samples that
            are not finite.
    """
    out = pathlib.Path(arguments.out)
    if out.suffix not in FORMATS:
        raise ValueError(f"--out must end in {' or '.join(FORMATS)}; received {arguments.out}.")
    whole("--count", arguments.count)
    whole("--seed", arguments.seed, least=0)
    if arguments.truncation is not None:
        amount("--truncation", arguments.truncation, above=0)
    check_output("--out", out)

    import numpy as np

    from keras_gan.cli import sample_files
    from keras_gan.cli.classes import numbers_of
    from keras_gan.files.atomic import replacing

    model = trained(arguments.run_or_file)
    model.check_number(arguments.count)
    if arguments.labels is not None and not model.conditional:
        raise ValueError(
            f"The model of {arguments.run_or_file} does not take labels: leave --labels out, or "
            f"train one with keras-gan train --labels first."
        )
    labels = numbers_of(arguments.labels, arguments.run_or_file)
    in_turn = None if labels is None else np.resize(labels, arguments.count)
    given = {"seed": arguments.seed, "labels": in_turn, "truncation": arguments.truncation}
    parts = _finite_parts(model, arguments.count, **given)
    first = next(parts)
    parts, shape = itertools.chain([first], parts), (arguments.count, *first.shape[1:])
    if out.suffix == ".npz":
        sample_files.check_disk(out.resolve().parent, shape)
    else:
        sample_files.check_picture(shape)
    out.parent.mkdir(parents=True, exist_ok=True)
    with replacing(out.resolve()) as partial:  # a link stays one
        if out.suffix == ".npz":
            sample_files.write_array(partial, parts, shape)
        else:
            columns = model.classes if labels is None else len(labels)
            picture = sample_files.drawn(parts, shape, columns if (columns or 0) > 1 else None)
            picture.save(partial)
    print(one_line(f"wrote {arguments.count} samples of shape {shape[1:]} to {out}"))
    return 0


def _finite_parts(model, count: int, **options) -> Iterator:
    """The samples of `model.generate_in_parts`, all of them finite.

    Args:
        model: A model or a preset.
        count: The number of samples.
        **options: As in `generate_in_parts`.

    Raises:
        NotFiniteSamplesError: Says how many samples of a part are not finite.
    """
    from keras_gan.backend.finite import refuse_broken_samples

    for part in model.generate_in_parts(count, **options):
        refuse_broken_samples(part, "nothing was written", model)
        yield part


def trained(name: str):
    """Loads the model of a run or file, or a preset.

    Args:
        name: A run folder, a `.keras` file, or the name or folder of a preset.

    Raises:
        ValueError: If there is no such thing, or it cannot be loaded.
    """
    from keras_gan.zoo import presets

    path = pathlib.Path(name)
    is_preset = (path / "checksums").is_file() if path.exists() else name in presets.known()
    return sampling_preset(name) if is_preset else trained_game(name)


def sampling_preset(name: str):
    """Loads a preset that makes samples.

    Args:
        name: The name or folder of a preset.

    Raises:
        ValueError: If it is of another kind, or cannot be loaded.
    """
    from keras_gan.zoo import description, kind_registry, packing, presets

    with presets.opened(name) as (folder, content):
        kind = description.parse(content["config.json"], folder).kind
        cls = kind_registry.CLASSES[kind]
        if not hasattr(cls, "generate"):
            raise ValueError(
                f"The preset in {one_line(folder)} holds a {kind}, which does not make samples "
                f"from latent vectors: load it with {cls.called}.from_preset."
            )
        return packing.unpack(cls, folder, content)


def trained_game(name: str):
    """Loads the model of a run or file.

    Args:
        name: A run folder or a `.keras` file.

    Raises:
        ValueError: As `trained`, and for a model that does not make samples from latent vectors.
    """
    from keras_gan.models.loading import load_model

    path = model_file(name)
    gan = load_model(path)
    if hasattr(gan, "generate"):
        return gan
    entry = entry_of(gan)
    said = None if entry is None else entry.instead_of_samples(path)
    raise ValueError(f"{name} is a {type(gan).__name__}, which {said or 'does not make samples.'}")


def model_file(run_or_file: str) -> pathlib.Path:
    """The model file of a run folder, or the file itself.

    Args:
        run_or_file: A run folder or a `.keras` file.

    Raises:
        ValueError: If there is nothing at this path, or a folder without a model.
    """
    path = pathlib.Path(run_or_file)
    if not path.exists():
        from keras_gan.zoo import presets

        raise ValueError(
            f"There is no run folder, .keras file or preset {run_or_file!r}"
            f"{hint(run_or_file, presets.known())}: keras-gan train makes a run, and keras-gan zoo "
            f"list lists the presets."
        )
    if not path.is_dir():
        return path
    if not (path / "model.keras").exists():
        if (path / "config.json").is_file() and any(path.glob("checkpoints/step_*.checkpoint")):
            raise ValueError(
                f"The run in {path} is not finished and has no model.keras yet: "
                f"keras-gan train --resume {path} continues it."
            )
        raise ValueError(f"The folder {path} has no model.keras: is it a run of keras-gan train?")
    return path / "model.keras"
