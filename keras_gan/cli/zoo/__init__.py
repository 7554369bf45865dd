"""`keras-gan zoo`."""

import argparse
import pathlib
import sys

from keras_gan.cli.parser import add_common
from keras_gan.cli.zoo import named_data
from keras_gan.families.setting import flag_of
from keras_gan.texts import lines, one_line

SUMMARY = "list, check, train, publish, upload and export pretrained models"
DESCRIPTION = """The pretrained models: presets.

  keras-gan zoo list
  keras-gan zoo show wgangp_digits
  keras-gan zoo verify                         all of them: checksums, pictures, scores
  keras-gan zoo train wgangp_digits             train it again, as its card says
  keras-gan zoo publish runs/sngan_digits       score a run and write its preset into zoo/
  keras-gan zoo push zoo/sngan_digits USER/NAME  upload it to the Hugging Face Hub
  keras-gan zoo export wgangp_digits --format onnx
  keras-gan zoo gallery                        write zoo/README.md

A preset is a name or the path of a folder. Presets in the folder KERAS_GAN_ZOO also have names, and
take precedence over those of the package. Scores need the data that the card names. The library's
own data are read; name any other with --dataset, or leave the scores out with --skip-scores.
"""
FORMATS = ("tf", "onnx", "litert")
ALIASES = {"tflite": "litert"}  # its name until 2024, and still that of its files


