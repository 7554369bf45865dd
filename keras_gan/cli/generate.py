"""`keras-gan generate`."""

import argparse
import itertools
import pathlib
from collections.abc import Iterator

from keras_gan.arguments import amount, whole
from keras_gan.cli.models import trained
from keras_gan.cli.paths import check_output
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
  keras-gan generate runs/maps --of photographs        what a model of two domains makes of images
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
        "--of",
        metavar="DATA",
        help="the images that become others, for models of two domains: a data set, a folder of "
        "images, or an array file; cropped and resized as the model takes them",
    )
    parser.add_argument(
        "--to",
        choices=("x", "y"),
        help="with --of: the domain of what is made, y as the target of the training (y)",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="fixes the latent vectors (default: 0)"
    )
    parser.add_argument(
        "--labels",
        nargs="+",
        metavar="Y",
        help="the classes of the samples, in turn, by number or name, if the model takes labels "
        "(default: all); of a model of condition vectors these, such as 0,1,0.5",
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
    from keras_gan.cli.classes import asked_for
    from keras_gan.files.atomic import replacing

    if arguments.of is None and arguments.to is not None:
        raise ValueError("--to is for images that --of names: add that, or leave --to out.")
    model = trained(arguments.run_or_file, arguments.of, arguments.to or "y")
    if arguments.of is not None:
        arguments.count = min(arguments.count, model.count)
    model.check_number(arguments.count)
    if arguments.labels is not None and not model.conditional:
        raise ValueError(
            f"The model of {arguments.run_or_file} does not take labels: leave --labels out."
        )
    labels = asked_for(arguments.labels, arguments.run_or_file, model)
    in_turn = None
    if labels is not None:
        in_turn = np.asarray(labels)[np.arange(arguments.count) % len(labels)]
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
