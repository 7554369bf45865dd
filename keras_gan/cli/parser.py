"""An argument parser whose errors are one line and name the nearest option."""

import argparse
import difflib
import re
from collections.abc import Callable


class Parser(argparse.ArgumentParser):
    """An `argparse.ArgumentParser` that raises `ValueError` instead of ending the program.

    Args:
        notes: A function without arguments that makes the text after the options; it is called only
            when help is printed, so that it may import what it lists.
        **options: As in `argparse.ArgumentParser`.
    """

    def __init__(self, notes: Callable[[], str] | None = None, **options):
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, **options)
        self.notes = notes

    def format_help(self):
        """The help text, notes included."""
        if self.notes is not None:
            self.epilog = self.notes()
        return super().format_help()

    def error(self, message):
        """Raises the error for main to print."""
        choice = re.fullmatch(r"(.*invalid choice: '(.*?)') \(choose from (.*)\)", message)
        if choice is not None:
            known = [name.strip(" '") for name in choice[3].split(",")]
            nearest = difflib.get_close_matches(choice[2], known, n=1, cutoff=0.5)
            hint = f": did you mean {nearest[0]!r}?" if nearest else "."
            names = ", ".join(map(repr, known))
            raise ValueError(f"{choice[1]}{hint} Known: {names}. See {self.prog} --help.")
        raise ValueError(f"{message.rstrip('.')}. See {self.prog} --help.")

    def refuse(self, argument: str) -> None:
        """Raises the error for an argument that the command does not know.

        Args:
            argument: What was received, such as `"--epoch"` or `"--epoch=3"`.
        """
        name = argument.split("=")[0]
        if not name.startswith("-"):
            self.error(f"unexpected argument {argument!r}")
        known = list(self._option_string_actions)
        nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f": did you mean {nearest[0]}?" if nearest else "."
        raise ValueError(f"unknown option {name}{hint} See {self.prog} --help.")


def add_common(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of every command: the limits for files from outside, and `--traceback`."""
    group = parser.add_argument_group("limits for files from outside")
    for flag, text in {
        "--max-pixels": "of one image, before it is decoded (67108864, which is 8192 x 8192)",
        "--max-bytes": "that a file may take in memory where that is more than ten times its size "
        "on the disk; the same of one sample in a preset (1073741824)",
    }.items():
        group.add_argument(flag, type=int, metavar="N", default=argparse.SUPPRESS, help=text)
    parser.add_argument(
        "--traceback",
        action="store_true",
        default=argparse.SUPPRESS,
        help="after an error, show where it happened, too",
    )
