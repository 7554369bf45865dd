"""`keras-gan evaluate`."""

import argparse
import json
import pathlib

from keras_gan.arguments import whole
from keras_gan.cli.paths import check_output
from keras_gan.cli.progress_bar import progress_bar
from keras_gan.cli.settings import typed
from keras_gan.data.names import PAGES, REFUSE
from keras_gan.families.setting import image_size
from keras_gan.metrics.names import DIRECTIONS, EXTRACTORS, SCORES, what_distance
from keras_gan.texts import lines, one_line

SUMMARY = "score samples against others, beside a real-to-real baseline"
DESCRIPTION = """Scores the samples of A against those of B, and the halves of B against each other.

Each of A and B is
  a run folder of keras-gan train, or a saved model (.keras): the averaged generator's samples
  a data set by name: its training split
  a folder, .zip or LMDB of images
  an array in a .npz, .npy or .h5 file, such as keras-gan generate writes
  a published generator by name, see keras-gan zoo list
B may also be a .npz file of statistics, mu and sigma, as pytorch-fid, clean-fid and this library
write them: then the only score is the Fréchet distance.

Each score is the mean over two disjoint halves of B, with equally many samples on both sides. "B to
B" is the score between these halves, which no generator is expected to beat.

examples:
  keras-gan evaluate runs/sngan_digits --against digits
  keras-gan evaluate samples.npz --against photographs --image-size 32 --json scores.json
  keras-gan evaluate runs/a --against runs/b --samples 10000 --json -
"""


def notes() -> str:
    """The lists at the end of the help."""
    metrics = (
        f"  {name:<22}{DIRECTIONS[better]}; {rule}".rstrip("; ")
        for name, (better, rule) in SCORES.items()
    )
    return "\n".join(["metrics:", *metrics, "", f"features: {', '.join(EXTRACTORS)}"])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of the sub-command."""
    parser.add_argument("a", metavar="A", help="what is scored")
    parser.add_argument("--against", metavar="B", required=True, help="what A is compared with")
    parser.add_argument(
        "--of",
        metavar="DATA",
        help="if A is a model of two domains: the images of which it makes those that are scored",
    )
    parser.add_argument(
        "--metrics", metavar="NAME", nargs="+", help="the metrics, from the list below (all)"
    )
    parser.add_argument(
        "--features",
        metavar="NAME",
        help="the feature extractor (pixels; of statistics: the one that their file names)",
    )
    parser.add_argument(
        "--samples", type=int, default=5000, metavar="N", help="samples on each side (5000)"
    )
    parser.add_argument(
        "--image-size",
        type=typed(image_size),
        metavar="N|HxW",
        help="crop and resize all images to N x N pixels, or to HEIGHTxWIDTH (stored images: as "
        "those of the run, model or preset beside them)",
    )
    parser.add_argument(
        "--alpha",
        metavar="NAME",
        default=REFUSE,
        help="transparency in images: refuse, keep, or a colour to lay below (refuse)",
    )
    parser.add_argument(
        "--pages",
        choices=(REFUSE, *PAGES),
        default=REFUSE,
        help="pages and frames of TIFF and GIF: refuse, all, each a sample, or first (refuse)",
    )
    parser.add_argument(
        "--skip-broken", action="store_true", help="leave out images that cannot be read"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="fixes which samples are drawn (0)"
    )
    parser.add_argument(
        "--json", metavar="FILE", help="also write all scores to FILE; - prints them, not the table"
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints or writes the scores; returns the exit code.

    Raises:
        ValueError: For an unknown name, a number out of range, or samples that cannot be compared.
    """
    whole("--samples", arguments.samples, least=2)
    whole("--seed", arguments.seed, least=0)
    if arguments.json not in (None, "-"):
        check_output("--json", arguments.json)

    from keras_gan.metrics.against_statistics import is_statistics

    report = (_against_statistics if is_statistics(arguments.against) else _scored)(arguments)
    text = json.dumps(report, indent=2, ensure_ascii=False)
    if arguments.json == "-":
        print(text if lines(text) == text else json.dumps(report, indent=2))
        return 0
    print(lines(_table(report)))
    if arguments.json is not None:
        _write(pathlib.Path(arguments.json), f"{text}\n")
    return 0


