"""`keras-gan zoo`."""

import argparse
import pathlib
import sys

from keras_gan.cli.parser import add_common
from keras_gan.texts import lines, one_line

SUMMARY = "list, check, train, publish and export pretrained generators"
DESCRIPTION = """The pretrained generators and translators: presets of kg.Generator.from_preset and
kg.Translator.from_preset.

  keras-gan zoo list
  keras-gan zoo show sngan_digits
  keras-gan zoo verify                         all of them: checksums, pictures, scores
  keras-gan zoo train sngan_digits             train it again, as its card says
  keras-gan zoo publish runs/sngan_digits      score a run and write its preset into zoo/
  keras-gan zoo export sngan_digits --format onnx
  keras-gan zoo gallery                        write zoo/README.md

A preset is a name, or the path of a folder; presets in the folder that KERAS_GAN_ZOO names have
names, too, and go before those of the package. Scores are taken on the data that a card names, if
they are the library's own; other data are read only if --dataset names them. --skip-scores does
without.
"""
FORMATS = ("tf", "onnx", "litert")
notes = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The sub-commands of the sub-command."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    def action(name, function, text):
        added = actions.add_parser(name, help=text, description=text)
        added.set_defaults(act=function, command=added)
        add_common(added)
        return added

    action("list", show_list, "the names, sizes, kinds and summaries of all presets")
    action("show", show, "the card of a preset").add_argument("preset", help="a name or a folder")
    text = (
        "compare presets with their checksums, pictures (0.02 per cent of the pixels may differ) "
        "and the scores on their cards (which may differ by 2 per cent)"
    )
    added = action("verify", verify, text)
    added.add_argument("presets", nargs="*", metavar="PRESET", help="names or folders (all)")
    added.add_argument(
        "--skip-scores",
        action="store_true",
        help="take no scores and draw no translations, which needs the data",
    )
    add_data(added)
    added = action("train", train, "train a preset again, from the configuration on its card")
    added.add_argument("preset", help="a name or a folder")
    add_data(added)
    added.add_argument("--out", metavar="FOLDER", help="the run folder (runs/<preset>)")
    added.add_argument("--overwrite", action="store_true", help="replace an earlier run there")
    added = action("publish", publish, "score a finished run and write its preset")
    added.add_argument("folder", metavar="RUN", help="a run folder of keras-gan train")
    added.add_argument("--name", metavar="NAME", help="the preset's name (<recipe>_<data set>)")
    added.add_argument("--zoo", metavar="FOLDER", default="zoo", help="where presets are (zoo)")
    added.add_argument("--overwrite", action="store_true", help="replace a preset of that name")
    text = "publish the best game of train --evaluate-epochs, not the last one"
    added.add_argument("--best", action="store_true", help=text)
    added.add_argument("--source", metavar="TEXT", help="where data of your own come from")
    added.add_argument("--licence", metavar="TEXT", help="their licence")
    added = action("export", export, "write a generator for another program")
    added.add_argument("preset", help="a name or a folder")
    added.add_argument("--format", choices=FORMATS, required=True, help="which program's")
    added.add_argument("--out", metavar="PATH", help="where to (<preset>, with its suffix)")
    added = action("gallery", show_gallery, "write the zoo's README.md and every card's page anew")
    added.add_argument("--zoo", metavar="FOLDER", default="zoo", help="where presets are (zoo)")


def add_data(parser: argparse.ArgumentParser) -> None:
    """The flags that name data in place of those on a card."""
    text = "the data to read in place of those that the card names, for data of one's own"
    parser.add_argument("--dataset", metavar="NAME", help=text)
    text = "likewise, of the second data set of a translator"
    parser.add_argument("--target", metavar="NAME", help=text)


def run(arguments: argparse.Namespace) -> int:
    """Does what was asked for; returns the exit code.

    Raises:
        ValueError: For an unknown preset, or one that cannot be had or trusted.
    """
    return arguments.act(arguments)


