"""The settings of a training run: one table from which flags, JSON and checks follow."""

import argparse
import dataclasses

from keras_gan.cli.common_settings import common_settings
from keras_gan.families.entry import own_settings
from keras_gan.families.setting import Setting, flag_of


def table() -> dict[str, Setting]:
    """All settings by name: those of all families, then those that single families have."""
    return {**common_settings(), **own_settings()}


class Settings:
    """All that decides a training run; `None` is a value still to be chosen by data and recipe.

    They are attributes, which do not change; `replaced` makes other ones.

    Args:
        dataset: What to train on.
        **given: Further settings by name; the others have their defaults.

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
        """All of them by name, as `config.json` has them."""
        return dict(vars(self))

    def replaced(self, **changes) -> "Settings":
        """The same settings but for some.

        Raises:
            ValueError: As for new ones.
        """
        return Settings(**(self.as_dict() | changes))


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Gives a parser one flag a setting; only those that are given end in the namespace."""
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
        parser.add_argument(
            flag_of(name),
            type=rule.kind,
            default=argparse.SUPPRESS,
            metavar="NAME" if rule.kind is str else "N",
            help=f"{rule.text} (default: {default})",
        )


def given_flags(arguments: argparse.Namespace) -> dict:
    """The settings that were given as flags.

    Args:
        arguments: What a parser with `add_flags` returned.
    """
    known = table()
    return {name: value for name, value in vars(arguments).items() if name in known}