def _scored(arguments: argparse.Namespace) -> dict:
    """The scores of samples against samples."""
    from keras_gan.families.datasets import choices
    from keras_gan.metrics.comparison import evaluated

    names = arguments.a, arguments.against
    a, b = _opened(*names, arguments.image_size, arguments.of, choices(arguments))
    features = "pixels" if arguments.features is None else arguments.features
    of_draw = arguments.samples, arguments.seed, arguments.image_size
    with progress_bar("scores"):
        return evaluated(a, b, arguments.metrics, features, *of_draw)


def _against_statistics(arguments: argparse.Namespace) -> dict:
    """The Fréchet distance of samples to stored statistics.

    Raises:
        ValueError: For other metrics, or statistics of an extractor that nothing names.
    """
    from keras_gan.cli.sources import open_source
    from keras_gan.families.datasets import choices
    from keras_gan.metrics.against_statistics import SCORE, evaluated_against
    from keras_gan.metrics.frechet_statistics import FrechetStatistics, names_extractor

    path = arguments.against
    if arguments.metrics not in (None, [SCORE]):
        raise ValueError(
            f"{path} has statistics and no samples, so that --metrics can only be {SCORE}; "
            f"received {' '.join(arguments.metrics)}."
        )
    if arguments.features is None and not names_extractor(path):
        raise ValueError(
            f"{path} does not say which extractor its statistics are of: pass --features "
            f"inception_2015 for those of the original code and torch-fidelity, "
            f"inception_2015_pytorch for pytorch-fid's, inception_2015_clean for clean-fid's."
        )
    statistics = FrechetStatistics.load(path, arguments.features)
    size = arguments.image_size
    a = open_source(arguments.a, size, None, arguments.of, **choices(arguments))
    with progress_bar("scores"):
        found = arguments.samples, arguments.seed, size
        return evaluated_against(a, statistics, path, *found)


def _opened(one: str, other: str, image_size, of: str | None, choices: dict) -> tuple:
    """The sources A and B; stored images get the size and channels of the model beside them.

    Args:
        one: The name of A.
        other: The name of B.
        image_size: The size that a flag gives all images; `None` where none does.
        of: The images of which A makes others; `None` for none.
        choices: What becomes of transparency, pages and broken files.
    """
    from keras_gan.cli.sources import is_stored, open_source

    known, like = {}, None
    for name in sorted((one, other), key=is_stored):  # the model first, which says the shape
        known[name] = open_source(name, image_size, like, of if name == one else None, **choices)
        shape = known[name].shape or ()
        like = shape if image_size is None and len(shape) == 3 else like
    return known[one], known[other]


def _write(path: pathlib.Path, text: str) -> None:
    """Writes a file completely or not at all; writes directly to a device or pipe."""
    from keras_gan.files.atomic import write_atomically

    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not path.is_file():
        path.write_text(text)
    else:
        write_atomically(path.resolve(), text.encode())


def _table(report: dict) -> str:
    """The report as text."""
    protocol = report["protocol"]
    n, dim = protocol["samples_on_either_side"], protocol["features_dim"]
    lines = [
        one_line(f"A: {report['a']['name']} ({report['a']['kind']})"),
        one_line(f"B: {report['b']['name']} ({report['b']['kind']})"),
        f"{n} samples of shape {tuple(protocol['sample_shape'])} on each side; resized: "
        f"{protocol['samples_resize']}",
        f"features: {protocol['features']} {protocol['features_version']}, {dim}-d; "
        f"{protocol['features_resize']}",
        "",
        f"{'':<22}{'A to B':>12}{'B to B':>12}",
    ]
    for name, score in report["scores"].items():
        real = "unknown" if score["b_to_b"] is None else f"{score['b_to_b']:.4g}"
        figures = f"{score['a_to_b']:>12.4g}{real:>12}"
        rule = protocol["metrics"][name]
        lines.append(f"{name:<22}{figures}   {score['better']}{rule and f'; {rule}'}")
    notes = list(protocol["notes"])
    if "frechet_distance" in report["scores"]:
        notes.append(f"{what_distance(protocol['features'], protocol['features_version'])}.")
    return "\n".join([*lines, *(f"note: {note}" for note in notes)])
