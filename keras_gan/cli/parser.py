"""An argument parser whose errors are one line and suggest the nearest option."""

import argparse
import re
from collections.abc import Callable

from keras_gan.arguments import nearest_name


class Parser(argparse.ArgumentParser):
    """An `argparse.ArgumentParser` that raises `ValueError` instead of ending the program.

    Args:
        notes: A function without arguments that returns the text after the options. It is called
            only when help is printed, so it may import what it lists. Defaults to none.
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
        """Raises the error that `main` prints."""
        choice = re.fullmatch(r"(.*invalid choice: '(.*?)') \(choose from (.*)\)", message)
        if choice is not None:
            known = [name.strip(" '") for name in choice[3].split(",")]
            nearest = nearest_name(choice[2], known)
            hint = "." if nearest is None else f": did you mean {nearest!r}?"
            names = ", ".join(map(repr, known))
            raise ValueError(f"{choice[1]}{hint} Known: {names}. See {self.prog} --help.")
        raise ValueError(f"{message.rstrip('.')}. See {self.prog} --help.")

    def refuse(self, argument: str) -> None:
        """Raises the error for an unknown argument.

        Args:
            argument: What was received, such as `"--epoch"` or `"--epoch=3"`.
        """
        name = argument.split("=")[0]
        if not name.startswith("-"):
            self.error(f"unexpected argument {argument!r}")
        known = list(self._option_string_actions)
        nearest = nearest_name(name, known)
        hint = "." if nearest is None else f": did you mean {nearest}?"
        raise ValueError(f"unknown option {name}{hint} See {self.prog} --help.")


def add_common(parser: argparse.ArgumentParser) -> None:
    """Adds the flags of every command: limits for files from outside, and `--traceback`."""
    group = parser.add_argument_group("limits for files from outside")
    for flag, text in {
        "--max-pixels": "most pixels of one image, checked before it is decoded (67108864)",
        "--max-bytes": "most bytes in memory for one file, where ten times its size on disk is "
        "always allowed, and for one sample in a preset's network (1073741824)",
    }.items():
        group.add_argument(flag, type=int, metavar="N", default=argparse.SUPPRESS, help=text)
    parser.add_argument(
        "--traceback",
        action="store_true",
        default=argparse.SUPPRESS,
        help="after an error, also show where it happened",
    )
