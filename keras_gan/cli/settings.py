"""The settings of a training run: one table defines flags, JSON and checks."""

import argparse
import dataclasses
from collections.abc import Callable

from keras_gan.arguments import unknown_name, whole
from keras_gan.cli.train_flags import common_settings
from keras_gan.families.registry import own_settings
from keras_gan.families.setting import Setting, flag_of, image_size

SIZES = {  # flags that `given_flags` turns into settings
    "--height": "with --width, the height and the width of images in pixels, as --image-size",
    "--network-width": "the --width of the networks, where --width is that of images",
}
METAVARS = {str: "NAME", image_size: "N|HxW"}


def table() -> dict[str, Setting]:
    """All settings by name: first the common ones, then those of single families."""
    return {**common_settings(), **own_settings()}


class Settings:
    """Everything that determines a training run; `None` if data and recipe are still to choose.

    Settings are attributes that do not change; `replaced` returns a changed copy.

    Args:
        dataset: What to train on.
        **given: Further settings by name; all others have their defaults.

    Raises:
        ValueError: For a value of the wrong type or out of range, or an unknown name.
    """

    def __init__(self, dataset: str | None = None, **given):
        known, given = table(), given if dataset is None else {"dataset": dataset, **given}
        for name in given:
            if name not in known:
                raise TypeError(f"There is no setting {name!r}.")
        for name, rule in known.items():
            vars(self)[name] = rule.checked(name, given.get(name, rule.default))

    def __setattr__(self, name, value):
        raise dataclasses.FrozenInstanceError(f"cannot assign to setting {name!r}")

    def __eq__(self, other):
        return isinstance(other, Settings) and vars(self) == vars(other)

    def __hash__(self):
        return hash(tuple(vars(self).items()))

    def __repr__(self):
        return f"Settings({', '.join(f'{k}={v!r}' for k, v in vars(self).items())})"

    def as_dict(self) -> dict:
        """All settings by name, as `config.json` has them, with lists for pairs."""
        pairs = {name: list(value) for name, value in vars(self).items() if type(value) is tuple}
        return {**vars(self), **pairs}

    def replaced(self, **changes) -> "Settings":
        """A copy with some settings changed.

        Args:
            **changes: The new values by name.

        Raises:
            ValueError: As `Settings`.
        """
        return Settings(**(self.as_dict() | changes))


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds one flag per setting to a parser; flags that are not given leave no attribute."""
    for name, rule in table().items():
        default = rule.chosen if rule.default is None else rule.default
        if rule.kind is bool:
            parser.add_argument(
                flag_of(name),
                action=argparse.BooleanOptionalAction,
                default=argparse.SUPPRESS,
                help=rule.text,
            )
            continue
        others = () if rule.other_flag is None else (rule.other_flag,)
        parser.add_argument(
            flag_of(name),
            *others,
            action=_Named if others else "store",
            type=typed(rule.kind),
            default=argparse.SUPPRESS,
            metavar=METAVARS.get(rule.kind, "N"),
            help=f"{rule.text} (default: {default})",
        )
    for flag, text in SIZES.items():
        parser.add_argument(flag, type=int, default=argparse.SUPPRESS, metavar="N", help=text)


def typed(kind: Callable) -> Callable:
    """A kind of setting as the `type` of a flag, whose own sentence argparse then shows.

    Args:
        kind: As in `Setting`.
    """
    if kind is not image_size:
        return kind

    def parsed(text: str):
        try:
            return kind(text)
        except ValueError as error:
            sentence = str(error).removeprefix("--image-size ")  # argparse says that before it
            raise argparse.ArgumentTypeError(sentence) from error

    return parsed


class _Named(argparse.Action):
    """Stores the value of a setting with two flags; an unknown name is an error of the one used."""

    def __call__(self, parser, namespace, values, option_string=None):
        names = table()[self.dest].names
        if names is not None and values not in names:
            raise unknown_name(option_string.lstrip("-").replace("-", "_"), values, names)
        setattr(namespace, self.dest, values)


def given_flags(arguments: argparse.Namespace) -> dict:
    """The settings given as flags.

    `--height` makes `--width` the width of images; the networks' is `--network-width`, too.

    Args:
        arguments: What a parser with `add_flags` returned.

    Raises:
        ValueError: For a height without a width, or one size that two flags give.
    """
    known, flags = table(), vars(arguments)
    given = {name: value for name, value in flags.items() if name in known}
    if "height" in flags:
        if "width" not in given:
            raise ValueError(
                "--height is that of images and needs their --width beside it; that of the "
                "networks is --network-width then."
            )
        if "image_size" in given:
            raise ValueError("--image-size and --height with --width say the same: leave one out.")
        sides = flags["height"], given.pop("width")
        given["image_size"] = tuple(map(whole, ("--height", "--width"), sides))
    if "network_width" in flags:
        if "width" in given:
            raise ValueError(
                "Without --height, --width and --network-width say the same: leave one out."
            )
        given["width"] = whole("--network-width", flags["network_width"])
    return given
