"""The file of `--config`: settings in JSON, such as the `config.json` of a run."""

import argparse
import pathlib

from keras_gan.arguments import unknown_name
from keras_gan.cli.paths import hint
from keras_gan.cli.run_schema import MOST, VERSION
from keras_gan.cli.settings import Settings, given_flags, table
from keras_gan.files.json_fields import check_version, value_of
from keras_gan.files.regular_files import NoPlainFileError, content_of


def from_flags(arguments: argparse.Namespace, config: str | None) -> Settings:
    """The settings from flags, which override those in a file, which override the defaults.

    Args:
        arguments: What a parser with `add_flags` returned.
        config: The path of a JSON file such as a run's `config.json`, or `None`.

    Raises:
        ValueError: For anything but a JSON file, an unknown setting, or an invalid value.
    """
    return Settings(**given_in(arguments, config))


def given_in(arguments: argparse.Namespace, config: str | None) -> dict:
    """The settings that flags or a file give, by name, without defaults.

    The arguments and errors are those of `from_flags`.
    """
    given = {} if config is None else from_file(pathlib.Path(config))
    flags = given_flags(arguments)
    if flags.get("steps") is not None:  # which replaces the file's
        given = {k: v for k, v in given.items() if k not in ("epochs", "steps_per_epoch")}
    return given | flags


def from_file(path: pathlib.Path) -> dict:
    """Reads the settings in a JSON file, without the versions that a run adds.

    Args:
        path: The file.

    Raises:
        ValueError: As in `from_flags`.
    """
    if path.is_dir():
        inside = path / "config.json"
        remedy = f"use {inside}" if inside.is_file() else "name a JSON file in it"
        raise ValueError(f"--config {path} is a folder: {remedy}.")
    try:
        given = value_of(_text_in(path), finite=False)
    except FileNotFoundError:
        raise ValueError(f"There is no configuration file {path}{hint(str(path))}.") from None
    except NoPlainFileError as error:
        raise ValueError(f"{path} is not a JSON file, since {error}.") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not a JSON file: {error}.") from error
    return checked_object(given, path)


def _text_in(path: pathlib.Path) -> str:
    """The text of a regular file, or of a pipe that a shell passes as a path in `/dev`."""
    if path.is_absolute() and path.parts[1] in ("dev", "proc"):  # --config <(command)
        with open(path, "rb") as file:  # of unknown length, such as /dev/zero
            content = file.read(MOST + 1)
        if len(content) > MOST:
            raise NoPlainFileError(f"it has more than {MOST:,} bytes")
        return content.decode()
    return content_of(path, MOST).decode()


def checked_object(given, where) -> dict:
    """Checks the settings in a JSON object, and removes the versions that a run adds.

    Args:
        given: The object.
        where: Its file or card, for messages.

    Raises:
        ValueError: For anything but settings, also in the format of a later version.
    """
    if not isinstance(given, dict):
        raise ValueError(
            f"{where} must hold a JSON object of settings; received a {type(given).__name__}."
        )
    try:
        check_version(given, VERSION)
    except ValueError as error:
        raise ValueError(f"{where} cannot be used: {error}.") from error
    given = {name: value for name, value in given.items() if name not in ("version", "versions")}
    known = table()
    for name in given:
        if name not in known:
            raise unknown_name(f"setting in {where}", name, known)
    try:
        Settings(**given)
    except ValueError as error:
        raise ValueError(f"In {where}: {error}") from error
    return given