def show_list(arguments: argparse.Namespace) -> int:
    """Prints a line a preset."""
    from keras_gan.zoo import presets

    for name, entry in presets.known().items():
        size, kind = f"{entry['bytes'] / 1e6:.2f} MB", presets.kind_of(entry)
        print(lines(f"{name:<22}{size:>9}  {kind:<12}{one_line(entry['summary'])}"))
    return 0


def show(arguments: argparse.Namespace) -> int:
    """Prints a card."""
    from keras_gan.cli.zoo.reading import page_of
    from keras_gan.zoo import presets

    with presets.opened(arguments.preset) as (folder, content):
        print(lines(page_of(arguments.preset, folder, content)), end="")
    return 0


def verify(arguments: argparse.Namespace) -> int:
    """Checks presets; 1 if one is not what it says."""
    from keras_gan.cli.zoo.verifying import verify as verified
    from keras_gan.zoo import presets

    failed, data = 0, (arguments.dataset, arguments.target)
    if data != (None, None) and len(arguments.presets) != 1:
        raise ValueError("--dataset and --target go with one preset, whose data they are: name it.")
    for name in arguments.presets or presets.known():
        try:
            said = verified(name, not arguments.skip_scores, *data)
        except (ValueError, OSError) as error:
            failed += 1
            print(one_line(f"{name}: FAILED: {error}"), file=sys.stderr)
            continue
        print("\n  ".join(map(one_line, [f"{name}: holds", *said])))
    return 1 if failed else 0


def train(arguments: argparse.Namespace) -> int:
    """Trains a preset again."""
    import dataclasses
    import json
    import tempfile

    from keras_gan.cli.main import main
    from keras_gan.cli.timing import machine
    from keras_gan.cli.zoo.named_data import permitted
    from keras_gan.cli.zoo.reading import card_in, complaints, configuration
    from keras_gan.zoo import presets

    with presets.opened(arguments.preset) as (folder, content):
        card = card_in(folder, content)
    on_card, here = configuration(card, arguments.preset), machine()
    settings = permitted(on_card, arguments.preset, arguments.dataset, arguments.target)
    with complaints(arguments.preset):
        there = {name: card["training"][name] for name in here}
    if here != there:
        text = (
            f"{arguments.preset} was trained on {there['backend']}, {there['machine']}; this is "
            f"{here['backend']}, {here['machine']}: the generator will be a similar one, not the "
            f"same."
        )
        print(one_line(text), file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "config.json"
        path.write_text(json.dumps(dataclasses.asdict(settings)))
        out = arguments.out or f"runs/{presets.name_of(arguments.preset)}"
        flags = [f"--{name}" for name in ("overwrite", "traceback") if getattr(arguments, name, 0)]
        return main(["train", "--config", str(path), "--out", out, *flags])


def publish(arguments: argparse.Namespace) -> int:
    """Writes a preset."""
    from keras_gan.cli.zoo.publishing import publish as published
    from keras_gan.zoo import packing, presets

    name = published(
        arguments.folder,
        arguments.zoo,
        arguments.name,
        overwrite=arguments.overwrite,
        best=arguments.best,
        source=arguments.source,
        licence=arguments.licence,
    )
    folder = pathlib.Path(arguments.zoo) / name
    print(one_line(f"published {name}: look at {folder / 'samples.png'}"))
    print(
        one_line(f'{packing.LOADED_BY[presets.kind_in(folder)]}.from_preset("{folder}") loads it')
    )
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Writes a generator in another format."""
    from keras_gan.cli.zoo.exporting import export as exported

    print(one_line(exported(arguments.preset, arguments.format, arguments.out)))
    return 0


def show_gallery(arguments: argparse.Namespace) -> int:
    """Writes the page of all presets."""
    from keras_gan.cli.zoo.gallery import write_gallery

    write_gallery(pathlib.Path(arguments.zoo))
    print(one_line(f"wrote {pathlib.Path(arguments.zoo) / 'README.md'}"))
    return 0
