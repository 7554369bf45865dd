"""The program `keras-gan`."""

import argparse
import contextlib
import pathlib
import sys
import warnings
from collections.abc import Iterator, Sequence

from keras_gan import __version__
from keras_gan.arguments import unknown_name
from keras_gan.backend import choice
from keras_gan.cli import demo, evaluate, exit_codes, generate, train, zoo
from keras_gan.cli.parser import Parser, add_common
from keras_gan.files.limits import limited
from keras_gan.texts import lines

COMMANDS = {
    "train": train,
    "generate": generate,
    "evaluate": evaluate,
    "zoo": zoo,
    "demo": demo,
}
PACKAGE = pathlib.Path(__file__).parent.parent
DESCRIPTION = """Trains generative models, makes samples with them and scores the samples.

  keras-gan train --dataset digits               train, draw and score a GAN in a few minutes
  keras-gan generate runs/sngan_digits            draw 64 of its samples into grid.png
  keras-gan evaluate runs/sngan_digits --against digits
                                                 score it, beside a real-to-real baseline
  keras-gan zoo list                             pretrained models
  keras-gan demo                                 look at them in a browser
  keras-gan train --help                         data sets, recipes and all settings
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one sub-command.

    Args:
        argv: The arguments after the program's name; `None` takes those of the process.

    Returns:
        The exit code: 0, 1 after diverged training, 2 after any other error, 130 after an
        interruption, 141 if the output was closed; see `keras_gan.cli.exit_codes`.
    """
    is_program = argv is None
    argv = list(sys.argv[1:] if is_program else argv)
    try:
        exit_codes.LOADING.end()
        code = run(_parse(argv))
        if sys.stdout is not None:
            sys.stdout.flush()  # here, where a closed pipe or full disk gives a proper message
        if is_program:
            exit_codes.end_undisturbed()
        return code
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        if is_program:
            exit_codes.end_undisturbed()
        return exit_codes.ended(error, traceback="--traceback" in argv)


def run(arguments: argparse.Namespace) -> int:
    """Runs the sub-command under the given limits and returns the exit code."""
    if arguments.needs_keras:
        load()
    options = {name: getattr(arguments, name, None) for name in ("max_pixels", "max_bytes")}
    with limited(**options), _escaped_warnings():
        return arguments.run(arguments)


def load() -> None:
    """Imports Keras and all of this library, as `import keras_gan` does in Python.

    It takes seconds, which help, errors of the command line and lists do without.

    Raises:
        ImportError: As `import keras_gan`.
    """
    if not choice.REST.is_due:
        return
    from keras_gan.cli import tensorflow_log

    tensorflow_log.keep_to_level()
    exit_codes.LOADING.begin()
    try:
        choice.REST.load()
    finally:
        exit_codes.LOADING.end()


@contextlib.contextmanager
def _escaped_warnings() -> Iterator[None]:
    """A scope in which warnings are printed without control characters, our own in one line."""
    written = warnings.formatwarning

    def text(message, category, filename, *place, **options):
        if issubclass(category, UserWarning) and pathlib.Path(filename).is_relative_to(PACKAGE):
            return lines(f"keras-gan: warning: {message}\n")
        return lines(written(message, category, filename, *place, **options))

    warnings.formatwarning = text
    try:
        yield
    finally:
        warnings.formatwarning = written


def _parse(argv: list[str]):
    """Parses the arguments; the attribute `run` of the result is the sub-command's function.

    Args:
        argv: The arguments after the program's name.

    Raises:
        ValueError: For an unknown sub-command or option, or an invalid value.
    """
    parser = Parser(prog="keras-gan", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"keras-gan {__version__}")
    commands = parser.add_subparsers(title="sub-commands", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        command = commands.add_parser(
            name, help=module.SUMMARY, description=module.DESCRIPTION, notes=module.notes
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run, command=command, needs_keras=True)
        add_common(command)
    if argv and not argv[0].startswith("-") and argv[0] not in COMMANDS:
        raise unknown_name("sub-command", argv[0], COMMANDS)
    arguments, unknown = parser.parse_known_args(argv)
    if unknown:
        arguments.command.refuse(unknown[0])
    return arguments


if __name__ == "__main__":
    sys.exit(main())
