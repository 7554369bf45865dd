"""The program `keras-gan`."""

import contextlib
import sys
import warnings
from collections.abc import Iterator, Sequence

from keras_gan.cli import evaluate, generate, train, zoo
from keras_gan.cli.parser import Parser
from keras_gan.naming import unknown_name
from keras_gan.texts import lines, one_line

COMMANDS = {"train": train, "generate": generate, "evaluate": evaluate, "zoo": zoo}
DESCRIPTION = """Trains generative adversarial networks, makes samples with them and scores these.

  keras-gan train --dataset digits               train, draw and score an SN-GAN in a few minutes
  keras-gan generate runs/sngan_digits           draw 64 of its samples into grid.png
  keras-gan evaluate runs/sngan_digits --against digits
                                                 score it, real against real beside it
  keras-gan zoo list                             pretrained generators
  keras-gan train --help                         data sets, recipes and all settings
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one sub-command.

    Args:
        argv: The arguments after the program's name; `None` takes those of the process.

    Returns:
        The exit code: 0, 1 after training that diverged, 2 after an error that is the caller's, 130
        after an interruption.
    """
    argv = list(sys.argv[1:] if argv is None else argv)
    try:
        arguments = parse(argv)
        with escaped_warnings():
            return arguments.run(arguments)
    except SystemExit as end:  # --help and --version
        return end.code or 0
    except (ValueError, OSError, ImportError) as error:
        print(f"keras-gan: error: {sentence(error)}", file=sys.stderr)
        return 2
    except FloatingPointError as error:  # NotFiniteError, whose module loads TensorFlow
        print(f"keras-gan: {one_line(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("keras-gan: interrupted", file=sys.stderr)
        return 130


@contextlib.contextmanager
def escaped_warnings() -> Iterator[None]:
    """A scope in which the terminal obeys nothing that a warning quotes."""
    written = warnings.formatwarning
    warnings.formatwarning = lambda *given, **options: lines(written(*given, **options))
    try:
        yield
    finally:
        warnings.formatwarning = written


def sentence(error: Exception) -> str:
    """An error's message as one line; the system's own name the file first, and no number."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return one_line(f"{error.filename} cannot be read or written: {error.strerror}.")
    return one_line(error)


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
    if argv and not argv[0].startswith("-") and argv[0] not in COMMANDS:
        raise unknown_name("sub-command", argv[0], COMMANDS)
    arguments, unknown = parser.parse_known_args(argv)
    if unknown:
        arguments.command.refuse(unknown[0])
    return arguments


if __name__ == "__main__":
    sys.exit(main())
