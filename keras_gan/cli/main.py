"""The program `keras-gan`."""

import argparse
import contextlib
import sys
import warnings
from collections.abc import Iterator, Sequence

from keras_gan.arguments import unknown_name
from keras_gan.cli import evaluate, exit_codes, generate, train, zoo
from keras_gan.cli.parser import Parser, add_common
from keras_gan.files.limits import limited
from keras_gan.texts import lines

COMMANDS = {"train": train, "generate": generate, "evaluate": evaluate, "zoo": zoo}
DESCRIPTION = """Trains generative models, makes samples with them and scores these.

  keras-gan train --dataset digits               train, draw and score a GAN in a few minutes
  keras-gan generate runs/wgangp_digits           draw 64 of its samples into grid.png
  keras-gan evaluate runs/wgangp_digits --against digits
                                                 score it, real against real beside it
  keras-gan zoo list                             pretrained generators
  keras-gan train --help                         data sets, recipes and all settings
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one sub-command.

    Args:
        argv: The arguments after the program's name; `None` takes those of the process.

    Returns:
        The exit code: 0, 1 after training that diverged, 2 after any other error, 130 after an
        interruption, 141 where nobody reads on what is printed: `keras_gan.cli.exit_codes`.
    """
    argv = list(sys.argv[1:] if argv is None else argv)
    try:
        exit_codes.LOADING.end()
        code = run(parse(argv))
        if sys.stdout is not None:
            sys.stdout.flush()  # here, where a closed pipe or a full disk is told of in a sentence
        return code
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        return exit_codes.ended(error, traceback="--traceback" in argv)


def run(arguments: argparse.Namespace) -> int:
    """Runs the sub-command under the limits that were given; returns the exit code."""
    options = {name: getattr(arguments, name, None) for name in ("max_pixels", "max_bytes")}
    with limited(**options), escaped_warnings():
        return arguments.run(arguments)


@contextlib.contextmanager
def escaped_warnings() -> Iterator[None]:
    """A scope in which the terminal obeys nothing that a warning quotes."""
    written = warnings.formatwarning
    warnings.formatwarning = lambda *given, **options: lines(written(*given, **options))
    try:
        yield
    finally:
        warnings.formatwarning = written


def parse(argv: list[str]):
    """The parsed arguments, of which `run` is the sub-command's function.

    Raises:
        ValueError: For an unknown sub-command or option, or a value that is none.
    """
    parser = Parser(prog="keras-gan", description=DESCRIPTION)
    commands = parser.add_subparsers(title="sub-commands", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        command = commands.add_parser(
            name, help=module.SUMMARY, description=module.DESCRIPTION, notes=module.notes
        )
        module.add_arguments(command)
        command.set_defaults(run=module.run, command=command)
        add_common(command)
    if argv and not argv[0].startswith("-") and argv[0] not in COMMANDS:
        raise unknown_name("sub-command", argv[0], COMMANDS)
    arguments, unknown = parser.parse_known_args(argv)
    if unknown:
        arguments.command.refuse(unknown[0])
    return arguments


if __name__ == "__main__":
    sys.exit(main())