def notes() -> str:
    """The end of the help: the classes that load presets."""
    from keras_gan.zoo import CLASSES

    return f"in Python: {', '.join(f'{cls.called}.from_preset' for cls in CLASSES.values())}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The sub-commands of the sub-command."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)

    def action(name, function, text, needs_keras=True):
        added = actions.add_parser(name, help=text, description=text)
        added.set_defaults(act=function, command=added, needs_keras=needs_keras)
        add_common(added)
        return added

    text = "list the names, sizes, kinds and summaries of all presets"
    action("list", show_list, text, needs_keras=False)
    shown = action("show", show, "show the card of a preset", needs_keras=False)
    shown.add_argument("preset", help="a name or a folder")
    text = (
        "compare presets with their checksums, their pictures (0.02 per cent of the pixels may "
        "differ) and the scores on their cards (which may differ by 2 per cent)"
    )
    added = action("verify", verify, text)
    added.add_argument("presets", nargs="*", metavar="PRESET", help="names or folders (all)")
    added.add_argument(
        "--skip-scores",
        action="store_true",
        help="skip the scores, and the pictures that need the data",
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
    text = "publish the best model found by train --evaluate-epochs, not the last one"
    added.add_argument("--best", action="store_true", help=text)
    text = "also publish the discriminator, for training on from both; twice the size or so"
    added.add_argument("--discriminator", action="store_true", help=text)
    added.add_argument("--source", metavar="TEXT", help="where your own data come from")
    added.add_argument("--licence", metavar="TEXT", help="their licence")
    text = (
        "upload a preset with its card to the Hugging Face Hub, where kg.Generator.from_preset("
        '"hf://USER/NAME") and its kin load it; log in with hf auth login, or set HF_TOKEN'
    )
    added = action("push", push, text)
    added.add_argument("preset", help="a name or a folder")
    added.add_argument("repository", metavar="USER/NAME", help="the repository, made if missing")
    added.add_argument("--private", action="store_true", help="make a repository that is private")
    added = action("export", export, "write a preset's generator for another program")
    added.add_argument("preset", help="a name or a folder")
    text = "which program's: a SavedModel of TensorFlow, ONNX, or LiteRT, once called tflite"
    added.add_argument("--format", choices=(*FORMATS, *ALIASES), required=True, help=text)
    added.add_argument(
        "--out", metavar="PATH", help="the file or folder (<preset>, with its suffix)"
    )
    added = action("gallery", show_gallery, "rewrite the zoo's README.md and every card's page")
    added.add_argument("--zoo", metavar="FOLDER", default="zoo", help="where presets are (zoo)")


def add_data(parser: argparse.ArgumentParser) -> None:
    """The flags that name data in place of those on a card."""
    for name in named_data.settings():
        text = f"the data to read instead of the {name} on the card, for your own data"
        parser.add_argument(flag_of(name), metavar="NAME", help=text)


def data_in(arguments: argparse.Namespace) -> dict[str, str]:
    """The data that flags name, by setting."""
    found = {name: getattr(arguments, name) for name in named_data.settings()}
    return {name: given for name, given in found.items() if given is not None}


def run(arguments: argparse.Namespace) -> int:
    """Runs the action and returns the exit code.

    Raises:
        ValueError: If a preset is unknown, cannot be fetched, or cannot be trusted.
    """
    return arguments.act(arguments)


def show_list(arguments: argparse.Namespace) -> int:
    """Prints one line per preset, and which of them are not on this machine."""
    from keras_gan.zoo import presets

    away = 0
    for name, entry in presets.known().items():
        size, kind = f"{entry['bytes'] / 1e6:.2f} MB", presets.kind_of(entry)
        away += not entry["at_hand"]
        place = "here" if entry["at_hand"] else "away"
        print(lines(f"{name:<22}{size:>9}  {kind:<12}{place}  {one_line(entry['summary'])}"))
    if away:
        print(f"{away} away: not on this machine; loading one downloads it or says what it needs")
    return 0


def show(arguments: argparse.Namespace) -> int:
    """Prints a card."""
    from keras_gan.cli.zoo.reading import page_of
    from keras_gan.zoo import presets

    with presets.opened(arguments.preset) as (folder, content):
        print(lines(page_of(arguments.preset, folder, content)), end="")
    return 0


def verify(arguments: argparse.Namespace) -> int:
    """Checks presets; returns 1 if one differs from its card."""
    from keras_gan.cli.zoo.verifying import verify as verified
    from keras_gan.zoo import presets

    failed, data = 0, data_in(arguments)
    if data and len(arguments.presets) != 1:
        flags = " and ".join(map(flag_of, named_data.settings()))
        raise ValueError(f"{flags} need exactly one preset, whose data they name: name the preset.")
    for name in arguments.presets or presets.known():
        try:
            said = verified(name, not arguments.skip_scores, data)
        except (ValueError, OSError) as error:
            failed += 1
            print(one_line(f"{name}: FAILED: {error}"), file=sys.stderr)
            continue
        print("\n  ".join(map(one_line, [f"{name}: holds", *said])))
    return 1 if failed else 0


def train(arguments: argparse.Namespace) -> int:
    """Trains a preset again."""
    from keras_gan.cli.other_runs import started_from
    from keras_gan.cli.timing import machine
    from keras_gan.cli.train import begun
    from keras_gan.cli.zoo.reading import card_in, complaints, configuration
    from keras_gan.zoo import presets

    with presets.opened(arguments.preset) as (folder, content):
        card = card_in(folder, content)
    on_card, here = configuration(card, arguments.preset), machine()
    settings = named_data.permitted(on_card, arguments.preset, data_in(arguments))
    settings = started_from(settings, arguments.preset)  # no run that a card may name
    with complaints(arguments.preset):
        there = {name: card["training"][name] for name in here}
    if here != there:
        text = (
            f"{arguments.preset} was trained on {there['backend']}, {there['machine']}; this is "
            f"{here['backend']}, {here['machine']}: the weights will be similar, not identical."
        )
        print(one_line(text), file=sys.stderr)
    out = arguments.out or f"runs/{presets.name_of(arguments.preset)}"
    return begun(settings, out, arguments.overwrite)


def publish(arguments: argparse.Namespace) -> int:
    """Writes a preset."""
    from keras_gan.cli.zoo.publishing import publish as published
    from keras_gan.zoo import CLASSES, presets

    name = published(
        arguments.folder,
        arguments.zoo,
        arguments.name,
        overwrite=arguments.overwrite,
        best=arguments.best,
        discriminator=arguments.discriminator,
        source=arguments.source,
        licence=arguments.licence,
    )
    folder = pathlib.Path(arguments.zoo) / name
    print(one_line(f"published {name}: look at {folder / 'samples.png'}"))
    called = CLASSES[presets.kind_in(folder)].called
    print(one_line(f'{called}.from_preset("{folder}") loads it'))
    return 0


def push(arguments: argparse.Namespace) -> int:
    """Uploads a preset."""
    from keras_gan.zoo import CLASSES, presets, pushing

    address, kind = pushing.push(arguments.preset, arguments.repository, arguments.private)
    print(one_line(f"uploaded {presets.name_of(arguments.preset)}: {address}"))
    print(one_line(f'{CLASSES[kind].called}.from_preset("hf://{arguments.repository}") loads it'))
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Writes a generator in another format."""
    from keras_gan.cli.zoo.exporting import export as exported

    format = ALIASES.get(arguments.format, arguments.format)
    print(one_line(exported(arguments.preset, format, arguments.out)))
    return 0


def show_gallery(arguments: argparse.Namespace) -> int:
    """Writes the page of all presets."""
    from keras_gan.cli.zoo.gallery import write_gallery

    write_gallery(pathlib.Path(arguments.zoo))
    print(one_line(f"wrote {pathlib.Path(arguments.zoo) / 'README.md'}"))
    return 0
